"""Whom to ask first: the rested, the fitting, the awake, the least called lately."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pods.rules.fit import Circumstances, Reachable, allowed, best, may_ask, rest_of
from pods.rules.matching import Need

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
DAY = Circumstances(NOON)
ANY = frozenset()


@pytest.mark.parametrize(
    ("limit", "local", "police", "fits"),
    [
        ("not_nights", NOON.replace(hour=21), False, True),
        ("not_nights", NOON.replace(hour=22), False, False),
        ("not_nights", NOON.replace(hour=6), False, False),
        ("not_nights", NOON.replace(hour=7), False, True),
        ("evenings", NOON.replace(hour=17), False, False),
        ("evenings", NOON.replace(hour=18), False, True),
        ("weekends", NOON, False, False),
        ("weekends", NOON + timedelta(days=3), False, True),
        ("weekends", NOON + timedelta(days=5), False, False),
        ("no_police", NOON, True, False),
        ("no_police", NOON, False, True),
        ("no_stairs", NOON, True, True),
        ("short", NOON, True, True),
    ],
)
def test_limits_are_kept(limit, local, police, fits):
    from sites.states import Limit

    named = next(one for one in Limit if one.value.startswith(limit))
    assert allowed(frozenset({named.value}), Circumstances(local, police)) is fits


def test_all_limits_must_fit():
    assert not allowed(frozenset({"no_stairs", "no_police"}), Circumstances(NOON, police_likely=True))


@pytest.mark.parametrize(
    ("person", "first", "last"),
    [
        (Reachable(1), True, True),
        (Reachable(1, resting=True), False, False),
        (Reachable(1, busy=True), False, False),
        (Reachable(1, carried=2, at_most=2), False, True),
        (Reachable(1, carried=1, at_most=2), True, True),
        (Reachable(1, carried=9, at_most=2, resting=True), False, False),
    ],
)
def test_the_resting_and_busy_are_never_asked_and_the_weary_at_last(person, first, last):
    assert (may_ask(person), may_ask(person, last=True)) == (first, last)


def test_order_near_awake_least_called_longest_ago():
    people = [
        Reachable(1, distance=500),
        Reachable(2, asleep_until=NOON),
        Reachable(3, carried=1),
        Reachable(4, last_asked_at=NOON),
        Reachable(5),
        Reachable(6),
    ]
    assert [person.id for person in rest_of(people)] == [5, 6, 4, 3, 2, 1]


def test_a_skill_is_asked_of_those_who_offer_it_within_limits():
    needs = [Need(1, 7, 1)]
    people = [Reachable(1), Reachable(2, {7: frozenset({"no_police"})}), Reachable(3, {7: ANY}), Reachable(4, {8: ANY})]
    call = Circumstances(NOON, police_likely=True)
    assert [one.id for one in best(needs, {1: 1}, people, call, spread=2)] == [3]


def test_the_rarest_skill_chooses_first():
    needs = [Need(1, None, 1), Need(2, 7, 1)]
    people = [Reachable(1, {7: ANY}), Reachable(2), Reachable(3)]
    chosen = best(needs, {1: 1, 2: 1}, people, DAY, spread=1)
    assert sorted(one.id for one in chosen) == [1, 2]


def test_filled_needs_ask_nobody():
    assert best([Need(1, None, 2)], {1: 0}, [Reachable(1)], DAY, spread=2) == []


people_of = st.lists(
    st.builds(
        Reachable,
        id=st.integers(1, 10_000),
        skills=st.dictionaries(st.integers(1, 3), st.just(ANY)),
        resting=st.booleans(),
        busy=st.booleans(),
        carried=st.integers(0, 4),
    ),
    max_size=20,
    unique_by=lambda person: person.id,
)


@given(people_of, st.integers(1, 4), st.integers(1, 3))
def test_no_wave_asks_anybody_twice_or_too_many(people, lacking, spread):
    needs = [Need(1, 1, lacking), Need(2, None, lacking)]
    chosen = best(needs, {1: lacking, 2: lacking}, people, DAY, spread)
    assert len({one.id for one in chosen}) == len(chosen) <= 2 * lacking * spread
    assert all(may_ask(one) for one in chosen)
    # Whoever has the skill is asked for it as long as it is looked for.
    able = [one for one in people if may_ask(one) and 1 in one.skills]
    assert sum(1 in one.skills for one in chosen) >= min(len(able), lacking * spread)
