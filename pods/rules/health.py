"""How well a pod is: its size, what it can do, what it lacks, and whether it is tired."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from pods.rules.raising import SMALLEST_POD

SEATS = 12
# Calls of this long back tell what a pod is asked for.
LOOKS_BACK = timedelta(days=365)
# Pods this near are sisters: one is asked when the other's own people are not enough.
SISTERS_WITHIN_METRES = 2500.0
# What the built-in kinds of call commonly need, for as long as a network has no history of its own to learn from.
COMMONLY_NEEDED: Mapping[str, tuple[str, ...]] = {
    "eviction": ("tenant_rights", "van"),
    "raid": ("legal_observer", "deescalation"),
    "medical": ("first_aid",),
    "arrest": ("legal_observer", "driver"),
}


class Size(StrEnum):
    """What the number of members makes of a pod."""

    FORMING = "forming"
    READY = "ready"
    FULL = "full"


@dataclass(frozen=True)
class Seated:
    """What a pod's health asks of one member."""

    id: int
    skills: frozenset[int] = field(default_factory=frozenset)
    resting: bool = False
    over_limit: bool = False


@dataclass(frozen=True)
class Health:
    """A pod's health, in counts: nobody in it is named."""

    members: int
    size: Size
    # Skill → how many members offer it, whoever rests just now.
    covered: Mapping[int, int]
    # Needed skills that no rested member offers, the most needed first.
    missing: tuple[int, ...]
    resting: int
    tired: bool


def size(members: int) -> Size:
    """Return what so many members make: fewer than five are forming, twelve are full (P1)."""
    if members < SMALLEST_POD:
        return Size.FORMING
    return Size.FULL if members >= SEATS else Size.READY


def tired(seated: Sequence[Seated]) -> bool:
    """Return whether half the members or more rest, or carried as many calls this week as they said they would."""
    weary = sum(1 for member in seated if member.resting or member.over_limit)
    return bool(seated) and weary * 2 >= len(seated)


def missing(seated: Iterable[Seated], needed: Mapping[int, int]) -> tuple[int, ...]:
    """Return the needed skills that no rested member offers; `needed` maps each skill to how often it was needed."""
    at_hand = {skill for member in seated if not member.resting for skill in member.skills}
    lacking = [skill for skill in needed if skill not in at_hand]
    return tuple(sorted(lacking, key=lambda skill: (-needed[skill], skill)))


def health(seated: Sequence[Seated], needed: Mapping[int, int]) -> Health:
    """Return how well a pod of these members is, given what calls around it need."""
    return Health(
        members=len(seated),
        size=size(len(seated)),
        covered=Counter(skill for member in seated for skill in member.skills),
        missing=missing(seated, needed),
        resting=sum(1 for member in seated if member.resting),
        tired=tired(seated),
    )
