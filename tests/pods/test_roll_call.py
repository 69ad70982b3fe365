"""The roll call: who sees what, how light it is, and the 304 that says nothing has changed."""

import gzip
import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.notices.models import Delivery
from commons.people.models import Absence
from pods.actions import calls
from pods.models import Call, CallEvent, CallWave, Invite
from pods.queries.calls import calls_visible_to, tag_of
from pods.states import Answer
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import asked, scene, sign_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WHOLE = 16


@pytest.fixture
def at():
    return scene()


def page(person, call, **more):
    return sign_in(person).get(f"/calls/{call.ref}/", **more)


def crowd(call, number):
    """Let that many more people be coming, without the engine."""
    wave = CallWave.objects.filter(call=call).first()
    need = call.needs.last()
    now = clock.now()
    people = [PersonFactory(channel=False) for _ in range(number)]
    Invite.objects.bulk_create(
        Invite(
            call=call, person=person, wave=wave, state="coming", answer="coming", minutes=20,
            counted_for=need, invited_at=now, answered_at=now,
        )
        for person in people
    )  # fmt: skip


def quiet(call):
    """Let nothing have happened for a while, so that the tag ages by the minute."""
    events = list(CallEvent.objects.filter(call=call))
    CallEvent.objects.filter(call=call).delete()
    for event in events:
        event.at = clock.now() - timedelta(minutes=10)
    CallEvent.objects.bulk_create(events)


def test_shows_needs_who_comes_what_is_missing_and_what_is_next(at):
    call = at.raise_call()
    for person in asked(call)[:2]:
        at.answer(call, person.handle, Answer.COMING, minutes=20)
    text = page(at["Nuria"], call).content.decode()
    assert "Franklin &amp; 4th" in text
    assert "<b>Nuria</b>" in text
    assert "Spanish interpreter" in text
    assert "1 of 1" in text
    assert "Still missing: one person." in text
    assert "Asked next, at" in text
    assert "What comes next" in text
    assert 'class="clock"' in text


def test_who_cannot_is_a_number_never_a_name(at):
    call = at.raise_call()
    person = asked(call)[1]
    at.answer(call, person.handle, Answer.CANT)
    text = html.unescape(page(at["Nuria"], call).content.decode())
    assert "one can't this time" in text
    assert person.handle not in text.replace("You:", "")


def test_resting_people_are_counted_and_were_not_asked(at):
    now = clock.now()
    Absence.objects.create(person=at["Linh"], days=(now.date() - timedelta(days=1), now.date() + timedelta(days=3)))
    call = at.raise_call()
    assert "one is resting and was not asked" in page(at["Nuria"], call).content.decode()


def test_names_are_for_the_pod_organizers_and_those_who_come(at):
    call = at.raise_call()
    at.answer(call, "Nuria", Answer.COMING, minutes=10)
    guest = PersonFactory(handle="Guest")
    wave = CallWave.objects.filter(call=call).first()
    Invite.objects.create(call=call, person=guest, wave=wave, invited_at=clock.now())
    keeper = organizer(PersonFactory(handle="Keeper"), now=clock.now())
    stranger = PersonFactory(handle="Stranger")
    assert "Nuria" in page(at["Wei"], call).content.decode()
    assert "Nuria" in page(keeper, call).content.decode()
    seen = page(guest, call).content.decode()
    assert "Nuria" not in seen
    assert "One person is coming." in seen
    assert "Someone is coming." in seen
    Invite.objects.filter(person=guest).update(state="coming", answer="coming")
    assert "Nuria" in page(guest, call).content.decode()
    assert page(stranger, call).status_code == 404


def test_the_details_never_stand_on_the_roll_call(at):
    call = at.raise_call()
    assert "4711" not in page(at["Nuria"], call).content.decode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("covered", "Enough are coming."),
        ("expired", "Time ran out before enough people came."),
        ("cancelled", "This call was called off."),
        ("closed", "This call is closed."),
    ],
)
def test_says_where_it_stands(at, state, said):
    call = at.raise_call()
    Call.objects.filter(pk=call.pk).update(state=state)
    text = page(at["Nuria"], call).content.decode()
    assert said in text
    assert ('role="alert"' in text) == (state == "expired")


def test_medical_says_the_number_first_and_a_drill_says_it_is_one(at):
    assert "Call 911 first." in page(at["Nuria"], at.raise_call(kind="medical")).content.decode()
    assert "This is a drill." in page(at["Nuria"], at.raise_call(drill=True)).content.decode()


def test_a_shredded_place_is_said_to_be_gone(at):
    from pods.models import CallKey

    call = at.raise_call()
    calls.close_call(by=at["Nuria"], call=call, now=clock.now())
    CallKey.objects.all().delete()
    answer = page(at["Nuria"], call)
    assert answer.status_code == 200
    assert "Franklin" not in answer.content.decode()


def test_says_how_soon_alerts_were_handed_over(at):
    call = at.raise_call()
    alerts = Delivery.objects.filter(subject=call.subject, kind="call.alert")
    alerts.update(state="handed_off", handed_off_at=call.opened_at + timedelta(seconds=2))
    assert "All alerts were handed to mail within 2 seconds." in page(at["Nuria"], call).content.decode()
    late = alerts.first()
    Delivery.objects.filter(pk=late.pk).update(handed_off_at=call.opened_at + timedelta(minutes=2))
    number = alerts.count()
    assert f"{number - 1} of {number} alerts were handed to mail within 10 seconds." in (
        page(at["Nuria"], call).content.decode()
    )
    Delivery.objects.filter(pk=late.pk).update(state="failed", handed_off_at=None)
    assert "One alert could not be handed over." in page(at["Nuria"], call).content.decode()


def test_times_are_the_reader_s(at):
    call = at.raise_call()
    there = at["Wei"]
    there.time_zone = "Asia/Ho_Chi_Minh"
    there.save()
    here = page(at["Nuria"], call).content.decode()
    assert re.search(r"<h1>(.*?)</h1>", here).group(1) != re.search(
        r"<h1>(.*?)</h1>", page(there, call).content.decode()
    ).group(1)


# --- 304 ---------------------------------------------------------------------------------------------


def poll(client, call, tag, **more):
    return client.get(f"/calls/{call.ref}/", headers={**HTMX, "If-None-Match": tag}, **more)


def test_304_until_something_changes(at):
    call = at.raise_call()
    quiet(call)
    client = sign_in(at["Nuria"])
    first = client.get(f"/calls/{call.ref}/", headers=HTMX)
    tag = first.headers["ETag"]
    assert tag.strip('W/"') in first.content.decode()  # the next poll sends it
    same = poll(client, call, tag)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["HX-Reswap"] == "none"
    at.answer(call, asked(call)[1].handle, Answer.COMING, minutes=5)
    assert poll(client, call, tag).status_code == 200


def test_the_page_s_own_tag_serves_its_first_poll(at):
    call = at.raise_call()
    quiet(call)
    client = sign_in(at["Nuria"])
    text = client.get(f"/calls/{call.ref}/").content.decode()
    tag = 'W/"' + re.search(r"hx-headers=\"[^\"]*?([0-9a-f]{32})", text).group(1) + '"'
    assert poll(client, call, tag).status_code == 304


def test_a_tag_is_good_for_one_reader_and_one_language(at):
    call = at.raise_call()
    quiet(call)
    tag = sign_in(at["Nuria"]).get(f"/calls/{call.ref}/", headers=HTMX).headers["ETag"]
    assert poll(sign_in(at["Wei"]), call, tag).status_code == 200
    person = at["Nuria"]
    person.language = "es"
    person.save()
    assert poll(sign_in(person), call, tag).status_code == 200


def test_the_tag_ages_with_the_clock(at):
    call = at.raise_call()
    quiet(call)
    seen = calls_visible_to(at["Nuria"]).get(pk=call.pk)
    tag = tag_of(seen)
    seen.asked_at += timedelta(minutes=1)
    assert tag_of(seen) != tag


def test_a_304_costs_one_question_beyond_signing_in(at):
    call = at.raise_call()
    quiet(call)
    client = sign_in(at["Nuria"])
    tag = client.get(f"/calls/{call.ref}/", headers=HTMX).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert poll(client, call, tag).status_code == 304
    assert len(queries) == 3, "\n".join(query["sql"][:160] for query in queries)


def test_the_panel_stays_while_the_call_stands(at):
    call = at.raise_call()
    client = sign_in(at["Nuria"])
    text = client.get(f"/calls/{call.ref}/").content.decode()
    panel = re.search(r"\{\"panel\": \"([^\"]*)\"\}", text).group(1)
    assert 'id="panel"' not in poll(client, call, "", query_params={"panel": panel}).content.decode()
    calls.close_call(by=at["Nuria"], call=call, now=clock.now())
    closed = poll(client, call, "", query_params={"panel": panel}).content.decode()
    assert 'id="panel"' in closed
    assert "hx-trigger" not in closed  # what has ended is not polled


def test_without_javascript_a_link_refreshes(at):
    call = at.raise_call()
    text = page(at["Nuria"], call).content.decode()
    assert f'<a href="/calls/{call.ref}/">Refresh</a>' in text
    assert 'http-equiv="refresh"' not in text


# --- how much ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 30, 300])
def test_constant_statements_and_light_with_three_hundred(people):
    at = scene()
    call = at.raise_call(needs=[("interpreter_es", 1), (None, 40)])
    crowd(call, people)
    quiet(call)
    client = sign_in(at["Nuria"])
    client.get(f"/calls/{call.ref}/")
    with CaptureQueriesContext(connection) as queries:
        whole = client.get(f"/calls/{call.ref}/")
    assert len(queries) == WHOLE, "\n".join(query["sql"][:160] for query in queries)
    assert len(gzip.compress(whole.content)) <= 20_000
    part = client.get(f"/calls/{call.ref}/", headers=HTMX)
    assert len(whole.content) <= 60_000
    assert len(part.content) <= 60_000


def test_says_in_red_when_nothing_carries_messages(at):
    call = at.raise_call()
    late = clock.now() - timedelta(minutes=5)
    Delivery.objects.filter(subject=call.subject).update(due_at=late)
    assert "Messages are not going out." in page(at["Nuria"], call).content.decode()
