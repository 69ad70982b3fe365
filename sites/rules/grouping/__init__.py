"""Grouping neighbours: five to twelve near each other who together can do most of what is wanted.

The problem. People stand on the cells of the grid (`sites.rules.grid`), and each can do some things. Wanted are groups
that don't overlap, hold five to twelve people no farther than `WITHIN` from each other, and are worth as much as
possible together. A group is worth, for each thing wanted, its weight once when one of them can do it and half of it
more when a second can, for people rest. More than two of a kind add nothing: that is a crew, not a group whose skills
complete each other. This is maximum coverage with a diversity of bounds, NP-hard already with one cell and one group.

The method.

1. Around each cell on which somebody stands a group is grown greedily from the people within `REACH` of it (twice
   `REACH` is `WITHIN`, so any two of them are near enough): always whoever is the first to cover most; where nobody
   covers anything more, up to five, whoever has least that other groups want, then whoever is nearest. Covering is
   monotone and submodular, so what the first k cover is at least 1 − 1/e of what any k of the pool could (Nemhauser,
   Wolsey and Fisher 1978, "An analysis of approximations for maximizing submodular set functions", Mathematical
   Programming 14). What a person adds can only shrink while the group grows, so that few of them are looked at again
   (Minoux 1978, "Accelerated greedy algorithms for maximizing submodular set functions").
2. The group that is worth most is taken, its people are no longer free, and only groups that counted on one of them
   are grown again. So it goes on until none is left that would be worth enough: first as many groups as there can be.
3. Then they become deep: whoever is left over joins a group near them that has room, where they add most.
4. Two neighbouring groups swap two people as long as both stay worth enough and the two are worth more together
   (pairwise exchange after Kernighan and Lin 1970, "An efficient heuristic procedure for partitioning graphs").

Nothing is drawn by lot, and ties are broken by the nearest cell, then by the smallest key: the same people, in whatever
order, give the same groups. The work grows with the people and the groups near each of them, not with their square.
"""

from collections.abc import Iterable

from sites.rules.grouping.growing import absorb, taken
from sites.rules.grouping.swapping import improve
from sites.rules.grouping.terms import (
    FEWEST,
    MOST,
    REACH,
    TINY,
    WITHIN,
    Aim,
    Cell,
    Group,
    Neighbour,
    apart,
    cell_of,
    enough,
    worth,
)

__all__ = [
    "FEWEST",
    "MOST",
    "REACH",
    "TINY",
    "WITHIN",
    "Aim",
    "Cell",
    "Group",
    "Neighbour",
    "apart",
    "cell_of",
    "enough",
    "groups",
    "worth",
]


def groups(people: Iterable[Neighbour], aim: Aim) -> list[Group]:
    """Return the groups that are proposed, the one worth most first; nobody is in two of them."""
    able = [
        Neighbour(one.id, one.cell, one.can.intersection(aim.wants))
        for one in people
        if aim.anyone or not one.can.isdisjoint(aim.wants)
    ]
    free = {one.id: one for one in sorted(able, key=lambda one: one.id)}
    found = list(taken(free, aim))
    for one in list(free.values()):
        absorb(one, found, aim)
    improve(found, aim)
    for group in found:
        group.members.sort(key=lambda one: one.id)
    return sorted(found, key=lambda group: (-worth(aim.wants, group.count), group.centre, group.members[0].id))
