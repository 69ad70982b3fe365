"""Which weeks follow a station that changes, and what becomes of its roles: whatever is tried."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sites.rules import moves as rules
from sites.states import ShiftState
from tests.sites.stations import (
    HOUR,
    NOW,
)  # fmt: skip

STATES = st.sampled_from(ShiftState)
HOURS = st.integers(-500, 500)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_week_keeps_its_one_shift(day, weekday):
    there = rules.in_same_week(day, weekday)
    assert there.weekday() == weekday
    assert there.isocalendar()[:2] == day.isocalendar()[:2]
    assert rules.in_same_week(day + timedelta(days=7), weekday) - there == timedelta(days=7)


@given(STATES, HOURS, HOURS)
def test_only_what_can_be_announced_a_day_before_follows(state, old, new):
    follows = rules.follows(state, NOW + old * HOUR, NOW + new * HOUR, NOW)
    assert follows == (state in ("coming", "closed") and old >= 24 and new >= 24)


SLOTS = st.tuples(st.integers(0, 3), st.integers(3, 12))
SOME_ROLES = st.dictionaries(st.tuples(st.sampled_from(["lead", "server", "own"]), st.sampled_from(["", "Tea"])), SLOTS)


@given(SOME_ROLES, SOME_ROLES, st.data())
def test_roles_become_those_that_are_wanted_and_none_in_use_is_let_go(stand, wanted, data):
    used = frozenset(data.draw(st.lists(st.sampled_from(sorted(stand)), unique=True)) if stand else [])
    change = rules.role_change(stand, wanted, used)
    then = {key: slots for key, slots in stand.items() if key not in change.let_go} | change.change | change.add
    assert {key: slots for key, slots in then.items() if slots != (0, 0)} == wanted
    assert used <= set(then)
    assert not set(change.add) & set(stand)
    # What is as it should be is left alone.
    assert rules.role_change(then, wanted, used) == rules.RoleChange({}, {}, frozenset())
