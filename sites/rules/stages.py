"""The road of a place: mapped, listened to, present, tradition, and what is missing before the next (mission S5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sites.states import Stage

# "Spend a week in quiet observation", in teams of two or three (essay, "Listening Before Acting"; mission S4, S5).
WEEK = 7
OBSERVERS_FEWEST = 2
TEAM_MOST = 3
# "Eight kept weeks make a tradition" (mission S7).
KEPT_WEEKS = 8
ROAD = tuple(Stage)


class Lack(StrEnum):
    """One thing that is missing before the next stage."""

    LISTENING = "listening"
    DAYS = "days"
    OBSERVERS = "observers"
    NEED = "need"
    POPUP = "popup"
    WEEKS = "weeks"


@dataclass(frozen=True)
class Heard:
    """What a listening round came to: numbers only, so that they outlive the notes."""

    visits: int = 0
    days: int = 0
    observers: int = 0
    needs: int = 0

    @property
    def lacks(self) -> list[Lack]:
        """Return what is missing before a place was listened to; empty when a week was heard."""
        if not self.visits:
            return [Lack.LISTENING]
        missing = {
            Lack.DAYS: self.days < WEEK,
            Lack.OBSERVERS: self.observers < OBSERVERS_FEWEST,
            Lack.NEED: not self.needs,
        }
        return [lack for lack, so in missing.items() if so]

    @property
    def enough(self) -> bool:
        """Whether this was a week by two observers at least, with a need named."""
        return not self.lacks


def days_spread(days: Sequence[date]) -> int:
    """Return over how many days visits lie, the first and the last counted: Monday to Sunday are seven."""
    return (max(days) - min(days)).days + 1 if days else 0


def stage_of(*, heard: bool, running: bool, tradition: bool) -> Stage:
    """Return how far a place is: whether a round heard enough, a pop-up runs there, and is a tradition."""
    if running:
        return Stage.TRADITION if tradition else Stage.PRESENT
    return Stage.LISTENED if heard else Stage.MAPPED


def next_of(stage: Stage) -> Stage | None:
    """Return the stage after this one; None after the last."""
    after = ROAD.index(stage) + 1
    return ROAD[after] if after < len(ROAD) else None


def lacks(stage: Stage, heard: Heard) -> list[Lack]:
    """Return what is missing before the stage after this one."""
    return {
        Stage.MAPPED: heard.lacks,
        Stage.LISTENED: [Lack.POPUP],
        Stage.PRESENT: [Lack.WEEKS],
        Stage.TRADITION: [],
    }[stage]


def may_start(stage: Stage, *, overridden: bool) -> bool:
    """Whether a pop-up may start: after listening, or where an organizer said why it may before."""
    return overridden or stage is not Stage.MAPPED
