"""The one-tap page: what it shows, what a press does, and that looking never answers."""

import gzip
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons import clock
from pods.actions import calls, turn
from pods.models import AnswerEvent, Call, Invite
from pods.states import Answer
from tests.pods.pressing import KEY, press, state
from tests.pods.scenes import asked, link_of, scene, sign_in

pytestmark = pytest.mark.django_db
STYLESHEET = Path(__file__).parents[2] / "static/css/casserole.css"


def test_page_says_line_pod_and_what_is_missing_without_kind_or_names(client, out):
    _at, call, person = out
    page = client.get(link_of(call, person))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Franklin &amp; 4th" in text
    assert "A Spanish interpreter and two people." in text
    assert "Call from Mill Row Pod" in text
    assert "Nobody is coming yet." in text
    assert "eviction" not in text.lower()
    assert "4711" not in text
    for name in ("Nuria", "Terrence", "Wei"):
        assert name not in text


def test_title_is_neutral(client, out):
    _at, call, person = out
    title = re.search(r"<title>(.*?)</title>", client.get(link_of(call, person)).content.decode(), re.DOTALL).group(1)
    assert " ".join(title.split()) == "Can you help? · Casserole"


def test_headers_keep_the_link_to_itself(client, out):
    _at, call, person = out
    page = client.get(link_of(call, person))
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not page.cookies


def test_page_is_light_enough_for_2g(client, out):
    _at, call, person = out
    page = client.get(link_of(call, person)).content
    weight = len(gzip.compress(page)) + len(gzip.compress(STYLESHEET.read_bytes()))
    assert weight <= 15_000 - 2_000  # the icons
    assert b"<script" not in page


def test_twenty_previewers_change_nothing(client, out):
    _at, call, person = out
    path, before = link_of(call, person), state()
    for number in range(20):
        agent = f"previewer/{number}"
        look = client.head if number % 2 else client.get
        assert look(path, headers={"User-Agent": agent}, query_params={"say": "coming", "key": KEY}).status_code == 200
    assert state() == before


def test_a_script_that_submits_the_form_presses_no_button(client, out):
    _at, call, person = out
    before = state()
    page = client.post(link_of(call, person), {"key": KEY, "minutes": "20"})
    assert page.status_code == 400
    assert "nothing was changed" in page.content.decode()
    assert state() == before


def test_coming_is_kept_and_confirmed_with_the_time(client, out):
    at, call, person = out
    path = link_of(call, person)
    answer = press(client, path, "coming", minutes="30")
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    invite = Invite.objects.get(call=call, person=person)
    assert (invite.state, invite.minutes) == ("coming", 30)
    page = client.get(path).content.decode()
    assert "You're coming, there by" in page
    assert "Changed your mind?" in page
    assert f"/calls/{call.ref}/details/" in page
    assert at.now


def test_in_time_counts_the_minutes_until_then(client, out):
    _at, call, person = out
    press(client, link_of(call, person), "coming", minutes="in_time")
    assert Invite.objects.get(call=call, person=person).minutes in (119, 120)


def test_answers_can_change_and_the_last_wins(client, out):
    _at, call, person = out
    path = link_of(call, person)
    for number, say in enumerate(("coming", "afar", "cant")):
        client.post(path, {"say": say, "key": f"{number}" * 20})
    assert Invite.objects.get(call=call, person=person).answer == "cant"
    assert "You can't this time" in client.get(path).content.decode()


def test_the_same_press_twice_is_one_answer(client, out):
    _at, call, person = out
    path = link_of(call, person)
    press(client, path, "coming")
    before = state()
    press(client, path, "coming")
    assert state() == before


def test_replaying_an_old_press_after_a_new_one_changes_nothing(client, out):
    _at, call, person = out
    path = link_of(call, person)
    press(client, path, "coming")
    client.post(path, {"say": "cant", "key": "z" * 22})
    before = state()
    press(client, path, "coming")
    assert state() == before


def test_call_someone_else_fires_the_next_wave_once(client, out):
    _at, call, person = out
    path = link_of(call, person)
    asked_before = Invite.objects.filter(call=call).count()
    press(client, path, "more")
    assert Invite.objects.filter(call=call).count() > asked_before
    assert Invite.objects.get(call=call, person=person).answer == ""
    before = state()
    press(client, path, "more")
    assert state() == before
    assert "Call someone else too" not in client.get(path).content.decode()


def test_unconfirmed_is_said_and_more_is_refused_with_a_sentence(client):
    at = scene()
    call = at.raise_call(kind="raid")
    path = link_of(call, asked(call)[0])
    text = client.get(path).content.decode()
    assert "Not confirmed yet." in text
    assert "raid" not in text.lower().replace("raised", "")
    before = state()
    page = press(client, path, "more")
    assert page.status_code == 409
    assert "A second member has to confirm" in page.content.decode()
    assert state() == before


def test_drill_is_marked_before_and_after(client):
    at = scene()
    call = at.raise_call(drill=True)
    path = link_of(call, asked(call)[0])
    assert "This is a drill." in client.get(path).content.decode()
    press(client, path, "coming")
    assert "This is a drill." in client.get(path).content.decode()


def test_cancelled_call_keeps_and_explains_a_late_answer(client, out):
    at, call, person = out
    path = link_of(call, person)
    calls.cancel_call(by=at["Nuria"], call=call, now=clock.now())
    page = client.get(path)
    assert page.status_code == 200
    assert "This call was called off" in page.content.decode()
    assert press(client, path, "coming").status_code == 302
    assert AnswerEvent.objects.get(invite__person=person).late
    assert "This call was called off" in client.get(path).content.decode()


def test_expired_call_explains(client, out):
    _at, call, person = out
    Call.objects.filter(pk=call.pk).update(state="expired")
    assert "Time ran out for this call" in client.get(link_of(call, person)).content.decode()


def test_a_call_that_was_closed_after_its_time_ran_out_says_so(client, out):
    at, call, person = out
    path = link_of(call, person)
    turn.turn_call(call_id=call.pk, now=call.deadline_at)
    calls.close_call(by=at["Nuria"], call=call, now=call.deadline_at)
    text = client.get(path).content.decode()
    assert "Time ran out for this call" in text
    assert "Not enough people could come in time. The call is closed." in text
    roll = sign_in(at["Nuria"]).get(f"/calls/{call.ref}/").content.decode()
    assert "Time ran out before enough people came." in roll
    assert "Thank you to everyone who came" in roll
    assert "time ran out, nobody came" in sign_in(at["Nuria"]).get(f"/pods/{at.pod.ref}/").content.decode()


def test_covered_call_lets_the_rest_stay(client):
    at = scene()
    call = at.raise_call(needs=[(None, 1)])
    first, second = asked(call)[:2]
    at.answer(call, first.handle, Answer.COMING, minutes=10)
    text = client.get(link_of(call, second)).content.decode()
    assert "Enough people are coming" in text
    assert 'name="say"' not in text
    # Those who come can still withdraw.
    assert "I can't come after all" in client.get(link_of(call, first)).content.decode()


def test_speaks_the_reader_s_language_not_the_browser_s(client, out):
    _at, call, person = out
    person.language = "es"
    person.save()
    page = client.get(link_of(call, person), headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "es"


def test_needs_no_session_and_survives_strict_csrf(out):
    _at, call, person = out
    client = Client(enforce_csrf_checks=True)
    assert press(client, link_of(call, person), "coming").status_code == 302
    assert not client.cookies


@pytest.mark.parametrize("people", [0, 12])
def test_the_same_few_statements_however_many_answer(client, people):
    at = scene(names=tuple(f"Neighbour {n:02}" for n in range(12)))
    call = at.raise_call(by="Neighbour 00", needs=[(None, 20)])
    for person in asked(call)[1:people]:
        at.answer(call, person.handle, Answer.COMING, minutes=10)
    path = link_of(call, asked(call)[0])
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    # The clock, the link, the invite with its call, needs, counts, the key of the street.
    assert len(queries) == 6, "\n".join(query["sql"] for query in queries)
