"""Cells in which places are counted, so that a map of very many answers as quickly as one of few.

Counts are kept at five levels, each cell of one being four cells wide of the next finer. A cell is centred on a
multiple of its width, as those of the public grid are (`rules.grid`, mission S11): level 1 is that grid.
"""

import math
from dataclasses import dataclass

from sites.rules.shapes import Box

# Degrees. The same arithmetic stands in SQL, in the trigger that counts.
FINEST = 0.00125
LEVELS = 5
GRID_LEVEL = 1
# How many cells a view shows each way, at most.
ACROSS = 14
MICRO = 1_000_000


def width(level: int) -> float:
    """Return how wide and high the cells of a level are, in degrees."""
    return FINEST * (1 << 2 * level)


def cell(degrees: float, level: int) -> int:
    """Return the number of the cell in which this latitude or longitude lies."""
    return (math.floor(degrees / FINEST) + (1 << 2 * level) // 2) >> (2 * level)


@dataclass(frozen=True)
class View:
    """Which cells answer for a box: those of a level from … to …, merged by twos as often as `merge` says."""

    level: int
    merge: int
    south: int
    west: int
    north: int
    east: int

    @property
    def finest(self) -> bool:
        """Whether no closer look would part these cells."""
        return self.level == 0 and self.merge == 0


def view(box: Box) -> View:
    """Return the cells for a box: as fine as it can be without becoming too many."""
    wanted = max(box.north - box.south, box.east - box.west) / ACROSS
    doublings = max(0, math.ceil(math.log2(max(wanted, FINEST) / FINEST)))
    level = min(doublings // 2, LEVELS - 1)
    south, west = cell(box.south, level), cell(box.west, level)
    north, east = cell(box.north, level), cell(box.east, level)
    return View(level, doublings - 2 * level, south, west, north, east)


def snapped(box: Box) -> Box:
    """Return a box that is a little larger and begins and ends where others do, so that small moves ask the same."""
    high, wide = box.north - box.south, box.east - box.west
    step = 2.0 ** math.ceil(math.log2(max(high, wide, FINEST) / 8))
    return Box(
        max(-90.0, math.floor(box.south / step) * step),
        max(-180.0, math.floor(box.west / step) * step),
        min(90.0, math.ceil(box.north / step) * step),
        min(180.0, math.ceil(box.east / step) * step),
    )
