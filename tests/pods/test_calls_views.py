"""Raising a call, what its pod does with it, and its sealed details."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from pods.actions import calls
from pods.models import Call, CallKind, Invite, Membership, Reveal
from pods.states import Answer
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import asked, scene, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return scene()


@pytest.fixture
def as_nuria(at):
    return sign_in(at["Nuria"])


def typed(at, **more):
    return {
        "key": "k" * 22,
        "kind": "eviction",
        "cross_street": "Franklin & 4th",
        "block": str(at.pod.block_id),
        "when": "hour",
        "details": "Door code 4711",
        "need-TOTAL_FORMS": "3",
        "need-INITIAL_FORMS": "0",
        "need-0-skill": "interpreter_es",
        "need-0-count": "1",
        "need-1-skill": "anyone",
        "need-1-count": "2",
        "need-2-skill": "",
        "need-2-count": "",
        **more,
    }


def url(at):
    return f"/pods/{at.pod.ref}/call/"


# --- raising ---------------------------------------------------------------------------------------


def test_the_page_has_everything_for_a_call_in_a_hurry(at, as_nuria):
    text = as_nuria.get(url(at)).content.decode()
    for kind in ("Eviction", "Raid", "Medical", "Arrest"):
        assert kind in text
    assert "Call 911 first. This is not an ambulance." in text
    assert "marked unconfirmed; a second member confirms it" in text
    assert "Only those who come will read this" in text


def test_raises_a_call_and_shows_its_roll_call(at, as_nuria):
    answer = as_nuria.post(url(at), typed(at))
    call = Call.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/calls/{call.ref}/")
    assert (call.cross_street, call.details, call.raised_by) == ("Franklin & 4th", "Door code 4711", at["Nuria"])
    assert [(need.skill and need.skill.key, need.count) for need in call.needs.select_related("skill")] == [
        ("interpreter_es", 1),
        (None, 2),
    ]
    assert timedelta(minutes=59) < call.needed_at - clock.now() < timedelta(minutes=61)
    assert Invite.objects.filter(call=call).exists()


def test_the_same_form_sent_twice_is_one_call(at, as_nuria):
    first = as_nuria.post(url(at), typed(at))
    again = as_nuria.post(url(at), typed(at))
    assert first.headers["Location"] == again.headers["Location"]
    assert Call.objects.count() == 1


def test_another_member_s_key_opens_nothing_of_theirs(at, as_nuria):
    as_nuria.post(url(at), typed(at))
    sign_in(at["Wei"]).post(url(at), typed(at))
    assert sorted(Call.objects.values_list("raised_by__handle", flat=True)) == ["Nuria", "Wei"]


@pytest.mark.parametrize(
    ("street", "said"),
    [
        ("1204 Franklin St", "looks like a house number"),
        ("Franklin, ring 410-555-0123", "looks like a telephone number"),
        ("Franklin, rosa@example.org", "looks like an e-mail address"),
        ("at Terrence, 4th", "is what a member goes by"),
        ("Mrs. Ortega, 4th", "looks like a name"),
    ],
)
def test_what_gives_somebody_away_is_asked_about_once(at, as_nuria, street, said):
    answer = as_nuria.post(url(at), typed(at, cross_street=street))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "Door code 4711" in text  # nothing typed is lost
    assert 'name="keep"' in text
    assert not Call.objects.exists()
    assert as_nuria.post(url(at), typed(at, cross_street=street, keep="on")).status_code == 302
    assert Call.objects.get().cross_street == street


def test_one_more_row_keeps_what_was_typed_and_judges_nothing(at, as_nuria):
    text = as_nuria.post(url(at), typed(at, cross_street="", more_rows="1")).content.decode()
    assert 'name="need-TOTAL_FORMS" value="4"' in text
    assert "Door code 4711" in text
    assert "errorlist" not in text
    assert re.search(r'value="interpreter_es"\s+selected', text)
    assert not Call.objects.exists()


def test_a_row_arrives_alone_for_htmx(at, as_nuria):
    text = as_nuria.post(url(at), typed(at, more_rows="1"), headers={"HX-Request": "true"}).content.decode()
    assert text.strip().startswith('<div id="needs"')
    assert "<html" not in text


def test_preview_tells_every_language_and_raises_nothing(at, as_nuria):
    data = typed(at, preview="1")
    del data["details"]
    text = as_nuria.post(url(at), data, headers={"HX-Request": "true"}).content.decode()
    assert '<p lang="en">Franklin &amp; 4th, ' in text
    assert '<p lang="es">' in text
    assert "<html" not in text
    assert not Call.objects.exists()


def test_preview_of_half_a_form_says_nothing_and_breaks_nothing(at, as_nuria):
    answer = as_nuria.post(url(at), {"preview": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nonsense"},
        {"kind": ""},
        {"cross_street": " "},
        {"when": "never"},
        {"when": "at"},
        {"when": "at", "on_date": "2026-13-45", "at_time": "19:00"},
        {"when": "at", "on_date": "2020-01-01", "at_time": "19:00"},
        {"block": "999999"},
        {"need-0-skill": "", "need-1-skill": ""},
        {"need-0-count": "41"},
        {"need-0-count": "0"},
        {"need-0-skill": "magic"},
        {"need-TOTAL_FORMS": "x"},
        {"need-TOTAL_FORMS": "100000"},
        {"key": ""},
        {"details": "x" * 5000},
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(at, as_nuria, wrong):
    answer = as_nuria.post(url(at), typed(at, **wrong))
    assert answer.status_code in (409, 422)
    assert not Call.objects.exists()
    if "details" not in wrong:
        assert "Door code 4711" in answer.content.decode()


def test_a_time_that_the_clocks_leave_out_is_refused(at, as_nuria):
    answer = as_nuria.post(url(at), typed(at, when="at", on_date="2027-03-14", at_time="02:30"))
    assert "The clocks change that night" in answer.content.decode()


def test_a_forming_pod_is_told_what_is_missing(at):
    Membership.objects.filter(pod=at.pod).exclude(person=at["Nuria"]).delete()
    answer = sign_in(at["Nuria"]).post(url(at), typed(at))
    assert answer.status_code == 409
    assert "still forming" in answer.content.decode()


def test_strangers_are_told_who_could(at):
    answer = sign_in(PersonFactory()).get(url(at))
    assert answer.status_code == 403
    assert "Members of this pod can raise a call" in answer.content.decode()


def test_a_kind_for_organizers_is_not_offered_to_others(at, as_nuria):
    at.pod.protocols.create(
        kind=CallKind.objects.get(key="raid"), pace="now", minutes=[0, 3, 5, 8, 15], raisers="organizers"
    )
    assert 'value="raid"' not in as_nuria.get(url(at)).content.decode()
    assert as_nuria.post(url(at), typed(at, kind="raid")).status_code == 422
    organizer(at["Nuria"], now=clock.now())
    assert 'value="raid"' in as_nuria.get(url(at)).content.decode()


# --- what a pod does with it -----------------------------------------------------------------------


def test_a_second_member_confirms_and_releases(at):
    call = at.raise_call(kind="raid")
    wei = sign_in(at["Wei"])
    page = wei.get(f"/calls/{call.ref}/").content.decode()
    assert "Not confirmed yet." in page
    assert "I confirm it" in page
    assert "I confirm it" not in sign_in(at["Nuria"]).get(f"/calls/{call.ref}/").content.decode()
    assert wei.post(f"/calls/{call.ref}/confirm/").headers["Location"] == f"/calls/{call.ref}/"
    wei.post(f"/calls/{call.ref}/release/")
    call.refresh_from_db()
    assert (call.confirmed_by, call.released_by) == (at["Wei"], at["Wei"])
    assert "Not confirmed yet." not in wei.get(f"/calls/{call.ref}/").content.decode()


def test_the_raiser_s_own_confirmation_is_refused_with_a_sentence(at, as_nuria):
    call = at.raise_call(kind="raid")
    page = as_nuria.post(f"/calls/{call.ref}/confirm/", follow=True).content.decode()
    assert "Someone other than you has to confirm it." in page
    call.refresh_from_db()
    assert call.confirmed_at is None


def test_a_need_is_added(at, as_nuria):
    call = at.raise_call()
    as_nuria.post(f"/calls/{call.ref}/need/", {"skill": "interpreter_es", "count": "2"})
    as_nuria.post(f"/calls/{call.ref}/need/", {"skill": "", "count": "2"})
    assert list(call.needs.values_list("skill__key", "count")) == [("interpreter_es", 3), (None, 2)]


@pytest.mark.parametrize(("deed", "state"), [("cancel", "cancelled"), ("close", "closed")])
def test_a_call_ends_once(at, as_nuria, deed, state):
    call = at.raise_call()
    as_nuria.post(f"/calls/{call.ref}/{deed}/")
    call.refresh_from_db()
    assert call.state == state
    again = as_nuria.post(f"/calls/{call.ref}/{deed}/", follow=True)
    assert "has ended already" in again.content.decode()


def test_deeds_are_for_the_pod_alone(at):
    call = at.raise_call()
    outsider, keeper = PersonFactory(), organizer(PersonFactory(), now=clock.now())
    for deed in ("confirm", "release", "need", "cancel", "close"):
        assert sign_in(outsider).post(f"/calls/{call.ref}/{deed}/").status_code == 404
        assert sign_in(keeper).post(f"/calls/{call.ref}/{deed}/").status_code == 403
        assert sign_in(at["Wei"]).get(f"/calls/{call.ref}/{deed}/").status_code == 405
    call.refresh_from_db()
    assert call.state == "open"


def test_htmx_gets_the_parts_and_the_message(at, as_nuria):
    call = at.raise_call()
    answer = as_nuria.post(f"/calls/{call.ref}/close/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Closed. Thank you, all of you." in text
    assert 'id="panel"' in text
    assert "<html" not in text


def test_answering_on_the_roll_call(at):
    call = at.raise_call()
    person = asked(call)[0]
    client = sign_in(person)
    client.post(f"/calls/{call.ref}/answer/", {"say": "coming", "minutes": "30", "key": "k" * 22})
    assert Invite.objects.get(call=call, person=person).state == "coming"
    assert "You're coming" in client.get(f"/calls/{call.ref}/").content.decode()


def test_members_claim_before_they_are_asked_and_strangers_never(at):
    call = at.raise_call()
    unasked = at[next(name for name in at.people if at[name] not in asked(call))]
    client = sign_in(unasked)
    assert "I&#x27;m coming" in client.get(f"/calls/{call.ref}/").content.decode().replace("'", "&#x27;")
    client.post(f"/calls/{call.ref}/answer/", {"say": "coming", "minutes": "10", "key": "k" * 22})
    assert Invite.objects.get(call=call, person=unasked).state == "coming"
    boss = organizer(PersonFactory(), now=clock.now())
    said = {"say": "coming", "minutes": "10", "key": "b" * 22}
    assert sign_in(boss).post(f"/calls/{call.ref}/answer/", said).status_code == 403


def test_the_next_people_are_called_once_from_the_roll_call(at):
    call = at.raise_call()
    person = asked(call)[0]
    client = sign_in(person)
    assert "Call the next people now" in client.get(f"/calls/{call.ref}/").content.decode()
    before = call.invites.count()
    client.post(f"/calls/{call.ref}/answer/", {"say": "more", "key": "k" * 22})
    assert call.invites.count() > before
    assert "Call the next people now" not in client.get(f"/calls/{call.ref}/").content.decode()


# --- the sealed details ----------------------------------------------------------------------------


def details(person, call, *, method="post"):
    return getattr(sign_in(person), method)(f"/calls/{call.ref}/details/")


def test_details_open_for_who_comes_and_counts_and_it_is_written_down(at):
    call = at.raise_call()
    person = asked(call)[1]
    before = details(person, call)
    assert before.status_code == 409
    assert "4711" not in before.content.decode()
    at.answer(call, person.handle, Answer.COMING, minutes=10)
    shown = details(person, call, method="get").content.decode()
    assert "Open the details" in shown
    assert "4711" not in shown
    assert not Reveal.objects.exists()
    opened = details(person, call)
    assert "Door code 4711, ask for the Ortegas" in opened.content.decode()
    assert opened.headers["Cache-Control"] == "no-store"
    details(person, call)
    assert Reveal.objects.count() == 1


@pytest.mark.parametrize("say", [Answer.AFAR, Answer.CANT])
def test_details_stay_closed_for_who_does_not_come(at, say):
    call = at.raise_call()
    person = asked(call)[1]
    at.answer(call, person.handle, say)
    assert "for those who come" in details(person, call, method="get").content.decode()
    assert details(person, call).status_code == 409


def test_details_of_a_raid_wait_for_a_second_member(at):
    call = at.raise_call(kind="raid")
    person = next(one for one in asked(call) if one != at["Nuria"])
    at.answer(call, person.handle, Answer.COMING, minutes=10)
    assert "second member" in details(person, call, method="get").content.decode()
    assert details(person, call).status_code == 409
    calls.release_details(by=at["Wei"], call=call, now=clock.now())
    assert "4711" in details(person, call).content.decode()


def test_details_by_link_ask_for_sign_in(at, client):
    call = at.raise_call()
    answer = client.get(f"/calls/{call.ref}/details/")
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_details_close_with_the_call(at, as_nuria):
    call = at.raise_call()
    calls.close_call(by=at["Nuria"], call=call, now=clock.now())
    assert as_nuria.post(f"/calls/{call.ref}/details/").status_code == 409


def test_details_show_what_was_typed_as_text(at, as_nuria):
    call = at.raise_call(details="<script>alert(1)</script>")
    assert "<script>alert" not in as_nuria.post(f"/calls/{call.ref}/details/").content.decode()


@pytest.mark.parametrize("members", [7, 12])
def test_the_form_costs_the_same_whatever_the_size_of_the_pod(members):
    at = scene(names=tuple(f"Neighbour {n:02}" for n in range(members)))
    client = sign_in(at["Neighbour 00"])
    client.get(url(at))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(at))
    assert len(queries) == 13, "\n".join(query["sql"][:160] for query in queries)
