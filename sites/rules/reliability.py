"""Reliability of a station: weeks kept in a row, as a property of the place, never of people (mission S7)."""

from collections.abc import Iterable

from sites.rules.stages import KEPT_WEEKS
from sites.states import ShiftState

BROKEN = frozenset({ShiftState.SHORT, ShiftState.MISSED})


def kept_in_row(weeks: Iterable[ShiftState]) -> int:
    """Return how many weeks were kept in a row up to now, of all weeks, the oldest first.

    A kept week was opened with its minimum roles. A week that was announced as closed neither counts nor breaks the
    row, and one that is still to come says nothing yet.
    """
    row = 0
    for week in weeks:
        if week is ShiftState.KEPT:
            row += 1
        elif week in BROKEN:
            row = 0
    return row


def is_tradition(weeks: Iterable[ShiftState]) -> bool:
    """Whether the row that holds now is long enough to be called a tradition."""
    return kept_in_row(weeks) >= KEPT_WEEKS


def still_to_keep(row: int) -> int:
    """Return how many more weeks in a row make a tradition; 0 for one."""
    return max(0, KEPT_WEEKS - row)
