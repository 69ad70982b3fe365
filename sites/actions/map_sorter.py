"""Sorts the objects of a map into places, evidence and backdrop; knows nothing of the server or of file formats."""

import json
import sys
from collections.abc import Callable
from typing import Any, TextIO

from sites.rules import osm
from sites.rules.shapes import Area, Box, Point, box_of, middle, on_earth, pack
from sites.rules.words import fold
from sites.states import WAYS, MapObject, Unusable

ROWS_MOST = {"places": 100_000, "evidence": 200_000, "backdrop": 600_000}
SHAPE_MOST = 20_000
STREET_LONGEST = 80
SAY_EVERY = 20_000


class Unread(Exception):
    """Nothing comes of this file, and why."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why.value)
        self.why = why


class Sorter:
    """Sorts objects into places, evidence and backdrop, each once, and writes them down."""

    def __init__(self, out: TextIO, area: Area | None) -> None:
        self.table = osm.table()
        self.out, self.area = out, area
        self.seen: dict[str, set[tuple[str, int, str]]] = {group: set() for group in ROWS_MOST}
        self.read = 0
        # How much of the file that is, in percent; None where nobody can say.
        self.share: Callable[[], int | None] = lambda: None
        self.extent: Box | None = None
        self.kinds: set[str] = set()

    def saw(self) -> None:
        """Count an object, and say so now and then."""
        self.read += 1
        if self.read % SAY_EVERY == 0:
            say(read=self.read, share=self.share())

    def take(self, what: MapObject, number: int, tags: dict[str, str], rings: list[list[Point]]) -> None:
        """Sort one object: a node is one ring of one point, a line one ring, a surface its outer rings first."""
        rings = [ring for ring in rings if ring]
        if not rings or number <= 0 or not all(on_earth(point) for ring in rings for point in ring):
            return
        point = rings[0][0] if what is MapObject.NODE or len(rings[0]) == 1 else middle(max(rings, key=len))
        point = (round(point[0], 7), round(point[1], 7))
        if self.area is None or self.area.holds(point):
            self._grow(point)
            self._point(what, number, tags, point)
        if len(rings[0]) > 1:
            self._shape(what, number, tags, rings)

    def _grow(self, point: Point) -> None:
        around = self.extent
        if around is None:
            self.extent = Box(point[0], point[1], point[0], point[1])
        elif not around.holds(point):
            self.extent = box_of([*around.corners(), point])

    def _point(self, what: MapObject, number: int, tags: dict[str, str], point: Point) -> None:
        if kind := self.table.places.first_of(tags):
            name = osm.name_of(tags)
            self._write("places", what, number, kind, [name, fold(name)[: osm.NAME_LONGEST], *point])
        for kind in self.table.evidence.all_of(tags):
            self._write("evidence", what, number, kind, [*point])

    def _shape(self, what: MapObject, number: int, tags: dict[str, str], rings: list[list[Point]]) -> None:
        surface = rings[0][0] == rings[0][-1] and len(rings[0]) > 3
        for kind in self.table.backdrop.all_of(tags):
            if kind not in WAYS and not surface:
                continue
            if self.area and not any(self.area.holds(point) for ring in rings for point in ring):
                continue
            if sum(map(len, rings)) <= SHAPE_MOST:
                box = box_of(point for ring in rings for point in ring)
                name = osm.clean(tags.get("name", ""))[:STREET_LONGEST].strip() if kind in WAYS else ""
                more = [name, pack(rings).hex(), *box.corners()[0], *box.corners()[2]]
                self._write("backdrop", what, number, kind, more)

    def _write(self, group: str, what: MapObject, number: int, kind: str, more: list[Any]) -> None:
        # One place an object; evidence and backdrop may be several kinds at once.
        key = (what.value, number, "" if group == "places" else kind)
        if key in self.seen[group]:
            return
        self.seen[group].add(key)
        if len(self.seen[group]) > ROWS_MOST[group]:
            raise Unread(Unusable.TOO_MUCH)
        self.kinds.add(kind)
        self.out.write(json.dumps([group, what.value, number, kind, *more]) + "\n")


def say(**words: Any) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
