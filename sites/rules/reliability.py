"""Reliability of a station: weeks kept in a row, as a property of the place, never of people (mission S7)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sites.rules.stages import KEPT_WEEKS
from sites.states import ShiftState

BROKEN = frozenset({ShiftState.SHORT, ShiftState.MISSED})


@dataclass(frozen=True)
class Reckoned:
    """What a station's weeks come to: how many were kept in a row up to now, and whether it is a tradition."""

    row: int = 0
    tradition: bool = False
    # One week was not kept since, and it takes a full row to be as it was.
    bent: bool = False


def reckon(weeks: Iterable[ShiftState]) -> Reckoned:
    """Return what all weeks of a station come to, the oldest first.

    A kept week was opened with its minimum roles. A week that was announced as closed neither counts nor breaks the
    row, and one that is still to come says nothing yet. "Eight kept weeks make a tradition" (all mission S7).

    What unmakes one the mission leaves open. The essay holds that "the site matters less than the ritual repetition
    that transforms it into tradition. Persistence converts transience into institution" (first essay): a single week
    that failed is not the end of persistence, not taking it up again is. So a tradition bends once: a week that was
    not kept begins a new row and leaves the name; a second one before eight were kept anew takes it away.
    """
    now = Reckoned()
    for week in weeks:
        if week is ShiftState.KEPT:
            whole = now.row + 1 >= KEPT_WEEKS
            now = Reckoned(now.row + 1, now.tradition or whole, now.bent and not whole)
        elif week in BROKEN:
            still = now.tradition and not now.bent
            now = Reckoned(0, still, still)
    return now


def still_to_keep(row: int) -> int:
    """Return how many more weeks in a row make a tradition, or make one whole again; 0 for one that is."""
    return max(0, KEPT_WEEKS - row)
