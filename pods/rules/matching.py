"""Enough: the most needs that those coming can fill, one need each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Need:
    """So many people with a skill; `skill` None takes anyone."""

    id: int
    skill: int | None
    count: int


@dataclass(frozen=True)
class Candidate:
    """A person and what they can do."""

    id: int
    skills: frozenset[int] = field(default_factory=frozenset)


def match(needs: Sequence[Need], people: Iterable[Candidate]) -> dict[int, int]:
    """Return person → need for a largest possible matching of people to needs.

    Maximum bipartite matching by augmenting paths (Kuhn 1955), people taken in the order given,
    so that who came first stays counted: an augmenting path moves people between needs but never
    drops one. Needs with a skill are tried before "anyone", which keeps the rare skill visible.
    """
    ordered = sorted(needs, key=lambda need: (need.skill is None, need.id))
    filled: dict[int, list[Candidate]] = {need.id: [] for need in ordered}

    def place(person: Candidate, tried: set[int]) -> bool:
        for need in ordered:
            if need.id in tried or (need.skill is not None and need.skill not in person.skills):
                continue
            tried.add(need.id)
            seats = filled[need.id]
            if len(seats) < need.count:
                seats.append(person)
                return True
            for index, seated in enumerate(seats):
                if place(seated, tried):
                    seats[index] = person
                    return True
        return False

    open_seats = sum(need.count for need in ordered)
    for person in people:
        if open_seats == 0:
            break
        open_seats -= place(person, set())
    return {person.id: need for need, seats in filled.items() for person in seats}


def missing(needs: Sequence[Need], matched: dict[int, int]) -> dict[int, int]:
    """Return need → how many people it still lacks (every need, zero when filled)."""
    have: dict[int, int] = {}
    for need in matched.values():
        have[need] = have.get(need, 0) + 1
    return {need.id: need.count - have.get(need.id, 0) for need in needs}


def enough(needs: Sequence[Need], matched: dict[int, int]) -> bool:
    """Return whether every need is filled."""
    return len(matched) >= sum(need.count for need in needs)


def could_fill(needs: Sequence[Need], people: Sequence[Candidate]) -> bool:
    """Return whether these people, if all came, would fill every need."""
    return enough(needs, match(needs, people))
