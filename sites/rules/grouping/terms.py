"""What grouping speaks of: neighbours on cells, what a group is for, and what it is worth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from sites.rules.grid import STEP
from sites.rules.shapes import EARTH

# A row and a column of the grid.
Cell = tuple[int, int]

FEWEST, MOST = 5, 12
# About twenty minutes on foot, over cells whose centres stand for everybody on them.
REACH = 750.0
WITHIN = 2 * REACH
# What a first, and a second, who can do it are worth; of more there is no end, and no use.
SECOND = 0.5
# Less than a millimetre: what floating numbers leave.
TINY = 1e-4


@dataclass(frozen=True)
class Neighbour:
    """What is known of a person for this: a key, a cell, and what they can do."""

    id: int
    cell: Cell
    can: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Aim:
    """What a group is for: the weight of each thing wanted, and how much of all weight has to be covered at least.

    Weights are whole numbers: their halves add up exactly, in whatever order a set yields them. Of `must`, if anything
    is in it, a group can do at least one; and `distinct` different things besides. Without `anyone` only people who can
    do something of what is wanted are looked at.
    """

    wants: Mapping[str, int]
    least: float = 0.5
    must: frozenset[str] = frozenset()
    distinct: int = 1
    anyone: bool = False


@dataclass
class Group:
    """A group while it is being made: the cell that it was grown around, its members, and how many can do what."""

    centre: Cell
    members: list[Neighbour]
    count: Counter[str] = field(default_factory=Counter)


def cell_of(latitude: float, longitude: float) -> Cell:
    """Return the cell of a position; the centre of a cell is on the grid's lines."""
    return round(latitude / float(STEP)), round(longitude / float(STEP))


def apart(one: Cell, other: Cell) -> float:
    """Return how many metres are between the centres of two cells, along the globe.

    By haversines (Sinnott 1984, "Virtues of the Haversine", Sky and Telescope 68), and not on a flattened map: what is
    near one centre from two sides is then never farther from each other than the two ways together.
    """
    north, other_north = radians(one[0] * float(STEP)), radians(other[0] * float(STEP))
    east = radians((other[1] - one[1]) * float(STEP))
    half = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def worth(wants: Mapping[str, int], count: Mapping[str, int]) -> float:
    """Return what a group is worth in which so many can do each thing."""
    return sum(weight * depth(count.get(what, 0)) for what, weight in wants.items())


def depth(people: int) -> float:
    """Return what so many people who can do one thing are worth, in weights of that thing."""
    return 0.0 if people <= 0 else 1.0 if people == 1 else 1.0 + SECOND


def enough(aim: Aim, count: Mapping[str, int]) -> bool:
    """Return whether a group in which so many can do each thing is worth proposing."""
    covered = [what for what in aim.wants if count.get(what, 0) > 0]
    total = sum(aim.wants.values())
    return (
        total > 0
        and sum(aim.wants[what] for what in covered) >= aim.least * total
        and len(set(covered) - aim.must) >= aim.distinct
        and (not aim.must or any(count.get(what, 0) for what in aim.must))
    )


def gain(one: Neighbour, wants: Mapping[str, int], count: Mapping[str, int]) -> float:
    """Return what a person would add to a group in which so many can do each thing."""
    return sum(wants[what] * (depth(count.get(what, 0) + 1) - depth(count.get(what, 0))) for what in one.can)


def count(members: Iterable[Neighbour]) -> Counter[str]:
    """Return how many of these people can do each thing."""
    return Counter(what for one in members for what in one.can)


def add(group: Group, one: Neighbour) -> None:
    """Take a person in."""
    group.members.append(one)
    group.count.update(one.can)


def fits(one: Neighbour, others: Iterable[Neighbour]) -> bool:
    """Return whether a person is near enough to everybody of a group."""
    return all(apart(one.cell, cell) <= WITHIN + TINY for cell in {other.cell for other in others})


def cells_near(cells: Iterable[Cell], reach: float) -> dict[Cell, list[Cell]]:
    """Return for each cell the others (and itself) within reach, the nearest first."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell[0]].append(cell)
    tall = apart((0, 0), (1, 0))
    span = int(reach / tall) + 1
    found = {}
    for cell in cells:
        around = [other for row in range(cell[0] - span, cell[0] + span + 1) for other in rows.get(row, ())]
        by_distance = sorted((apart(cell, other), other) for other in around)
        found[cell] = [other for distance, other in by_distance if distance <= reach]
    return found
