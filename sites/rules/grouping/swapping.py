"""Swapping people between neighbouring groups, while that makes two of them worth more together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from sites.rules.grouping.terms import (
    WITHIN,
    Aim,
    Cell,
    Group,
    Neighbour,
    cells_near,
    count,
    depth,
    enough,
    fits,
    worth,
)

# How many times, and with how many of the groups nearest to it, each group tries to swap.
PASSES, PARTNERS = 3, 6


def improve(found: list[Group], aim: Aim) -> None:
    """Swap people between neighbouring groups while that makes two groups worth more together."""
    best = worth(aim.wants, dict.fromkeys(aim.wants, 2))
    partners = _partners(found)
    for _ in range(PASSES):
        # Two groups that have all they could have can't gain.
        lacking = {id(group) for group in found if worth(aim.wants, group.count) < best}
        pairs = [pair for pair in partners if id(pair[0]) in lacking or id(pair[1]) in lacking]
        if not sum(_swap(one, other, aim) for one, other in pairs):
            return


def _partners(found: Sequence[Group]) -> list[tuple[Group, Group]]:
    """Return the pairs of groups that try to swap: each with those nearest to it."""
    ordered = sorted(found, key=lambda group: (group.centre, group.members[0].id))
    on_centre: dict[Cell, list[int]] = defaultdict(list)
    for number, group in enumerate(ordered):
        on_centre[group.centre].append(number)
    around = cells_near(on_centre.keys(), WITHIN)
    pairs: set[tuple[int, int]] = set()
    for number, group in enumerate(ordered):
        others = (other for cell in around[group.centre] for other in on_centre[cell] if other > number)
        pairs.update((number, other) for other in islice(others, PARTNERS))
    return [(ordered[one], ordered[other]) for one, other in sorted(pairs)]


def _swap(one: Group, other: Group, aim: Aim) -> bool:
    """Swap the two people whose swap gains most, if any does; return whether one did."""
    best: tuple[float, int, int, Neighbour, Neighbour] | None = None
    there_from, here_from = _moved(one, other, aim), _moved(other, one, aim)
    comings = _each_sort(other.members)
    for leaving in _each_sort(one.members):
        for coming in comings:
            # What both can do stays as it is.
            gains = sum(there_from[what] for what in leaving.can - coming.can)
            gains += sum(here_from[what] for what in coming.can - leaving.can)
            if gains > 0 and (best is None or (-gains, leaving.id, coming.id) < best[:3]):
                best = (-gains, leaving.id, coming.id, leaving, coming)
    if best is None:
        return False
    leaving, coming = best[3:]
    here = [member for member in one.members if member is not leaving]
    there = [member for member in other.members if member is not coming]
    after = count([*here, coming]), count([*there, leaving])
    if not (fits(coming, here) and fits(leaving, there) and enough(aim, after[0]) and enough(aim, after[1])):
        return False
    one.members, one.count = [*here, coming], after[0]
    other.members, other.count = [*there, leaving], after[1]
    return True


def _each_sort(members: Iterable[Neighbour]) -> list[Neighbour]:
    """Return one of all who can do the same and stand on the same cell: swapping either is the same."""
    sorts: dict[tuple[Cell, frozenset[str]], Neighbour] = {}
    for one in sorted(members, key=lambda member: member.id):
        sorts.setdefault((one.cell, one.can), one)
    return list(sorts.values())


def _moved(one: Group, other: Group, aim: Aim) -> dict[str, float]:
    """Return for each thing wanted what it changes when one who can do it goes from the first group to the other."""
    return {
        what: weight
        * (
            depth(one.count[what] - 1)
            - depth(one.count[what])
            + depth(other.count[what] + 1)
            - depth(other.count[what])
        )
        for what, weight in aim.wants.items()
    }
