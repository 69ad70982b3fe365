"""How far apart two blocks are, as coarsely as blocks are known (mission S9: search by distance)."""

from collections.abc import Iterable
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320.0
# A cell of the grid is about 500 m: nothing finer is known, or said.
CELL_METRES = 500
# What can be chosen; 0 is one's own block and everything in its cell.
REACHES = (0, 1000, 2000)
Position = tuple[float, float]


def metres(one: Position, other: Position) -> float:
    """Return the distance in metres between two positions (latitude, longitude in degrees), flat: good for a city."""
    squeeze = cos(radians((one[0] + other[0]) / 2))
    return METRES_PER_DEGREE * hypot(one[0] - other[0], (one[1] - other[1]) * squeeze)


def coarse(distance: float) -> int:
    """Return a distance in whole cells, in metres: 0 within the same cell, then 500, 1000, …"""
    return round(distance / CELL_METRES) * CELL_METRES


def within(here: Position, blocks: Iterable[tuple[int, Position]], reach: int) -> list[tuple[int, int]]:
    """Return (coarse metres, block) of the blocks within `reach` coarse metres of a position, nearest first."""
    far = ((coarse(metres(here, there)), block) for block, there in blocks)
    return sorted(one for one in far if one[0] <= reach)
