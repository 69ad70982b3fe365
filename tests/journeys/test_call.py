"""A call from the first tap to the last thanks, as its people see it."""

import pytest

from commons.people.actions.joining import prove_address
from pods.models import Call, CallKind, Protocol
from pods.states import CallState
from tests.factories import organizer
from tests.journeys.house import link_in, text_of, until
from tests.pods.scenes import scene

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def at(site):
    """Seven neighbours; the first wave asks three for each one needed, so six of them."""
    at = scene()
    Protocol.objects.create(
        pod=at.pod, kind=CallKind.objects.get(key="eviction"), pace="day", minutes=[0, 15, 30, 45, 90], spread=3
    )
    prove_address(person=organizer(at["Rosa"], now=at.now))
    return at


def raise_a_call(hands, page, at):
    """From the pod's page to the roll call."""
    hands.go(page, f"/pods/{at.pod.ref}/call/")
    hands.taps = 0
    hands.choose(page, "input[name=kind][value=eviction]")
    hands.type(page, "#id_cross_street", "Franklin & 4th")
    hands.choose(page, "input[name=when][value=hour]")
    hands.pick(page, "#id_need-0-skill", "anyone")
    hands.type(page, "#id_need-0-count", "2")
    hands.type(page, "#id_details", "Third floor, the bell is broken")
    hands.tap(page, "Call them")
    page.wait_for_url("**/calls/*/")
    hands.look(page)


def answer(hands, mail, words, says):
    """Open the link in a mail, in a browser that has never been here, and answer."""
    page = hands.open()
    hands.go(page, link_in(mail))
    hands.taps = 0
    hands.tap(page, words)
    assert hands.taps == 1
    hands.says(page, says)
    hands.look(page)
    assert page.context.cookies() == [] or "session" not in {one["name"] for one in page.context.cookies()}
    page.context.close()


def test_a_call_goes_out_and_enough_people_come(hands, at, smtp_sink):
    def alert(name):
        return until(lambda: smtp_sink.to(at[name].email), f"{name} is alerted")[0]

    page = hands.open()
    hands.sign_in(page, at["Rosa"].email, smtp_sink.to)
    raise_a_call(hands, page, at)
    assert hands.taps <= 7
    hands.says(page, "Franklin & 4th")
    call = Call.objects.get()
    for name in ("Nuria", "Terrence", "Wei", "Amina", "Dawit"):
        assert "Franklin" not in alert(name)["Subject"]

    answer(hands, alert("Terrence"), "I can help from afar", "You help from afar")
    answer(hands, alert("Wei"), "I can't this time", "You can't this time")
    answer(hands, alert("Nuria"), "I'm coming", "You're coming")
    hands.says(page, "Nuria")
    answer(hands, alert("Amina"), "I'm coming", "You're coming")
    call.refresh_from_db()
    assert call.state == CallState.COVERED

    # Who was asked and has not answered is thanked and left in peace; who was never asked hears nothing at all.
    thanks = until(lambda: smtp_sink.to(at["Dawit"].email)[1:], "Dawit is stood down")
    assert "Franklin" not in thanks[0]["Subject"]
    assert len(smtp_sink.to(at["Linh"].email)) == 0
    assert len(smtp_sink.to(at["Wei"].email)) == 1
    hands.says(page, "Amina")
    hands.says(page, "Enough")
    hands.look(page)
    assert "Third floor" not in " ".join(text_of(one) for one in smtp_sink.mails)
