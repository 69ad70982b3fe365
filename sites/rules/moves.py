"""A station that changes: on which day a week's shift then is, which weeks follow, and what becomes of their roles.

Mission S6 has weekly shifts and a confirmation; that nobody is silently moved, and that a move is announced a day
before like a closure (S7), is ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sites.rules.shifts import ANNOUNCE_BEFORE
from sites.states import ShiftState

MOVABLE = frozenset({ShiftState.COMING, ShiftState.CLOSED})


def in_same_week(day: date, weekday: int) -> date:
    """Return such a weekday (Monday is 0) of the same week, Monday to Sunday: a week keeps its one shift."""
    return day + timedelta(days=weekday - day.weekday())


def follows(state: ShiftState, old: datetime, new: datetime, now: datetime) -> bool:
    """Whether a shift follows its station from one moment to another.

    Later than a day before either of the two nobody could be told in time: then this week stays as it is. What has been
    never moves.
    """
    return state in MOVABLE and min(old, new) - ANNOUNCE_BEFORE >= now


# A role's kind and its own words; at least, at most.
Key = tuple[str, str]
Slots = tuple[int, int]


@dataclass(frozen=True)
class RoleChange:
    """What becomes of a shift's roles, by what they are called: those to add, to set to other numbers, to let go."""

    add: dict[Key, Slots]
    change: dict[Key, Slots]
    let_go: frozenset[Key]


def role_change(stand: Mapping[Key, Slots], wanted: Mapping[Key, Slots], used: Collection[Key]) -> RoleChange:
    """Return what makes the roles that `stand` into those that are `wanted`.

    A role in `used` is never let go: it is left with no place for anybody new (none at least, none at most), and
    whoever has one keeps it.
    """
    target = {**{key: (0, 0) for key in stand if key in used}, **wanted}
    return RoleChange(
        add={key: slots for key, slots in target.items() if key not in stand},
        change={key: slots for key, slots in target.items() if key in stand and stand[key] != slots},
        let_go=frozenset(stand) - frozenset(target),
    )
