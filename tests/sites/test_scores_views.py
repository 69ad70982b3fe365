"""Score cards in the browser: three taps, one's own card, counts and spread, never names; and where to begin."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from sites.models import Evidence, ScoreCard
from sites.queries import scores as queries
from tests.factories import PersonFactory
from tests.sites.test_scores import a_place, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return clock.now().date()


@pytest.fixture
def place(now):
    return a_place(now)


def page(client, path, **data) -> str:
    answer = client.get(path, data)
    assert answer.status_code == 200
    return answer.content.decode()


def form(today, **more):
    return {"density": "5", "softness": "3", "clarity": "", "note": "", "observed_on": today.isoformat(), **more}


def test_a_card_is_given_in_one_form(as_mina, mina, place, today):
    answer = as_mina.post(f"/places/{place.ref}/score/", form(today, note=" Few cameras. "))
    assert answer.headers["Location"] == f"/places/{place.ref}/"
    card = ScoreCard.objects.get()
    assert (card.observer, card.marks(), card.note, card.observed_on) == (mina, (5, 3, None), "Few cameras.", today)
    shown = page(as_mina, f"/places/{place.ref}/")
    assert "Your card of" in shown
    assert "Few cameras." in shown
    assert "Nobody has given a mark for symbolic clarity yet" in shown


def test_the_form_shows_ones_own_card_again(as_mina, mina, place, today):
    give(mina, place, 4, None, 2, note="Busy at noon.", day=today, today=today)
    shown = page(as_mina, f"/places/{place.ref}/score/")
    assert "Busy at noon." in shown
    for field in ('name="density" value="4"', 'name="softness" value=""', 'name="clarity" value="2"'):
        assert "checked" in shown.partition(field)[2].partition(">")[0]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"density": "6"}, "Select a valid choice"),
        ({"density": "", "softness": ""}, "Give at least one mark"),
        ({"observed_on": "2099-01-01"}, "That day has not come yet"),
        ({"observed_on": "1999-01-01"}, "more than two years ago"),
        ({"observed_on": ""}, "required"),
    ],
)
def test_what_is_no_card_is_refused_and_nothing_typed_is_lost(as_mina, place, today, more, sentence):
    answer = as_mina.post(f"/places/{place.ref}/score/", form(today, note="Typed in a hurry.", **more))
    said = answer.content.decode()
    assert sentence in said
    assert "Typed in a hurry." in said
    assert not ScoreCard.objects.exists()


def test_a_note_that_gives_somebody_away_is_asked_about(as_mina, olga, place, today):
    typed = form(today, note="Olga minds the shop, call 410-555-0123.")
    said = as_mina.post(f"/places/{place.ref}/score/", typed).content.decode()
    assert "is what a member goes by" in said
    assert "looks like a telephone number" in said
    assert "Olga minds the shop" in said
    assert not ScoreCard.objects.exists()
    asked = said.partition('name="asked" value="')[2].partition('"')[0]
    as_mina.post(f"/places/{place.ref}/score/", {**typed, "keep": "on", "asked": asked})
    assert ScoreCard.objects.get().note == "Olga minds the shop, call 410-555-0123."


def test_a_note_is_sealed(mina, place):
    give(mina, place, 3, 3, 3, note="Nobody watches the back door.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM casserole_sites_scorecard")
        assert b"back door" not in bytes(cursor.fetchone()[0])


def test_others_see_numbers_and_notes_and_no_names(as_olga, mina, place, today):
    other = PersonFactory(handle="Zebulon")
    give(mina, place, 5, 3, 2, note="Benches outside.", day=today, today=today)
    give(other, place, 2, 3, 2, day=today, today=today)
    shown = page(as_olga, f"/places/{place.ref}/")
    assert "from 2 to 5" in shown
    assert "all say 3" in shown
    assert "Benches outside." in shown
    assert "Mina" not in shown
    assert "Zebulon" not in shown
    assert "Your card of" not in shown
    for path in ("/places/ranked/", f"/places/{place.ref}/score/"):
        assert "Zebulon" not in page(as_olga, path)


def test_taken_back_in_the_browser(as_mina, mina, place, today):
    give(mina, place, 5, 3, 2, day=today, today=today)
    as_mina.post(f"/places/{place.ref}/score/take-back/")
    shown = page(as_mina, f"/places/{place.ref}/")
    assert "Nobody has scored it yet" in shown
    assert "Your earlier cards" in shown
    assert as_mina.post(f"/places/{place.ref}/score/take-back/").status_code == 302
    assert "You have no card here that counts." in page(as_mina, f"/places/{place.ref}/")


def test_nobody_takes_back_anothers_card(as_olga, mina, place):
    give(mina, place, 5, 3, 2)
    as_olga.post(f"/places/{place.ref}/score/take-back/")
    assert ScoreCard.objects.current().count() == 1


def test_no_camera_on_the_map_is_unknown(as_mina, place):
    for path in (f"/places/{place.ref}/", f"/places/{place.ref}/score/"):
        assert "No camera is on the map: unknown, not unwatched." in page(as_mina, path)
    Evidence.objects.create(kind="camera", osm_type="node", osm_id=1, latitude=39.3, longitude=-76.6)
    for path in (f"/places/{place.ref}/", f"/places/{place.ref}/score/"):
        assert "Cameras on the map: 1 within 150 m, 1 within 400 m." in page(as_mina, path)


# --- where to begin ---------------------------------------------------------------------------------------


def ranked(now, *scores, by=None, today=None):
    for name, marks in scores:
        give(by or PersonFactory(), a_place(now, name), *marks, day=today or now.date(), today=today or now.date())


def test_an_empty_list_says_how_to_begin(as_mina):
    assert "Nothing is scored here yet." in page(as_mina, "/places/ranked/")
    assert "Nothing is scored here yet." in page(as_mina, "/places/ranked/", kind="library")


def test_the_first_five_are_those_to_start_with(as_mina, now):
    ranked(now, *((f"Place {n}", (5, 5, 5 - n // 3)) for n in range(6)), ("Watched", (5, 1, 5)))
    shown = page(as_mina, "/places/ranked/")
    start, _, rest = shown.partition("Start with these five")[2].partition("<h2>Then</h2>")
    assert [n for n in range(6) if f"Place {n}" in start] == [0, 1, 2, 3, 4]
    assert "Place 5" in rest
    assert "Held back by softness of surveillance at 1.0: below 3, and no high mark makes up for it." in rest
    assert "level with others" in start
    assert "one observer so far" in start


def test_fewer_than_five_are_said_to_be_fewer(as_mina, now):
    ranked(now, ("One", (4, 4, 4)), ("Low", (2, 4, 4)))
    shown = page(as_mina, "/places/ranked/")
    assert "Start with this one" in shown
    assert "4 more of the five are to be found." in shown
    assert "High on all three alike, with 4.0 each." in shown


def test_without_any_high_on_all_three_nothing_is_to_start_with(as_mina, now):
    ranked(now, ("Low", (2, 4, 4)))
    shown = page(as_mina, "/places/ranked/")
    assert "No place is high on all three yet" in shown
    assert "Start with" not in shown


def test_a_line_says_what_to_know_before_trusting_it(as_mina, mina, olga, now, today):
    place = a_place(now, "Old")
    for person, mark in ((mina, 1), (olga, 5)):
        give(person, place, 3, mark, 4, day=today - timedelta(days=200), today=today)
    shown = page(as_mina, "/places/ranked/")
    assert "seen differently: softness of surveillance, 1 to 5" in shown
    assert "last seen in" in shown
    assert "one observer so far" not in shown


def test_only_a_kind_is_shown_and_odd_addresses_do_no_harm(as_mina, now):
    ranked(now, ("Suds", (4, 4, 4)))
    assert "Suds" in page(as_mina, "/places/ranked/", kind="laundry")
    assert "Suds" not in page(as_mina, "/places/ranked/", kind="library")
    for odd in ({"kind": "moon"}, {"kind": "\x00"}, {"page": "-1"}, {"page": "x"}, {"page": "9999999"}):
        assert "Suds" in page(as_mina, "/places/ranked/", **odd)


def test_the_list_ends_and_says_so(as_mina, mina, now, monkeypatch):
    monkeypatch.setattr(queries, "RANKED_MOST", 3)
    ranked(now, *((f"Place {n}", (4, 4, 4)) for n in range(5)), by=mina)
    shown = page(as_mina, "/places/ranked/")
    assert [n for n in range(5) if f"Place {n}" in shown] == [0, 1, 2]
    assert "The first 3 are shown." in shown


@pytest.mark.parametrize("path", ["/places/ranked/", "/places/{ref}/", "/places/{ref}/score/"])
def test_as_many_statements_for_thirty_as_for_one(as_mina, mina, place, now, path):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(as_mina, path.format(ref=place.ref))
        return len(seen)

    def one(number: int) -> None:
        give(PersonFactory(), place, 3, 3, 3, note="Seen.")
        give(mina, a_place(now, f"Place {number}"), 4, 4, 4)

    give(mina, place, 3, 3, 3, note="Seen.")
    one(0)
    page(as_mina, path.format(ref=place.ref))
    few = statements()
    for number in range(1, 31):
        one(number)
    assert statements() == few


def test_visitors_see_nothing(client, place):
    for path in ("/places/ranked/", f"/places/{place.ref}/score/"):
        assert client.get(path).status_code == 302


def test_a_merged_place_is_not_there_to_be_scored(as_mina, place, now, today):
    kept = a_place(now, "Kept")
    place.merged_into = kept
    place.save()
    assert as_mina.get(f"/places/{place.ref}/score/").status_code == 404
    assert as_mina.post(f"/places/{place.ref}/score/", form(today)).status_code == 404
