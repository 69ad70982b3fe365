"""Who is asked to stand in on a shift, and how many at a time: a few, the least asked first, then nobody else (S6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sites.states import Role

# Volunteers answer a quarter to a half of the time: two for each place, and never a crowd.
FOR_EACH = 2
MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Candidate:
    """Somebody who could stand in: what they did here before, and how often they were asked of late."""

    person: int
    came_before: bool
    offered: bool
    asked_lately: int
    # Thanked before on this very shift: asked again only when nobody else is left.
    thanked: bool = False


def may_stand_in(role: Role, one: Candidate) -> bool:
    """Whether somebody may be asked: who was here before, or offered to be asked; but to lead, only the first."""
    return one.came_before or (one.offered and role is not Role.LEAD)


def next_few(role: Role, missing: int, candidates: Iterable[Candidate]) -> list[int]:
    """Return the people to ask now, for so many missing: those who were asked least of late first.

    Nobody is put before others for what they did. Among equals the order of the candidates stands; the caller shuffles
    them.
    """
    fit = [one for one in candidates if may_stand_in(role, one)]
    fit.sort(key=lambda one: (one.thanked, one.asked_lately))
    return [one.person for one in fit[: min(MOST_AT_ONCE, FOR_EACH * max(0, missing))]]
