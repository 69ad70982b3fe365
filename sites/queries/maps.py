"""What the map shows: streets as tiles, places as points or in heaps, and counts on the public grid."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli
from django.db import connection
from django.db.models import BooleanField, Max, Min, Sum
from django.db.models.expressions import RawSQL

from sites.models import Evidence, MapCell, Place
from sites.queries.places import found, within
from sites.rules import cells, tiles
from sites.rules.grid import coarse
from sites.rules.shapes import Box, unpack
from sites.states import WAYS, EvidenceKind, ImportState, PlaceKind

# Points that a page draws at once; beyond, they are heaped.
POINTS_MOST = 200
KEPT_TILES = 400
# Degrees: two blocks each way.
AROUND = 0.0016
SQUARES_MOST = 400
# From the coarsest to the finest: the last is the one of `rules.grid`.
GRIDS = (cells.GRID_LEVEL + 2, cells.GRID_LEVEL + 1, cells.GRID_LEVEL)
PLACE_KINDS = [kind.value for kind in PlaceKind]
EVIDENCE_KINDS = [kind.value for kind in EvidenceKind]
_BACKDROP = """
SELECT kind, name, shape FROM casserole_sites_backdrop
WHERE box(point(west, south), point(east, north)) && box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
    AND kind = ANY(%(kinds)s)
    AND (kind = ANY(%(ways)s) OR greatest(north - south, east - west) >= %(least)s)
ORDER BY array_position(%(kinds)s, kind::text), greatest(north - south, east - west) DESC, id
LIMIT %(most)s
"""


def version() -> str:
    """Return a word that changes when the streets do; it stands in their address, so that browsers may keep them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT max(id) FROM casserole_sites_placeimport WHERE state = %s),"
            " (SELECT max(id) FROM casserole_sites_backdrop)",
            [ImportState.DONE.value],
        )
        return "-".join(str(number or 0) for number in cursor.fetchone())


def _shapes(box: Box, zoom: float) -> Iterator[tiles.Shape]:
    kinds = [kind.value for kind in tiles.shown(zoom)]
    with connection.cursor() as cursor:
        cursor.execute(
            _BACKDROP,
            {
                "south": box.south, "west": box.west, "north": box.north, "east": box.east, "kinds": kinds,
                "ways": [kind.value for kind in WAYS], "least": tiles.smallest(zoom), "most": tiles.SHAPES_MOST,
            },
        )  # fmt: skip
        for kind, name, shape in cursor.fetchall():
            yield tiles.Shape(kind, name, unpack(bytes(shape)))


@dataclass(frozen=True)
class Packed:
    """The bytes of a tile, as they are and compressed."""

    plain: bytes
    gzip: bytes
    br: bytes

    def accepted(self, header: str) -> tuple[bytes, str]:
        """Return the smallest that an Accept-Encoding header allows, and what it is called."""
        codings = {part.split(";")[0].strip() for part in header.split(",") if "q=0" not in part.replace("q=0.", "")}
        if "br" in codings:
            return self.br, "br"
        return (self.gzip, "gzip") if "gzip" in codings else (self.plain, "")


@lru_cache(KEPT_TILES)
def tile(version: str, tile: tiles.Tile) -> Packed:
    """Return one tile of the streets as JSON; kept by this process as long as the streets stay the same."""
    drawn = tiles.drawing(_shapes(tile.box, tile.zoom), tiles.Frame.of(tile))
    said = {
        "ways": {kind: [tiles.packed(way) for way in ways] for kind, ways in drawn.ways.items() if ways},
        "names": [[name, *start, *end] for name, start, end in drawn.names],
    }
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return Packed(plain, gzip.compress(plain, 6, mtime=0), brotli.compress(plain, quality=7))


@dataclass(frozen=True)
class Picture:
    """A map without scripts: paths for an SVG, in the frame's own units."""

    wide: int
    high: int
    frame: tiles.Frame
    box: Box
    paths: list[tuple[str, str]]


@lru_cache(40)
def picture(version: str, box: Box, wide: int, high: int) -> Picture:
    """Return the streets of a box as paths; the bytes are bounded by leaving out what matters least."""
    frame = tiles.fitting(box, wide, high)
    around = tiles.frame_box(frame, wide, high)
    drawn = tiles.drawing(_shapes(around, frame.zoom), frame, wide, high)
    paths = [(kind, tiles.path(kind, ways)) for kind, ways in drawn.ways.items()]
    return Picture(wide, high, frame, around, paths)


def around(latitude: float, longitude: float) -> Box:
    """Return the few blocks around a point."""
    return Box(latitude - AROUND, longitude - AROUND * 1.6, latitude + AROUND, longitude + AROUND * 1.6)


def extent() -> Box | None:
    """Return the box around all standing places, to the cell of the public grid; None where there are none."""
    edges = MapCell.objects.filter(level=cells.GRID_LEVEL, kind__in=PLACE_KINDS, count__gt=0).aggregate(
        Min("y"), Min("x"), Max("y"), Max("x")
    )
    if edges["y__min"] is None:
        return None
    step = cells.width(cells.GRID_LEVEL)
    return Box(
        (edges["y__min"] - 0.5) * step, (edges["x__min"] - 0.5) * step,
        (edges["y__max"] + 0.5) * step, (edges["x__max"] + 0.5) * step,
    )  # fmt: skip


@dataclass(frozen=True)
class Heap:
    """So many places around here."""

    latitude: float
    longitude: float
    count: int


@dataclass(frozen=True)
class Found:
    """What lies in a view: points, or heaps with those that stand alone as points; `more`: not every point is there."""

    points: list[Any]
    heaps: list[Heap]
    more: bool


_HEAPS = """
SELECT sum(latitudes) / sum(count) / 1e6, sum(longitudes) / sum(count) / 1e6, sum(count)
FROM casserole_sites_mapcell
WHERE level = %(level)s AND y BETWEEN %(south)s AND %(north)s AND x BETWEEN %(west)s AND %(east)s
    AND kind = ANY(%(kinds)s) AND count > 0
GROUP BY y >> %(merge)s, x >> %(merge)s
"""


def _heaps(view: cells.View, kinds: list[str]) -> list[Heap]:
    with connection.cursor() as cursor:
        cursor.execute(
            _HEAPS,
            {
                "level": view.level, "south": view.south, "north": view.north, "west": view.west, "east": view.east,
                "kinds": kinds, "merge": view.merge,
            },
        )  # fmt: skip
        return [Heap(float(north), float(east), int(count)) for north, east, count in cursor.fetchall()]


def places_in(box: Box, kind: str, words: str) -> Found:
    """Return the standing places of a box, of a kind ("" for all) whose names hold the words ("" for any).

    At most three questions to the database, whatever there is; heaps know no names, so words always give points.
    """
    box = cells.snapped(box)
    view = cells.view(box)
    heaps = _heaps(view, [kind] if kind else PLACE_KINDS)
    if not words and not view.finest and sum(heap.count for heap in heaps) > POINTS_MOST:
        return _apart(heaps, Place.objects.standing().filter(kind__in=[kind] if kind else PLACE_KINDS))
    points = _points(found(kind, words, box))
    return Found(points[:POINTS_MOST], [], len(points) > POINTS_MOST)


def evidence_in(box: Box, kind: str) -> Found:
    """Return the workplaces or the cameras that the map knows in a box."""
    box = cells.snapped(box)
    view = cells.view(box)
    heaps, evidence = _heaps(view, [kind]), Evidence.objects.filter(kind=kind)
    if not view.finest and sum(heap.count for heap in heaps) > POINTS_MOST:
        return _apart(heaps, evidence)
    points = _points(within(evidence, box))
    return Found(points[:POINTS_MOST], [], len(points) > POINTS_MOST)


# A heap of one has the position of the one that is in it, to the millionth of a degree: looked up there, by the index.
_ALONE = """{table}.id IN (SELECT p.id FROM unnest(%s::float8[], %s::float8[]) AS s (north, east)
    CROSS JOIN LATERAL (SELECT id FROM {table} AS p
        WHERE p.latitude BETWEEN s.north - 2e-6 AND s.north + 2e-6
            AND p.longitude BETWEEN s.east - 2e-6 AND s.east + 2e-6 LIMIT 9) AS p)"""


def _apart(heaps: list[Heap], rows: Any) -> Found:
    """Return the heaps, but what lies alone as itself: a heap of one would say less than its name does."""
    alone = [heap for heap in heaps if heap.count == 1][:POINTS_MOST]
    condition = _ALONE.format(table=rows.model._meta.db_table)
    values = [[heap.latitude for heap in alone], [heap.longitude for heap in alone]]
    points = list(rows.filter(RawSQL(condition, values, BooleanField())).order_by()[: 2 * POINTS_MOST])  # noqa: S611
    near = {_millionths(one.latitude, one.longitude): one for one in points}
    named = {heap: near.get(_millionths(heap.latitude, heap.longitude)) for heap in alone}
    return Found([one for one in named.values() if one], [heap for heap in heaps if not named.get(heap)], False)


def _millionths(latitude: float, longitude: float) -> tuple[int, int]:
    return round(latitude * 1e6), round(longitude * 1e6)


def _points(rows: Any) -> list[Any]:
    # In no order: a sorted walk would pass by every place to find these few.
    return list(rows.order_by()[: POINTS_MOST + 1])


@dataclass(frozen=True)
class Square:
    """A cell of the public grid: its middle, and about how many places lie in it (0: fewer than ten)."""

    latitude: float
    longitude: float
    about: int


@dataclass(frozen=True)
class Grid:
    """What visitors see: squares so many degrees wide."""

    step: float
    squares: list[Square]


def grid() -> Grid:
    """Return the counts of the public grid; of a very large map on a wider grid, so that they are few."""
    # The coarser levels come first and whole: one question, whatever there is.
    rows = (
        MapCell.objects.filter(level__in=GRIDS, kind__in=PLACE_KINDS)
        .values_list("level", "y", "x")
        .annotate(places=Sum("count"))
        .filter(places__gt=0)
        .order_by("-level", "-y", "x")[: (SQUARES_MOST + 1) * len(GRIDS)]
    )
    by_level: dict[int, list[tuple[int, int, int]]] = {level: [] for level in GRIDS}
    for level, y, x, count in rows:
        by_level[level].append((y, x, count))
    chosen = GRIDS[0]
    for level in GRIDS:
        if len(by_level[level]) > SQUARES_MOST:
            break
        chosen = level
    step, counts = cells.width(chosen), by_level[chosen][:SQUARES_MOST]
    squares = [Square(round(y * step, 3), round(x * step, 3), coarse(count)) for y, x, count in counts]
    return Grid(step, squares)


def kinds_counted() -> dict[str, int]:
    """Return how many standing places of each kind, and how many workplaces and cameras, the whole map has."""
    rows = MapCell.objects.filter(level=cells.LEVELS - 1, count__gt=0).values_list("kind").annotate(Sum("count"))
    return dict(rows)
