"""Score cards: given, changed, taken back, faded; what a place comes to follows in the same step, whatever happens."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.people.actions import retention
from commons.web.refusal import Refused
from sites.actions import places, scores
from sites.actions.scores import Said
from sites.models import Double, Evidence, Place, PlaceScore, ScoreCard
from sites.queries import scores as queries
from sites.rules import ranking
from sites.rules.nearby import Near
from sites.tasks import reckon_scores
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)


def a_place(now, name: str = "Suds", kind: str = "laundry", **columns) -> Place:
    known = {"sort_key": name.lower(), "latitude": 39.3, "longitude": -76.6, "made_at": now, "changed_at": now}
    return Place.objects.create(kind=kind, name=name, **{**known, **columns})


def give(person, place, *marks, note="", day=TODAY, today=TODAY, now=None) -> ScoreCard:
    said = Said(marks, note, day)
    return scores.give(by=person, place=place, said=said, today=today, now=now or clock.now())


def score(place) -> list:
    row = PlaceScore.objects.filter(pk=place.pk).first()
    return [] if row is None else [*row.means(), row.observers]


def consistent() -> bool:
    """Whether each place comes to exactly what its cards say, by the rule."""
    return queries.stale(180, 10) == [] and all(
        row.strength == ranking.strength(row.means()) for row in PlaceScore.objects.all()
    )


def test_cards_come_to_a_score(mina, olga, now):
    place = a_place(now)
    give(mina, place, 5, 2, None)
    assert score(place) == [50, 20, None, 1]
    give(olga, place, 4, 5, 3)
    assert score(place) == [45, 35, 30, 2]
    row = PlaceScore.objects.get()
    assert (row.softness_low, row.softness_high, row.newest, row.half_life) == (2, 5, TODAY, 180)
    assert consistent()


def test_a_new_card_takes_the_place_of_the_one_before(mina, now):
    place = a_place(now)
    give(mina, place, 5, 5, 5, now=now - timedelta(days=90), day=TODAY - timedelta(days=90))
    give(mina, place, 2, 3, 4, note="Two cameras now.")
    assert score(place) == [20, 30, 40, 1]
    before, after = ScoreCard.objects.order_by("id")
    assert (before.marks(), before.ended_at is None, before.withdrawn) == ((5, 5, 5), False, False)
    assert (after.note, after.ended_at) == ("Two cameras now.", None)
    assert queries.history_of(mina, place) == [before]


def test_a_slip_that_is_corrected_at_once_is_no_history(mina, now):
    place = a_place(now)
    give(mina, place, 5, 5, 5)
    give(mina, place, 4, 5, 5)
    assert ScoreCard.objects.get().marks() == (4, 5, 5)


def test_the_same_card_again_is_the_same_card(mina, now):
    place = a_place(now)
    assert give(mina, place, 5, 5, 5, note="x") == give(mina, place, 5, 5, 5, note="x")
    assert ScoreCard.objects.count() == 1


def test_taken_back_it_counts_no_more(mina, olga, now):
    place = a_place(now)
    give(mina, place, 1, 1, 1)
    give(olga, place, 4, 4, 4)
    scores.withdraw(by=mina, place=place, now=now)
    assert score(place) == [40, 40, 40, 1]
    scores.withdraw(by=olga, place=place, now=now)
    assert score(place) == []
    assert ScoreCard.objects.filter(withdrawn=True).count() == 2
    with pytest.raises(Refused):
        scores.withdraw(by=olga, place=place, now=now)


@pytest.mark.parametrize(
    ("marks", "day"),
    [
        ((None, None, None), TODAY),
        ((3, 3, 3), TODAY + timedelta(days=1)),
        ((3, 3, 3), TODAY - timedelta(days=731)),
    ],
)
def test_a_card_that_says_nothing_or_of_another_time_is_refused(mina, now, marks, day):
    with pytest.raises(Refused):
        give(mina, a_place(now), *marks, day=day)
    assert not ScoreCard.objects.exists()
    assert not PlaceScore.objects.exists()


@pytest.mark.parametrize("marks", [{"density": 6}, {"density": 0}, {}, {"density": 3, "withdrawn": True}])
def test_the_database_is_the_last_guard(mina, now, marks):
    place = a_place(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCard.objects.create(place=place, observer=mina, observed_on=TODAY, made_at=now, **marks)


def test_the_database_knows_one_current_card_an_observer(mina, now):
    place = a_place(now)
    give(mina, place, 3, 3, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCard.objects.create(place=place, observer=mina, density=4, observed_on=TODAY, made_at=now)


def test_an_old_card_fades(mina, olga, now):
    place = a_place(now)
    give(mina, place, 5, 5, 5)
    give(olga, place, 2, 2, 2, day=TODAY - timedelta(days=180))
    assert score(place) == [40, 40, 40, 2]


def test_another_half_life_holds_within_the_hour(mina, olga, now, settings):
    place = a_place(now)
    give(mina, place, 5, 5, 5)
    give(olga, place, 2, 2, 2, day=TODAY - timedelta(days=180))
    settings.SCORE_HALF_LIFE_DAYS = 90
    reckon_scores()
    assert score(place) == [44, 44, 44, 2]
    assert queries.stale(90, 10) == []


def test_who_leaves_takes_their_cards_along_and_the_scores_follow(mina, olga, now):
    one, both, hers = a_place(now, "A"), a_place(now, "B"), a_place(now, "C")
    for person, place in ((mina, one), (mina, both), (olga, both), (olga, hers)):
        give(person, place, 5 if person == mina else 1, 3, 3)
    mina.delete()
    assert queries.stale(180, 10) == [one.pk, both.pk]
    reckon_scores()
    assert (score(one), score(both), score(hers)) == ([], [10, 30, 30, 1], [10, 30, 30, 1])
    assert consistent()


def test_scores_that_were_lost_are_found_again(mina, now):
    place = a_place(now)
    give(mina, place, 5, 5, 5)
    PlaceScore.objects.all().delete()
    assert scores.reckon_again() == 1
    assert score(place) == [50, 50, 50, 1]
    assert scores.reckon_again() == 0


def test_what_no_longer_counts_is_forgotten_after_a_year_and_what_counts_is_not(mina, olga, now):
    place, then = a_place(now), now - timedelta(days=500)
    give(mina, place, 5, 5, 5, now=then, day=then.date(), today=then.date())
    give(mina, place, 4, 4, 4, now=now - timedelta(days=366), day=TODAY - timedelta(days=366))
    give(olga, place, 3, 3, 3, now=then, day=then.date(), today=then.date())
    retention.purge(now)
    assert sorted(card.marks() for card in ScoreCard.objects.all()) == [(3, 3, 3), (4, 4, 4)]
    assert consistent()


def test_cards_follow_a_place_that_is_merged(mina, olga, now):
    kept, other = a_place(now), a_place(now, "Suds Laundromat")
    give(mina, kept, 5, 5, 5, day=TODAY - timedelta(days=10))
    give(mina, other, 3, 3, 3)
    give(olga, other, 4, 4, 4)
    double = Double.objects.create(first=kept, second=other)
    places.decide(double=double, keep=kept.ref, now=now)
    assert score(kept)[3] == 2
    assert {card.marks() for card in ScoreCard.objects.current().filter(place=kept)} == {(3, 3, 3), (4, 4, 4)}
    assert not ScoreCard.objects.filter(place=other).exists()
    assert score(other) == []
    assert consistent()
    with pytest.raises(Refused):
        give(mina, other, 1, 1, 1)


def test_reckoning_takes_as_many_statements_for_thirty_places_as_for_one(mina, now):
    def statements(count: int) -> int:
        for n in range(count):
            give(mina, a_place(now, f"{count}-{n}"), 3, 4, 5)
        PlaceScore.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            assert scores.reckon_again() >= count
        return len(seen)

    one = statements(1)
    assert statements(30) == one


# --- what the map shows -----------------------------------------------------------------------------------

METRE = 1 / 111_195


def test_the_map_is_counted_within_two_distances(now):
    place = a_place(now)
    for n, metres in enumerate((10, 140, 160, 390, 410)):
        a_place(now, f"Stop {n}", "bus_stop", latitude=39.3 + metres * METRE)
        Evidence.objects.create(
            kind="camera" if n == 3 else "workplace", osm_type="node", osm_id=n,
            latitude=39.3, longitude=-76.6 + metres * METRE / 0.7738,
        )  # fmt: skip
    a_place(now, "Clinic", "clinic", latitude=39.3 - 100 * METRE)
    a_place(now, "Library", "library")
    a_place(now, "Gone", "bus_stop", gone_at=now)
    found = queries.around(place)
    assert (found.stops, found.workplaces) == (Near(2, 4), Near(2, 3))
    assert (found.cameras, found.offices) == (Near(0, 1), Near(1, 1))


def test_a_place_is_no_sign_of_itself(now):
    assert queries.around(a_place(now, kind="bus_stop")).stops == Near(0, 0)


def test_the_map_is_asked_by_position_twice(now, django_assert_num_queries):
    place = a_place(now)
    with django_assert_num_queries(2):
        queries.around(place)


# --- the ranked list ----------------------------------------------------------------------------------------


def lines(kind: str = "", first: int = 0) -> list[tuple[str, int, bool]]:
    return [(line.place.name, line.rank, line.level) for line in queries.lines(queries.ladder(kind), first)]


def test_places_high_on_all_three_lead_and_level_ones_share_a_rank(mina, olga, now):
    for name, marks in {
        "Held back": (5, 2, 5), "Lacking": (5, 5, None), "Leader": (4, 4, 4), "Low": (1, 1, 1),
        "Level": (3, 4, 5), "Level too": (5, 3, 4), "Just": (3, 3, 3),
    }.items():  # fmt: skip
        give(mina, a_place(now, name), *marks)
    give(olga, Place.objects.get(name="Level too"), 5, 3, 4)
    assert lines() == [
        ("Leader", 1, False), ("Level too", 2, True), ("Level", 2, True), ("Just", 4, False),
        ("Held back", 5, False), ("Low", 6, False), ("Lacking", 7, False),
    ]  # fmt: skip


def test_what_is_gone_or_of_another_kind_is_not_ranked(mina, now):
    give(mina, a_place(now, "Suds"), 5, 5, 5)
    give(mina, a_place(now, "Gone", gone_at=now), 5, 5, 5)
    give(mina, a_place(now, "Shelf", "library"), 4, 4, 4)
    assert lines() == [("Suds", 1, False), ("Shelf", 2, False)]
    assert lines("library") == [("Shelf", 1, False)]
    assert [len(queries.ladder(kind)) for kind in ("", "library", "clinic")] == [2, 1, 0]


def test_ranks_go_on_over_pages(mina, now, monkeypatch):
    monkeypatch.setattr(queries, "A_PAGE", 2)
    for name, mark in (("A", 5), ("B", 4), ("C", 4), ("D", 4), ("E", 3)):
        give(mina, a_place(now, name), mark, mark, mark)
    assert lines() == [("A", 1, False), ("B", 2, True)]
    assert lines(first=2) == [("C", 2, True), ("D", 2, True)]
    assert lines(first=4) == [("E", 5, False)]
    assert lines(first=6) == []


def test_the_list_is_read_from_its_index(db):
    """Among many places nothing sorts them or reads all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casserole_sites_place (ref, kind, name, sort_key, latitude, longitude, osm_type, edited,"
            " made_at, changed_at) SELECT n, (ARRAY['laundry', 'library'])[1 + n % 2], '', '', 0, 0, '', '{}',"
            " now(), now() FROM generate_series(1, 30000) n"
        )
        cursor.execute(
            "INSERT INTO casserole_sites_placescore (place_id, strength, observers, newest, half_life)"
            " SELECT id, id % 900, 1, now(), 180 FROM casserole_sites_place"
        )
        cursor.execute("ANALYZE casserole_sites_place, casserole_sites_placescore")
    for kind in ("", "laundry"):
        plan = queries.ranked(kind).values_list("place_id", "strength")[: queries.RANKED_MOST].explain()
        assert "place_score_rank" in plan
        assert "Sort" not in plan


def test_reading_takes_two_statements_however_many_places(now, django_assert_num_queries):
    person = PersonFactory()
    for n in range(30):
        give(person, a_place(now, f"{n}"), 1 + n % 5, 3, 4)
        if n in (0, 29):
            with django_assert_num_queries(2):
                lines()
