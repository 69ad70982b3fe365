"""The link in a message about a shift: looking changes nothing, a press comes once, no other token opens anything."""

from datetime import timedelta

import pytest
from django.test import Client

from commons import clock, tokens
from commons.notices.actions import links
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery, Link
from sites.actions import shift_turn, shifts
from sites.models import Shift, ShiftRole, SignUp, StandInAsk
from sites.states import ClosedFor, Role
from tests.factories import PersonFactory
from tests.pods.test_answers_links import flipped
from tests.sites.stations import DAY, HOUR, link_of, next_shift, role, running, willing

pytestmark = pytest.mark.django_db


def moved(shift: Shift, hours: int) -> Shift:
    """The shift, so many hours from now."""
    at = clock.now() + timedelta(hours=hours)
    due = {"starts_at": at, "ends_at": at + 2 * HOUR, "next_due_at": clock.now() - HOUR}
    Shift.objects.filter(pk=shift.pk).update(**due)
    return Shift.objects.select_related("popup").get(pk=shift.pk)


@pytest.fixture
def shift(now):
    """Mina's place as a server tomorrow, and a reminder on its way."""
    return moved(next_shift(running(now), now), 20)


@pytest.fixture
def reminded(shift, mina, smtp_sink):
    SignUp.objects.create(
        shift=shift, role=role(shift, Role.SERVER), person=mina, slot=1, state="held", at=clock.now()
    )  # fmt: skip
    shift_turn.turn_due(now=clock.now())
    carry_due()
    let_go()
    [mail] = [mail for mail in smtp_sink.mails if mail["Subject"] == "Does it still hold?"]
    path = link_of(shift, mina)
    assert path in mail.get_body(("plain",)).get_content()
    return path


def state():
    return (
        list(SignUp.objects.order_by("id").values_list("person", "state", "version")),
        list(StandInAsk.objects.order_by("id").values_list("person", "state", "version")),
        list(Shift.objects.order_by("id").values_list("id", "state", "next_due_at", "ask_at")),
        list(Delivery.objects.order_by("id").values_list("id", "kind", "state")),
    )


def version(client, path) -> int:
    text = client.get(path).content.decode()
    return int(text.partition('name="version" value="')[2].partition('"')[0])


def test_it_holds(client, reminded, mina):
    before = state()
    for look in (client.get, client.head):
        assert look(reminded, {"say": "yes", "version": "1"}).status_code == 200
    assert client.options(reminded).status_code == 405
    assert state() == before
    text = client.get(reminded).content.decode()
    assert "Can you be there" in text
    assert "Free detergent" in text
    assert client.post(reminded, {"say": "yes", "version": version(client, reminded)}).status_code == 302
    assert SignUp.objects.get(person=mina).state == "confirmed"
    assert "You are counted on" in client.get(reminded).content.decode()
    assert not client.session.keys()


def test_a_press_that_comes_again_changes_nothing(client, reminded, mina):
    first = version(client, reminded)
    client.post(reminded, {"say": "yes", "version": first})
    client.post(reminded, {"say": "no", "version": version(client, reminded)})
    assert SignUp.objects.get(person=mina).state == "dropped"
    before = state()
    for say in ("yes", "no"):
        for old in (first, first + 1, 0, 99):
            assert client.post(reminded, {"say": say, "version": old}).status_code == 302
    assert state() == before
    assert "nobody waits for you" in client.get(reminded).content.decode()


def test_unclear_presses_are_said_to_be_so(client, reminded):
    before = state()
    for form in ({}, {"say": "yes"}, {"say": "maybe", "version": "1"}, {"say": "yes", "version": "x"}):
        answer = client.post(reminded, form)
        assert answer.status_code == 400
        assert "nothing was changed" in answer.content.decode()
    assert state() == before


def test_no_other_token_opens_or_answers_anything(client, reminded, shift, mina):
    link = Link.objects.get(purpose="shift", person=mina)
    token, before, seen, tried = link.token(), state(), set(), 0
    wrong = [*flipped(token), token[:-1], token + "A", token.swapcase(), token[::-1], "%00" + token, "x" * 43]
    # Made for another purpose, another shift, another person; and a whole link that is for something else.
    wrong += [
        tokens.make("answer", link.nonce, link.subject, mina.pk),
        tokens.make("shift", link.nonce, "shift:0", mina.pk),
        tokens.make("shift", link.nonce, link.subject, mina.pk + 1),
    ]
    for purpose, subject in (("answer", link.subject), ("shift", "call:1"), ("shift", "shift:999999")):
        if not Link.objects.filter(purpose=purpose, subject=subject, person=mina).exists():
            links.give(purpose=purpose, subject=subject, people=[mina.pk], expires_at=clock.now() + HOUR)
        wrong.append(Link.objects.get(purpose=purpose, subject=subject, person=mina).token())
    for one in wrong:
        for answer in (client.get(f"/s/{one}/"), client.post(f"/s/{one}/", {"say": "no", "version": "1"})):
            tried += 1
            assert answer.status_code == 404
            seen.add(answer.content)
    assert state() == before
    assert tried > 250
    assert len(seen) == 1


@pytest.mark.parametrize("how", ["expired", "revoked", "thrown out"])
def test_ended_links_look_like_unknown_ones(client, reminded, mina, how):
    unknown = client.get("/s/unknown/").content
    if how == "thrown out":
        mina.is_active = False
        mina.save()
    elif how == "revoked":
        Link.objects.update(revoked_at=clock.now())
    else:
        Link.objects.update(expires_at=clock.now())
    assert client.get(reminded).content == unknown
    assert client.post(reminded, {"say": "no", "version": "1"}).status_code == 404
    assert SignUp.objects.get(person=mina).state == "held"


def test_dropping_out_by_link_has_a_stand_in_asked_who_takes_it_by_theirs(client, reminded, shift, mina, smtp_sink):
    people = willing(shift.popup, 2, clock.now())
    SignUp.objects.create(
        shift=shift, role=role(shift, Role.LEAD), person=PersonFactory(), slot=1, state="confirmed", at=clock.now()
    )
    client.post(reminded, {"say": "no", "version": version(client, reminded)})
    carry_due()
    path, other = (link_of(shift, one) for one in people)
    assert "Can you stand in" in client.get(path).content.decode()
    client.post(path, {"say": "yes", "version": version(client, path)})
    carry_due()
    let_go()
    assert SignUp.objects.get(person=people[0]).state == "confirmed"
    assert "Somebody else has the place" in client.get(other).content.decode()
    assert [mail["Subject"] for mail in smtp_sink.to(people[1].email)] == [
        "Can you stand in?", "Thank you, somebody stands in",
    ]  # fmt: skip
    assert [mail["Subject"] for mail in smtp_sink.to(people[0].email)] == ["Can you stand in?"]
    # A second stand-in would be one too many.
    assert client.post(other, {"say": "yes", "version": 2}).status_code == 409
    assert SignUp.objects.filter(role__role="server", state__in=["held", "confirmed"]).count() == 1


def test_a_reminder_is_not_sent_once_it_is_answered_or_the_week_is_closed(shift, mina, olga, smtp_sink):
    ShiftRole.objects.filter(shift=shift, role="server").update(least=2)
    for slot, person in enumerate((mina, olga), start=1):
        SignUp.objects.create(
            shift=shift, role=role(shift, Role.SERVER), person=person, slot=slot, state="held", at=clock.now()
        )
    shift_turn.turn_due(now=clock.now())
    shifts.confirm(shift=shift, person=mina, now=clock.now())
    carry_due()
    reminders = [mail for mail in smtp_sink.mails if mail["Subject"] == "Does it still hold?"]
    assert [mail["To"] for mail in reminders] == [olga.email]
    later = moved(shift, 40)
    shifts.close_week(shift=later, why=ClosedFor.WEATHER, now=clock.now())
    carry_due()
    let_go()
    assert {mail["Subject"] for mail in smtp_sink.to(mina.email)} == {"Off this week"}
    assert "There is no shift this week" in Client().get(link_of(shift, mina)).content.decode()


def test_the_page_is_small_and_leads_nowhere_else(client, reminded):
    answer = client.get(reminded)
    assert len(answer.content) < 15_000
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<script" not in answer.content.decode()
    assert "Mill Row Mutual Aid" not in answer.content.decode()


def test_after_the_shift_has_begun_nothing_is_asked(client, reminded, shift):
    moved(shift, -1)
    text = client.get(reminded).content.decode()
    assert "has begun, or is over" in text
    assert 'name="say"' not in text
    answer = client.post(reminded, {"say": "no", "version": "1"})
    assert answer.status_code == 409
    assert DAY
