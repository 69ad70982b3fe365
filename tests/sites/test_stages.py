"""Where a place stands on its road, what is missing, and when a pop-up may start."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from sites.models import ListeningRound, Need, Place, StageOverride, Visit, VisitNeed, VisitObserver
from sites.models.needs import BUILT_IN_NEEDS
from sites.queries import stages
from sites.rules import stages as rules
from sites.rules.stages import Heard, Lack
from sites.states import Stage

MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)


def a_place(now, number: int = 1, **columns) -> Place:
    known = {"kind": "laundry", "name": f"Suds {number}", "sort_key": f"suds {number}"}
    return Place.objects.create(latitude=39.3, longitude=-76.6, made_at=now, changed_at=now, **{**known, **columns})


def a_round(place: Place, now, **columns) -> ListeningRound:
    return ListeningRound.objects.create(place=place, begun_at=now, closes_at=now + 28 * DAY, **columns)


def a_visit(of: ListeningRound, day: date, people=(), needs=(), part: str = "morning") -> Visit:
    visit = Visit.objects.create(round=of, day=day, part=part, observers=max(1, len(people)))
    VisitObserver.objects.bulk_create([VisitObserver(visit=visit, person=person) for person in people])
    VisitNeed.objects.bulk_create([VisitNeed(visit=visit, need=Need.objects.get(key=key)) for key in needs])
    return visit


# --- the rules ---

# The machine may be busy: that says nothing about a rule.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_monday_to_sunday_is_a_week_and_saturday_is_not():
    assert rules.days_spread([MONDAY]) == 1
    assert rules.days_spread([MONDAY + 5 * DAY, MONDAY]) == 6
    assert rules.days_spread([MONDAY, MONDAY + 6 * DAY]) == rules.WEEK
    assert rules.days_spread([]) == 0


@patient
@given(some.integers(0, 30), some.integers(0, 30), some.integers(0, 3), some.integers(0, 9))
def test_heard_is_a_week_by_two_with_a_need_and_nothing_less(visits, days, observers, needs):
    heard = Heard(visits, days, observers, needs)
    assert heard.enough == (visits > 0 and days >= 7 and observers >= 2 and needs >= 1)
    assert heard.enough == (not heard.lacks)


@patient
@given(some.booleans(), some.booleans(), some.booleans())
def test_a_stage_says_what_is_missing_unless_it_is_the_last(heard, running, tradition):
    stage = rules.stage_of(heard=heard, running=running, tradition=tradition)
    missing = rules.lacks(stage, Heard())
    assert bool(missing) == (stage is not Stage.TRADITION)
    assert (rules.next_of(stage) is None) == (stage is Stage.TRADITION)
    assert rules.may_start(stage, overridden=False) == (stage is not Stage.MAPPED)
    assert rules.may_start(stage, overridden=True)
    assert (stage is Stage.TRADITION) == (running and tradition)


def test_the_sentences_begin_with_whatever_is_first():
    assert Heard().lacks == [Lack.LISTENING]
    assert Heard(1, 1, 1, 0).lacks == [Lack.DAYS, Lack.OBSERVERS, Lack.NEED]


# --- what is asked of the database ---


def test_every_built_in_need_is_there_and_has_a_name(db):
    there = Need.objects.filter(own_name="")
    assert {need.key for need in there} == set(BUILT_IN_NEEDS)
    assert Need.objects.get(key="wage_theft").name == "help with stolen wages"


def test_a_place_nobody_listened_at(now):
    found = stages.standing(a_place(now), now)
    assert (found.stage, found.next, found.may_start) == (Stage.MAPPED, Stage.LISTENED, False)
    assert found.missing == ["Nobody has listened here yet: two or three of you, for a week."]
    assert [step["current"] for step in found.steps] == [True, False, False, False]


def test_what_a_round_under_way_still_lacks(now, olga, mina):
    one = a_round(a_place(now), now)
    a_visit(one, MONDAY, [olga])
    a_visit(one, MONDAY + 4 * DAY, [olga], part="night")
    found = stages.standing(one.place, now)
    assert (found.round, found.heard) == (one, Heard(2, 5, 1, 0))
    assert found.missing[0] == "The visits have to lie over a whole week: 2 days more."
    assert len(found.missing) == 3
    a_visit(one, MONDAY + 5 * DAY, [mina], ["masks"])
    assert stages.standing(one.place, now).missing == ["The visits have to lie over a whole week: 1 day more."]
    assert stages.standing(one.place, now + 29 * DAY).round is None


def test_heard_enough_stays_when_notes_and_names_are_gone(now, olga, mina):
    one = a_round(a_place(now), now, heard_at=now, ended_at=now)
    a_visit(one, MONDAY, [olga, mina], ["masks"])
    VisitObserver.objects.all().delete()
    found = stages.standing(one.place, now)
    assert (found.stage, found.may_start, found.heard.observers) == (Stage.LISTENED, True, 2)
    assert found.missing == ["No pop-up station runs here yet."]


def test_an_override_opens_the_gate_and_moves_no_stage(now, olga):
    place = a_place(now)
    made = StageOverride.objects.create(place=place, by=olga, reason="It freezes.", made_at=now)
    found = stages.standing(place, now)
    assert (found.stage, found.may_start, found.override) == (Stage.MAPPED, True, made)
    made.taken_back_at = now
    made.save()
    assert not stages.standing(place, now).may_start


def test_what_was_heard_at_a_double_counts_where_it_went(now):
    kept, other = a_place(now), a_place(now, 2)
    a_round(other, now, heard_at=now, ended_at=now)
    other.merged_into = kept
    other.save()
    assert stages.standing(kept, now).stage is Stage.LISTENED


@pytest.mark.parametrize("count", [1, 30])
def test_many_places_cost_as_many_statements_as_one(now, olga, django_assert_num_queries, count):
    places = [a_place(now, number) for number in range(count)]
    for place in places:
        one = a_round(place, now)
        a_visit(one, MONDAY, [olga], ["masks"])
        StageOverride.objects.create(place=place, by=olga, reason="It freezes.", made_at=now)
    with django_assert_num_queries(6):
        found = stages.standings([place.pk for place in places], now)
    assert len(found) == count
    with django_assert_num_queries(0):
        assert all(one.may_start and one.missing for one in found.values())
