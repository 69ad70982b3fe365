"""Growing groups: greedily around each cell, the one worth most first; then whoever is left over joins one."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sites.rules.grouping.terms import (
    FEWEST,
    MOST,
    REACH,
    WITHIN,
    Aim,
    Cell,
    Group,
    Neighbour,
    add,
    apart,
    cells_near,
    count,
    enough,
    fits,
    gain,
    worth,
)


def taken(free: dict[int, Neighbour], aim: Aim) -> Iterator[Group]:
    """Yield groups, always the one that is worth most, and take its people out of `free`."""
    on_cell: dict[Cell, list[int]] = defaultdict(list)
    for one in free.values():
        on_cell[one.cell].append(one.id)
    around = cells_near(on_cell.keys(), REACH)
    heap: list[tuple[float, Cell, list[int]]] = []

    def grow(centre: Cell) -> None:
        pool = [free[key] for cell in around[centre] for key in on_cell[cell] if key in free]
        group = _grown(centre, pool, aim)
        if group is not None:
            keys = [one.id for one in group.members]
            heapq.heappush(heap, (-worth(aim.wants, group.count), centre, keys))

    for centre in sorted(on_cell):
        grow(centre)
    while heap:
        _, centre, keys = heapq.heappop(heap)
        if all(key in free for key in keys):
            members = [free.pop(key) for key in keys]
            yield Group(centre, members, count(members))
        grow(centre)


def _grown(centre: Cell, pool: Sequence[Neighbour], aim: Aim) -> Group | None:
    """Return the group that grows around a cell, or None where it would be too small or not worth proposing."""
    if len(pool) < FEWEST:
        return None
    group = Group(centre, [])
    # By what each would add, as far as is known; then whoever others need least; the pool stands in order of nearness.
    waiting = [(-_first(one, aim, {}), len(one.can), rank, one) for rank, one in enumerate(pool)]
    if aim.must:
        holders = [entry for entry in waiting if entry[3].can & aim.must]
        if not holders:
            return None
        first = min(holders)
        waiting.remove(first)
        add(group, first[3])
    heapq.heapify(waiting)
    while waiting and len(group.members) < MOST:
        known, wanted, rank, one = heapq.heappop(waiting)
        adds = _first(one, aim, group.count)
        if adds < -known:
            heapq.heappush(waiting, (-adds, wanted, rank, one))
        elif adds <= 0 and len(group.members) >= FEWEST:
            break
        else:
            add(group, one)
    return group if len(group.members) >= FEWEST and enough(aim, group.count) else None


def _first(one: Neighbour, aim: Aim, known: Mapping[str, int]) -> int:
    """Return the weight of what a person would be the first of a group to be able to do."""
    return sum(aim.wants[what] for what in one.can if not known.get(what, 0))


def absorb(one: Neighbour, found: Sequence[Group], aim: Aim) -> None:
    """Let somebody who is left over join the group with room where they add most; the smallest, where they add none."""
    roomy = [
        (-gain(one, aim.wants, group.count), len(group.members), number)
        for number, group in enumerate(found)
        if len(group.members) < MOST and apart(one.cell, group.centre) <= WITHIN and fits(one, group.members)
    ]
    if roomy:
        add(found[min(roomy)[2]], one)
