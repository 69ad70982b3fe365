"""Points, lines and surfaces on the map: where they are, whether an area holds them, how they are packed."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]  # latitude, longitude, in degrees
Ring = Sequence[Point]
EARTH = 6_371_000.0
# Packed to about a tenth of a metre.
PRECISION = 1_000_000
CORNERS_MOST = 2_000


class NoArea(Exception):
    """These words or this file name no area."""


@dataclass(frozen=True)
class Box:
    """South, west, north, east, in degrees; it does not cross the date line."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Whether the point lies in it or on its edge."""
        return self.south <= point[0] <= self.north and self.west <= point[1] <= self.east

    def meets(self, other: "Box") -> "Box | None":
        """Return what both share, or None."""
        shared = Box(
            max(self.south, other.south),
            max(self.west, other.west),
            min(self.north, other.north),
            min(self.east, other.east),
        )
        return shared if shared.south <= shared.north and shared.west <= shared.east else None

    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Its four corners."""
        return (self.south, self.west), (self.south, self.east), (self.north, self.east), (self.north, self.west)


@dataclass(frozen=True)
class Area:
    """A box, or the inside of rings (the even-odd rule: a ring within a ring is a hole)."""

    box: Box
    rings: tuple[tuple[Point, ...], ...] = ()

    def holds(self, point: Point) -> bool:
        """Whether the point lies within."""
        if not self.box.holds(point):
            return False
        return not self.rings or sum(_within(point, ring) for ring in self.rings) % 2 == 1

    def as_json(self) -> dict[str, object]:
        """Return what `from_json` reads."""
        box = self.box
        return {"box": [box.south, box.west, box.north, box.east], "rings": [list(map(list, r)) for r in self.rings]}


def from_json(said: dict[str, list[list[list[float]]]]) -> Area:
    """Return an area as it was kept."""
    south, west, north, east = said["box"]
    rings = tuple(tuple((point[0], point[1]) for point in ring) for ring in said["rings"])
    return Area(Box(south, west, north, east), rings)  # type: ignore[arg-type]


def box_of(points: Iterable[Point]) -> Box:
    """Return the smallest box around points, of which there is at least one."""
    found = list(points)
    latitudes, longitudes = [point[0] for point in found], [point[1] for point in found]
    return Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def on_earth(point: Point) -> bool:
    """Whether these are finite degrees that a map can show."""
    return all(map(math.isfinite, point)) and abs(point[0]) <= 90 and abs(point[1]) <= 180


def parse_box(text: str) -> Area:
    """Return the area of "south,west,north,east". Raises `NoArea`."""
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        raise NoArea from None
    if not (on_earth((south, west)) and on_earth((north, east)) and south < north and west < east):
        raise NoArea
    return Area(Box(south, west, north, east))


def polygon(rings: Sequence[Ring]) -> Area:
    """Return the area within these rings. Raises `NoArea`."""
    kept = tuple(tuple(ring) for ring in rings if len(ring) >= 3)
    points = [point for ring in kept for point in ring]
    if not points or len(points) > CORNERS_MOST or not all(map(on_earth, points)):
        raise NoArea
    return Area(box_of(points), kept)


def _within(point: Point, ring: Ring) -> bool:
    latitude, longitude = point
    inside = False
    before = ring[-1]
    for corner in ring:
        if (corner[0] > latitude) != (before[0] > latitude):
            across = (before[1] - corner[1]) * (latitude - corner[0]) / (before[0] - corner[0]) + corner[1]
            inside ^= longitude < across
        before = corner
    return inside


def metres(one: Point, other: Point) -> float:
    """Return how far two points are apart, well enough for a neighbourhood."""
    north = math.radians(other[0] - one[0])
    east = math.radians(other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return EARTH * math.hypot(north, east)


def middle(points: Ring) -> Point:
    """Return the middle of a closed ring by its surface, or of a line by its box."""
    box = box_of(points)
    origin = (box.south, box.west)
    twice = east = north = 0.0
    if len(points) > 3 and points[0] == points[-1]:
        for before, after in pairwise(points):
            x0, y0, x1, y1 = before[1] - origin[1], before[0] - origin[0], after[1] - origin[1], after[0] - origin[0]
            cross = x0 * y1 - x1 * y0
            twice, east, north = twice + cross, east + (x0 + x1) * cross, north + (y0 + y1) * cross
    found = (origin[0] + north / (3 * twice), origin[1] + east / (3 * twice)) if abs(twice) > 1e-15 else origin
    if abs(twice) <= 1e-15 or not box.holds(found):
        return (box.south + box.north) / 2, (box.west + box.east) / 2
    return found


def pack(rings: Iterable[Ring]) -> bytes:
    """Return lines or rings in few bytes: counts, then the steps between points in millionths of a degree."""
    packed = bytearray()
    latitude = longitude = 0
    for ring in rings:
        _write(packed, len(ring))
        for point in ring:
            north, east = round(point[0] * PRECISION), round(point[1] * PRECISION)
            _write(packed, _fold(north - latitude))
            _write(packed, _fold(east - longitude))
            latitude, longitude = north, east
    return bytes(packed)


def unpack(packed: bytes) -> list[list[Point]]:
    """Return the lines or rings that `pack` packed."""
    numbers = _numbers(packed)
    rings: list[list[Point]] = []
    latitude = longitude = 0
    for count in numbers:
        ring: list[Point] = []
        for _ in range(count):
            latitude += _unfold(next(numbers))
            longitude += _unfold(next(numbers))
            ring.append((latitude / PRECISION, longitude / PRECISION))
        rings.append(ring)
    return rings


def _fold(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _unfold(number: int) -> int:
    return -(number + 1) // 2 if number % 2 else number // 2


def _write(packed: bytearray, number: int) -> None:
    while number > 127:
        packed.append(number % 128 + 128)
        number //= 128
    packed.append(number)


def _numbers(packed: bytes) -> Iterator[int]:
    number, place = 0, 0
    for byte in packed:
        number |= (byte & 127) << place
        place += 7
        if byte < 128:
            yield number
            number, place = 0, 0
