"""Tiles of the street map: which shapes a zoom shows, and how they become few small numbers.

The arithmetic is that of web maps everywhere (spherical Mercator, EPSG:3857): zoom z has 2^z tiles each way.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sites.rules.shapes import Box, Point
from sites.states import WAYS, BackdropClass

# Steps across a tile, which a page shows 512 pixels wide: half a pixel is as fine as it gets.
STEPS = 1024
FIRST, LAST = 9, 17
# What a tile holds at most; what matters least is left out first.
SHAPES_MOST, POINTS_MOST = 6_000, 24_000
# Outside of a tile by this much lines are kept, so that none ends within the width of a pen.
AROUND = 24
# Where a shape begins to be worth drawing, by zoom.
SHOWN_FROM = {
    BackdropClass.WATER: 9, BackdropClass.PARK: 11, BackdropClass.MAIN: 9, BackdropClass.STREET: 12,
    BackdropClass.PATH: 14, BackdropClass.BUILDING: 14,
}  # fmt: skip
NAMED_FROM = 13
Spot = tuple[int, int]


@dataclass(frozen=True)
class Tile:
    """One square of the map."""

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (FIRST <= self.zoom <= LAST and 0 <= self.x < 2**self.zoom and 0 <= self.y < 2**self.zoom):
            raise ValueError("There is no such tile.")

    @property
    def box(self) -> Box:
        """Its edges, in degrees."""
        across = 2**self.zoom
        return Box(
            _latitude((self.y + 1) / across),
            self.x / across * 360 - 180,
            _latitude(self.y / across),
            (self.x + 1) / across * 360 - 180,
        )


@dataclass(frozen=True)
class Frame:
    """Where points come to lie: a square of the map, whose north-west corner is (0, 0), in steps to the south-east."""

    zoom: float
    west: float
    north: float

    @classmethod
    def of(cls, tile: Tile) -> "Frame":
        """The frame of a tile."""
        return cls(tile.zoom, tile.x, tile.y)

    def spot(self, point: Point) -> Spot:
        """Return where a point lies, in steps."""
        across = 2**self.zoom
        x, y = _across(point)
        return round((x * across - self.west) * STEPS), round((y * across - self.north) * STEPS)


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def _across(point: Point) -> tuple[float, float]:
    """Return a point on the whole world's square, 0 to 1 to the east and to the south."""
    # Towards the poles the map has no end; nobody lives there.
    latitude = math.radians(max(-85.0, min(85.0, point[0])))
    return (point[1] + 180) / 360, (1 - math.asinh(math.tan(latitude)) / math.pi) / 2


def fitting(box: Box, wide: int, high: int) -> Frame:
    """Return a frame in which a box lies in the middle of so many steps by so many, as large as fits."""
    x0, y0 = _across((box.north, box.west))
    x1, y1 = _across((box.south, box.east))
    span = max((x1 - x0) * STEPS / wide, (y1 - y0) * STEPS / high, 2.0**-LAST)
    across = 1 / span
    middle_x, middle_y = (x0 + x1) / 2 * across, (y0 + y1) / 2 * across
    return Frame(math.log2(across), middle_x - wide / STEPS / 2, middle_y - high / STEPS / 2)


def frame_box(frame: Frame, wide: int, high: int) -> Box:
    """Return the degrees that so many steps by so many of a frame show."""
    across = 2**frame.zoom
    return Box(
        _latitude((frame.north + high / STEPS) / across),
        frame.west / across * 360 - 180,
        _latitude(frame.north / across),
        (frame.west + wide / STEPS) / across * 360 - 180,
    )


def shown(zoom: float) -> list[BackdropClass]:
    """Return what a zoom shows, in the order in which it is drawn: ground first, main streets last but for houses."""
    return [kind for kind, begins in SHOWN_FROM.items() if zoom >= begins]


def smallest(zoom: float) -> float:
    """Return how many degrees a surface must measure to be seen at a zoom: two pixels."""
    return 4 / STEPS * 360 / 2**zoom


def line(points: Iterable[Point], frame: Frame, wide: int = STEPS, high: int = STEPS) -> list[list[Spot]]:
    """Return the parts of a line that come near a frame, simplified; what only passes by at a distance is left out."""
    spots = _distinct(map(frame.spot, points))
    parts: list[list[Spot]] = []
    part: list[Spot] = []
    for before, after in pairwise(spots):
        if _near(before, after, wide, high):
            part = part or [before]
            part.append(after)
        elif part:
            parts.append(part)
            part = []
    if part:
        parts.append(part)
    return [simplified(one) for one in parts]


def surface(points: Iterable[Point], frame: Frame, wide: int = STEPS, high: int = STEPS) -> list[Spot]:
    """Return a ring cut to a frame and simplified; empty if nothing of it is seen."""
    spots = _distinct(map(frame.spot, points))
    for axis, edge, keep_above in (
        (0, -AROUND, True),
        (0, wide + AROUND, False),
        (1, -AROUND, True),
        (1, high + AROUND, False),
    ):
        spots = _cut(spots, axis, edge, keep_above)
    spots = _distinct(spots)
    kept = simplified([*spots, spots[0]])[:-1] if len(spots) > 2 else []
    return kept if len(kept) > 2 else []


def _distinct(spots: Iterable[Spot]) -> list[Spot]:
    kept: list[Spot] = []
    for spot in spots:
        if not kept or kept[-1] != spot:
            kept.append(spot)
    return kept


def _near(one: Spot, other: Spot, wide: int, high: int) -> bool:
    return (
        max(one[0], other[0]) >= -AROUND
        and min(one[0], other[0]) <= wide + AROUND
        and max(one[1], other[1]) >= -AROUND
        and min(one[1], other[1]) <= high + AROUND
    )


def _cut(spots: Sequence[Spot], axis: int, edge: int, keep_above: bool) -> list[Spot]:
    """Return what of a ring lies on one side of a straight line (Sutherland and Hodgman's way)."""
    kept: list[Spot] = []
    for before, after in zip([*spots[-1:], *spots[:-1]], spots, strict=True):
        was, stays = ((spot[axis] >= edge) == keep_above or spot[axis] == edge for spot in (before, after))
        if was != stays:
            share = (edge - before[axis]) / (after[axis] - before[axis])
            other = round(before[1 - axis] + share * (after[1 - axis] - before[1 - axis]))
            kept.append((edge, other) if axis == 0 else (other, edge))
        if stays:
            kept.append(after)
    return kept


def simplified(spots: Sequence[Spot], off: float = 1.0) -> list[Spot]:
    """Return a line with no more points than it needs to stay within so many steps (Douglas and Peucker's way)."""
    keep = {0, len(spots) - 1}
    waiting = [(0, len(spots) - 1)]
    while waiting:
        first, last = waiting.pop()
        worst, where = off, 0
        for place in range(first + 1, last):
            away = _away(spots[place], spots[first], spots[last])
            if away > worst:
                worst, where = away, place
        if where:
            keep.add(where)
            waiting += [(first, where), (where, last)]
    return [spots[place] for place in sorted(keep)]


def _away(spot: Spot, start: Spot, end: Spot) -> float:
    """Return how far a spot lies from a straight piece."""
    x, y, dx, dy = spot[0] - start[0], spot[1] - start[1], end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = max(0.0, min(1.0, (x * dx + y * dy) / length)) if length else 0.0
    return math.hypot(x - share * dx, y - share * dy)


def packed(spots: Sequence[Spot]) -> list[int]:
    """Return the first spot and then the steps from each to the next, in one row of numbers."""
    row = list(spots[0])
    for before, after in pairwise(spots):
        row += [after[0] - before[0], after[1] - before[1]]
    return row


def path(kind: str, ways: Iterable[Sequence[Spot]]) -> str:
    """Return lines or surfaces as one path of an SVG."""
    end = "" if kind in WAYS else "z"
    parts = []
    for way in ways:
        (x, y), steps = way[0], packed(way)[2:]
        parts.append(f"M{x} {y}l" + " ".join(map(str, steps)).replace(" -", "-") + end)
    return "".join(parts)


@dataclass(frozen=True)
class Shape:
    """A shape as it is kept."""

    kind: str
    name: str
    rings: Sequence[Sequence[Point]]


@dataclass(frozen=True)
class Drawing:
    """What a frame shows: lines and surfaces by kind, and where the names of streets could stand."""

    ways: dict[str, list[list[Spot]]]
    names: list[tuple[str, Spot, Spot]]


def drawing(shapes: Iterable[Shape], frame: Frame, wide: int = STEPS, high: int = STEPS) -> Drawing:
    """Return what so many steps by so many of a frame show, the weightiest shapes first, as long as there is room."""
    ways: dict[str, list[list[Spot]]] = {}
    longest: dict[str, tuple[int, Spot, Spot]] = {}
    room = POINTS_MOST
    for shape in shapes:
        parts: list[list[Spot]] = []
        for ring in shape.rings:
            if shape.kind in WAYS:
                parts += line(ring, frame, wide, high)
            elif kept := surface(ring, frame, wide, high):
                parts.append(kept)
        room -= sum(map(len, parts))
        if room < 0:
            break
        ways.setdefault(shape.kind, []).extend(parts)
        if shape.name and shape.kind in WAYS:
            _measure(longest, shape.name, parts)
    names = [(name, start, end) for name, (_length, start, end) in longest.items()]
    return Drawing(ways, names if frame.zoom >= NAMED_FROM else [])


def _measure(longest: dict[str, tuple[int, Spot, Spot]], name: str, parts: list[list[Spot]]) -> None:
    """Keep the longest nearly straight piece of each street: its name may stand there."""
    for part in parts:
        straight = simplified(part, 8)
        for start, end in pairwise(straight):
            length = abs(end[0] - start[0]) + abs(end[1] - start[1])
            if length > longest.get(name, (0,))[0]:
                longest[name] = (length, start, end)
