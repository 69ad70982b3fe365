"""Raising a call in the browser: in a hurry, once, and without giving anybody away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from pods.models import Call, CallKind, Invite, Membership
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import scene, sign_in

pytestmark = pytest.mark.django_db


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


def test_the_page_has_everything_for_a_call_in_a_hurry(at, as_nuria):
    text = as_nuria.get(url(at)).content.decode()
    for kind in ("Eviction", "Raid", "Medical", "Arrest"):
        assert kind in text
    assert "Call 911 first. This is not an ambulance." in text
    assert "a second member confirms it before it goes further" in text
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


def test_who_raises_it_may_say_that_they_come(at, as_nuria):
    as_nuria.post(url(at), typed(at, coming="on"))
    assert Invite.objects.get(person=at["Nuria"]).state == "coming"
    page = as_nuria.get(f"/calls/{Call.objects.get().ref}/").content.decode()
    assert "Nuria" in page


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


@pytest.mark.parametrize("members", [7, 12])
def test_the_form_costs_the_same_whatever_the_size_of_the_pod(members):
    at = scene(names=tuple(f"Neighbour {n:02}" for n in range(members)))
    client = sign_in(at["Neighbour 00"])
    client.get(url(at))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(at))
    assert len(queries) == 13, "\n".join(query["sql"][:160] for query in queries)
