"""Reliability (S7): weeks in a row, closures that neither count nor break, and a tradition that bends once."""

from hypothesis import given
from hypothesis import strategies as st

from sites.rules.reliability import Reckoned, reckon, still_to_keep
from sites.states import ShiftState

KEPT, CLOSED, MISSED, SHORT = ShiftState.KEPT, ShiftState.CLOSED, ShiftState.MISSED, ShiftState.SHORT
# Kept more often than not, so that traditions come about, bend, heal and end.
WEEKS = st.lists(st.sampled_from([KEPT] * 9 + [CLOSED, MISSED, SHORT, ShiftState.COMING]), max_size=60)
BROKEN = (MISSED, SHORT)


@given(WEEKS)
def test_weeks_in_a_row_are_counted_back_to_the_last_that_was_not_kept(weeks):
    since = 0
    for week in reversed(weeks):
        if week in BROKEN:
            break
        since += week is KEPT
    assert reckon(weeks).row == since
    assert still_to_keep(since) == max(0, 8 - since)


@given(WEEKS, st.integers(0, 60), st.sampled_from([CLOSED, ShiftState.COMING]))
def test_announced_closures_neither_count_nor_break(weeks, place, week):
    assert reckon([*weeks[:place], week, *weeks[place:]]) == reckon(weeks)


@given(WEEKS)
def test_a_tradition_is_eight_in_a_row_with_one_week_at_most_not_kept_since(weeks):
    """Said the other way round: the stretches between broken weeks, read from the last long one on."""
    stretches = [0]
    for week in weeks:
        if week in BROKEN:
            stretches.append(0)
        else:
            stretches[-1] += week is KEPT
    whole = [number for number, length in enumerate(stretches) if length >= 8]
    since = len(stretches) - 1 - whole[-1] if whole else None
    assert reckon(weeks) == Reckoned(stretches[-1], since in (0, 1), since == 1)


def test_eight_kept_weeks_make_a_tradition_and_seven_do_not():
    kept = [KEPT] * 7
    assert not reckon(kept).tradition
    assert reckon([*kept, CLOSED, KEPT]) == Reckoned(8, True)
    assert reckon([*kept, SHORT, KEPT]) == Reckoned(1)


def test_a_tradition_bends_once_and_is_whole_again_after_eight_more():
    old = [KEPT] * 8
    assert reckon([*old, MISSED]) == Reckoned(0, True, True)
    assert reckon([*old, MISSED, *[KEPT] * 7]) == Reckoned(7, True, True)
    assert reckon([*old, MISSED, *[KEPT] * 7, SHORT]) == Reckoned(0)
    assert reckon([*old, MISSED, MISSED]) == Reckoned(0)
    assert reckon([*old, MISSED, *old]) == Reckoned(8, True)
    assert reckon([*old, MISSED, *old, MISSED]) == Reckoned(0, True, True)


@given(WEEKS)
def test_another_kept_week_never_takes_anything_away(weeks):
    before, after = reckon(weeks), reckon([*weeks, KEPT])
    assert after.row == before.row + 1
    assert after.tradition >= before.tradition
    assert after.bent <= before.bent
