"""GeoJSON's geometries and the .poly files of extracts: numbers from strangers → lines, rings and areas."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sites.rules.shapes import Area, NoArea, Point, on_earth, polygon

POLYGON_BYTES_MOST = 500_000


def no_number(word: str) -> float:
    """Refuse what Python's reader would let pass: NaN and the infinities. Raises `ValueError`."""
    raise ValueError(word)


def rings(geometry: Any) -> Iterator[list[Point]]:
    """Yield a geometry's lines or rings; of what can't be understood, nothing."""
    if not isinstance(geometry, dict) or not isinstance(geometry.get("coordinates"), list):
        return
    inside = geometry["coordinates"]
    shapes: dict[str, Callable[[], Any]] = {
        "Point": lambda: [[inside]],
        "LineString": lambda: [inside],
        "MultiLineString": lambda: inside,
        "Polygon": lambda: inside,
        "MultiPolygon": lambda: [ring for one in inside for ring in one],
    }
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in shapes:
        return
    try:
        for ring in shapes[kind]():
            yield [(float(point[1]), float(point[0])) for point in ring]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        # Points beyond the earth make the whole feature unfit; so does what is no number.
        yield [(float("nan"), float("nan"))]


def parse_polygon(content: bytes) -> Area:
    """Return the area of a file: GeoJSON with a polygon, or the .poly files of extracts. Raises `NoArea`."""
    if len(content) > POLYGON_BYTES_MOST:
        raise NoArea
    try:
        text = content.decode("utf-8-sig").strip()
        if not text.startswith("{"):
            return polygon(_poly(text))
        said = json.loads(text, parse_constant=no_number)
        found = [ring for geometry in _geometries(said) for ring in rings(geometry)]
    except (ValueError, RecursionError, AttributeError, TypeError):
        raise NoArea from None
    return polygon(found)


def _geometries(said: dict[str, Any]) -> list[Any]:
    found = [said]
    if said.get("type") == "FeatureCollection":
        found = [feature["geometry"] for feature in said.get("features", [])]
    elif said.get("type") == "Feature":
        found = [said["geometry"]]
    return [one for one in found if isinstance(one, dict) and one.get("type") in ("Polygon", "MultiPolygon")]


def _poly(text: str) -> list[list[Point]]:
    """Read a .poly file: a name; rings, each with a name, a line for each corner (east, then north) and END; END."""
    found: list[list[Point]] = []
    ring: list[Point] | None = None
    for line in text.splitlines()[1:]:
        words = line.split()
        if words == ["END"]:
            if ring is not None:
                found.append(ring)
            ring = None
        elif ring is None:
            ring = []
        elif words:
            point = (float(words[1]) if words[1:] else float("nan"), float(words[0]))
            if not on_earth(point):
                raise NoArea
            ring.append(point)
    return found
