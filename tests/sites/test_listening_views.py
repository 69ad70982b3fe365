"""Listening in the browser: from an empty place to a need that is counted, and who reads what on the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.people.models import Person
from sites.actions import listening
from sites.models import Listener, ListeningRound, Need, StageOverride, Visit
from sites.queries.stages import standing
from tests.factories import PersonFactory
from tests.sites.conftest import signed_in
from tests.sites.test_listening import said
from tests.sites.test_stages import a_place

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place(now):
    return a_place(now)


@pytest.fixture
def theo(db) -> Person:
    return PersonFactory(handle="Theo", email="theo@example.org")


@pytest.fixture
def one(place, now, mina) -> ListeningRound:
    return listening.begin(place=place, by=mina, now=now - 3 * DAY)


def form(now, *there: Person, **more):
    return {"day": now.date().isoformat(), "part": "morning", "there": [person.ref for person in there], **more}


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_from_an_empty_place_to_a_counted_need(place, as_mina, mina, theo, now):
    assert "Nobody has listened here yet" in page(as_mina, f"/places/{place.ref}/")
    assert "Never deceive" in page(as_mina, f"/places/{place.ref}/listen/")
    at = as_mina.post(f"/places/{place.ref}/listen/").headers["Location"]
    assert "One more is needed" in page(as_mina, at)
    as_theo = signed_in(theo)
    assert "One of you listens here" in page(as_theo, f"/places/{place.ref}/listen/")
    as_theo.post(f"{at}ask/")
    page(as_theo, at, 404)
    listener = Listener.objects.get(person=theo)
    assert "Theo would like to listen along" in page(as_mina, at)
    assert as_theo.post(f"/listening/asks/{listener.ref}/", {"do": "yes"}).status_code == 404
    as_mina.post(f"/listening/asks/{listener.ref}/", {"do": "yes"})
    assert "Nobody was there yet" in page(as_theo, at)
    said = form(now, mina, theo, needs=["detergent"], rhythms="Full on Sunday nights.", own_needs="Quarters")
    answer = as_theo.post(f"{at}visit/", said)
    visit = answer.headers["Location"]
    for client in (as_mina, as_theo):
        text = page(client, visit)
        assert "Full on Sunday nights." in text
        assert "Quarters" in text
    assert "Full on Sunday nights." in page(as_mina, at)
    needs = page(as_mina, "/places/needs/")
    assert "Detergent" in needs
    assert "Quarters" in needs
    assert "Suds 1" in needs


def test_notes_are_the_teams_and_organizers_alone(one, now, mina, as_mina, as_olga, theo):
    visit = listening.write(one=one, by=mina, said=said(now, mina, notes={"animates": "The rent."}), now=now)
    assert "The rent." in page(as_olga, f"/visits/{visit.ref}/")
    assert as_olga.get(f"/visits/{visit.ref}/change/").status_code == 403
    as_theo = signed_in(theo)
    for path in (f"/visits/{visit.ref}/", f"/visits/{visit.ref}/change/", f"/listening/{one.ref}/"):
        page(as_theo, path, 404)
    for path in (f"/places/{one.place.ref}/", f"/places/{one.place.ref}/listen/", "/places/needs/"):
        text = page(as_theo, path)
        assert "The rent." not in text
        assert "Mina" not in text
    as_mina.post(f"/listening/{one.ref}/leave/")
    page(as_mina, f"/visits/{visit.ref}/", 404)


def test_whoever_is_thrown_out_is_out_at_once(one, now, mina, as_mina):
    visit = listening.write(one=one, by=mina, said=said(now, mina), now=now)
    page(as_mina, f"/visits/{visit.ref}/")
    Person.objects.filter(pk=mina.pk).update(is_active=False)
    assert as_mina.get(f"/visits/{visit.ref}/").status_code == 302


def test_a_name_is_asked_about_before_it_is_kept_and_nothing_is_lost(one, now, mina, as_mina):
    typed = form(now, mina, needs=["food"], rhythms="Doña Pilar opens at six.", unmet="Change for the machines.")
    answer = as_mina.post(f"/listening/{one.ref}/visit/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“Doña Pilar” looks like a name." in text
    assert "Themes, not names" in text
    assert "Change for the machines." in text
    assert not Visit.objects.exists()
    asked = text.partition('name="asked" value="')[2].partition('"')[0]
    # Whatever is typed after the question is asked about anew.
    more = {**typed, "keep": "on", "asked": asked, "unmet": "Call 410 555 0199."}
    assert as_mina.post(f"/listening/{one.ref}/visit/", more).status_code == 422
    assert as_mina.post(f"/listening/{one.ref}/visit/", {**typed, "keep": "on"}).status_code == 422
    assert as_mina.post(f"/listening/{one.ref}/visit/", {**typed, "keep": "on", "asked": asked}).status_code == 302
    assert Visit.objects.get().rhythms == "Doña Pilar opens at six."


def test_a_member_s_handle_and_own_needs_are_asked_about_too(one, now, mina, as_mina, theo):
    for typed in ({"rhythms": "theo knows them"}, {"own_needs": "a bed at 12 Mill Row"}):
        assert as_mina.post(f"/listening/{one.ref}/visit/", form(now, mina, **typed)).status_code == 422
    assert not Need.objects.exclude(own_name="").exists()


def test_the_same_visit_twice_shows_theirs_and_keeps_ours(one, now, mina, as_mina):
    listening.write(one=one, by=mina, said=said(now, mina, notes={"rhythms": "Full at six."}), now=now)
    typed = form(now, mina, rhythms="Empty at ten.")
    answer = as_mina.post(f"/listening/{one.ref}/visit/", typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Full at six." in text
    assert "Empty at ten." in text
    assert 'name="add"' in text
    assert as_mina.post(f"/listening/{one.ref}/visit/", {**typed, "add": "on"}).status_code == 302
    assert Visit.objects.get().rhythms == "Full at six.\n\nEmpty at ten."


def test_a_visit_is_changed_and_a_stale_page_overwrites_nothing(one, now, mina, as_mina):
    visit = listening.write(one=one, by=mina, said=said(now, mina), now=now)
    path = f"/visits/{visit.ref}/change/"
    assert 'value="1"' in page(as_mina, path)
    assert as_mina.post(path, form(now, mina, rhythms="First.", version="1")).status_code == 302
    assert as_mina.post(path, form(now, mina, rhythms="Second.", version="1")).status_code == 409
    again = form(now, mina, rhythms="Second.", version="1", add="on")
    assert as_mina.post(path, again).status_code == 302
    assert Visit.objects.get().rhythms == "First.\n\nSecond."


@pytest.mark.parametrize(
    "change",
    [{"there": ["zzz"]}, {"there": []}, {"needs": ["moon"]}, {"part": "dawn"}, {"day": "soon"}, {"version": "x"}],
)
def test_what_is_no_visit_is_refused(one, now, mina, as_mina, change):
    answer = as_mina.post(f"/listening/{one.ref}/visit/", {**form(now, mina, needs=["food"]), **change})
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_an_organizer_lets_a_pop_up_start_early_and_takes_it_back(place, now, olga, as_olga, as_mina):
    path = f"/places/{place.ref}/start-early/"
    assert as_mina.get(path).status_code == 403
    assert as_olga.post(path, {"reason": "Soon."}).status_code == 200
    assert "looks like a telephone number" in as_olga.post(path, {"reason": "Ring 410 555 0199 first"}).content.decode()
    assert as_olga.post(path, {"reason": "It freezes tonight."}).status_code == 302
    assert standing(place, now).may_start
    assert "It freezes tonight." in page(as_mina, f"/places/{place.ref}/")
    assert as_olga.post(path, {"reason": "It freezes again."}).status_code == 409
    made = StageOverride.objects.get()
    assert as_mina.post(f"/start-early/{made.ref}/take-back/").status_code == 403
    assert as_olga.post(f"/start-early/{made.ref}/take-back/").status_code == 302
    assert not standing(place, now).may_start
    assert as_olga.post(f"/start-early/{made.ref}/take-back/").status_code == 404
    assert "It freezes tonight." not in page(as_mina, f"/places/{place.ref}/")


def test_a_round_is_ended_by_its_team_or_an_organizer(one, as_olga, theo, as_mina):
    assert signed_in(theo).post(f"/listening/{one.ref}/end/").status_code == 404
    as_olga.post(f"/listening/{one.ref}/end/")
    assert "ended before enough was heard" in page(as_mina, f"/listening/{one.ref}/")
    assert "ended before enough was heard" in page(as_mina, f"/places/{one.place.ref}/listen/")


def test_today_shows_a_visit_that_is_due_and_who_asks(one, mina, as_mina, theo, now):
    assert "A visit to Suds 1 is due" in page(as_mina, "/today/")
    listening.ask(one=one, by=theo, now=now)
    assert "Somebody would like to listen along" in page(as_mina, "/today/")
    assert "Suds 1" not in page(signed_in(theo), "/today/")


def test_many_visits_cost_as_many_statements_as_one(now, mina, as_mina):
    begun = listening.begin(place=a_place(now, 2), by=mina, now=now - 9 * DAY)
    own = f"/listening/{begun.ref}/"
    paths = (own, f"/places/{begun.place.ref}/", f"/places/{begun.place.ref}/listen/", "/places/needs/", f"{own}visit/")
    parts = ("early", "morning", "midday", "afternoon", "evening", "night")

    def write(number: int) -> None:
        ago, part = divmod(number, len(parts))
        kept = said(now, mina, ago=ago, part=parts[part], own_needs=[f"need {number}"])
        listening.write(one=begun, by=mina, said=kept, now=clock.now())

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(as_mina, path)
        return len(seen)

    write(0)
    for path in paths:
        page(as_mina, path)
    few = {path: statements(path) for path in paths}
    for number in range(1, 30):
        write(number)
    assert {path: statements(path) for path in paths} == few


def test_a_round_that_is_over_sends_back_whoever_would_write(one, mina, as_mina, now):
    visit = listening.write(one=one, by=mina, said=said(now, mina), now=now)
    listening.end(one=one, now=now)
    for path in (f"/listening/{one.ref}/visit/", f"/visits/{visit.ref}/change/"):
        assert as_mina.get(path).headers["Location"] == f"/listening/{one.ref}/"
    # What somebody was typing when it ended stands before them once more.
    late = as_mina.post(f"/listening/{one.ref}/visit/", form(now, mina, rhythms="Typed late.", part="night"))
    assert (late.status_code, "Typed late." in late.content.decode()) == (409, True)
