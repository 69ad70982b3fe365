"""What the map shows near a place: counted within two distances, as a hint beside a score and never the score (S2)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sites.rules.shapes import EARTH, Box, Point, metres

# A minute and a half on foot, and five.
NEAR, FURTHER = 150.0, 400.0


@dataclass(frozen=True)
class Near:
    """How many things lie within 150 m and, these included, within 400 m."""

    near: int = 0
    further: int = 0


def boxes(point: Point, distance: float) -> list[Box]:
    """Return the boxes that hold whatever lies within so many metres: two where they cross the date line."""
    # A hair wider than the circle, so that rounding leaves nothing out; what is too far is measured afterwards.
    up = math.degrees(distance / EARTH) * 1.000_1
    latitude, longitude = point
    south, north = max(-90.0, latitude - up), min(90.0, latitude + up)
    # Meridians draw together towards the poles: the edge that is nearer to one decides.
    narrow = math.cos(math.radians(min(90.0, abs(latitude) + up)))
    if up >= 180 * narrow:
        return [Box(south, -180.0, north, 180.0)]
    west, east = longitude - up / narrow, longitude + up / narrow
    if west < -180:
        return [Box(south, west + 360, north, 180.0), Box(south, -180.0, north, east)]
    if east > 180:
        return [Box(south, west, north, 180.0), Box(south, -180.0, north, east - 360)]
    return [Box(south, west, north, east)]


def count(point: Point, others: Iterable[Point]) -> Near:
    """Return how many of these lie near a point, measured along the ground."""
    away = [metres(point, _beside(point, other)) for other in others]
    return Near(sum(one <= NEAR for one in away), sum(one <= FURTHER for one in away))


def _beside(point: Point, other: Point) -> Point:
    """The other point, written as seen from the first: across the date line 179.9 and -179.9 are neighbours."""
    return other[0], point[1] + (other[1] - point[1] + 180) % 360 - 180
