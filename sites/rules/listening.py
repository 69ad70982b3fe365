"""What may happen while a team listens at a place: who joins, which visits count, when one is due (mission S4)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sites.rules.stages import TEAM_MOST
from sites.states import PartOfDay

# A week is what is asked for; four give a tired team time, and then it ends by itself.
ROUND = timedelta(days=28)
# Two days without a visit, and the team hears of it: a week of listening is a rhythm, not an evening.
DUE_AFTER = timedelta(days=2)
NOTE_LONGEST = 2000
OWN_NEEDS_A_VISIT = 3
OWN_NEEDS_MOST = 300
REASON_SHORTEST = 10


class Refusal(StrEnum):
    """Why something may not happen now."""

    UNDER_WAY = "under_way"
    OVER = "over"
    TEAM_FULL = "team_full"
    IN_ALREADY = "in_already"
    ANSWERED = "answered"
    NOT_IN_TEAM = "not_in_team"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    NOBODY_THERE = "nobody_there"
    NOTHING_SAID = "nothing_said"
    TOO_MANY_NEEDS = "too_many_needs"


class Ends(Protocol):
    """A round, as far as its end goes."""

    closes_at: datetime
    ended_at: datetime | None


def is_open(one: Ends, now: datetime) -> bool:
    """Whether somebody still listens: nobody ended it, and its four weeks are not over."""
    return one.ended_at is None and one.closes_at > now


def joining_refusal(*, open_: bool, team: int) -> Refusal | None:
    """Return why nobody can join a team of this size, or None."""
    if not open_:
        return Refusal.OVER
    return Refusal.TEAM_FULL if team >= TEAM_MOST else None


def visit_refusal(*, day: date, begun: date, today: date) -> Refusal | None:
    """Return why a visit of this day can't be written down today; days are the neighbourhood's."""
    if day > today:
        return Refusal.TOO_LATE
    return Refusal.TOO_EARLY if day < begun else None


def visit_due(*, last: date | None, begun: date, today: date, heard: bool) -> bool:
    """Whether it is time for a visit: two days since the last, or since the round began, until enough was heard."""
    return not heard and today - (last or begun) >= DUE_AFTER


def part_of(hour: int) -> PartOfDay:
    """Return the part of the day that an hour of the clock belongs to."""
    for until, part in (
        (5, PartOfDay.NIGHT),
        (8, PartOfDay.EARLY),
        (11, PartOfDay.MORNING),
        (14, PartOfDay.MIDDAY),
        (18, PartOfDay.AFTERNOON),
        (22, PartOfDay.EVENING),
    ):
        if hour < until:
            return part
    return PartOfDay.NIGHT


def added(before: str | None, new: str) -> str:
    """Return a note with another one below it; the same words stand once."""
    if not new or (before and new in before):
        return before or ""
    return f"{before}\n\n{new}" if before else new
