"""Reads GeoJSON: features whose properties are OpenStreetMap's tags."""

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sites.actions.map_sorter import Sorter, Unread
from sites.rules.shapes import Area, Box, NoArea, Point, on_earth, polygon
from sites.states import MapObject, Unusable

BYTES_MOST = 64_000_000
POLYGON_BYTES_MOST = 500_000
_OBJECT = re.compile(r"(node|way|relation|[nwr])/?(\d{1,18})")
_SHORT = {"n": "node", "w": "way", "r": "relation"}


def read_geojson(path: Path, sorter: Sorter) -> Box | None:
    """Sort the features of a file; return no box, for it claims none. Raises `Unread`."""
    if path.stat().st_size > BYTES_MOST:
        raise Unread(Unusable.TOO_BIG)
    try:
        said = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_number)
    except ValueError as error:
        raise Unread(Unusable.BROKEN) from error
    if said.get("type") not in ("FeatureCollection", "Feature"):
        raise Unread(Unusable.NO_MAP)
    features = said.get("features") if said["type"] == "FeatureCollection" else [said]
    if not isinstance(features, list):
        raise Unread(Unusable.BROKEN)
    for feature in features:
        sorter.saw()
        if isinstance(feature, dict):
            _sort_one(feature, sorter)
    return None


def _no_number(word: str) -> float:
    raise ValueError(word)


def _sort_one(feature: dict[str, Any], sorter: Sorter) -> None:
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    inner = properties.get("tags")
    tags = {
        key: str(value)
        for key, value in (inner if isinstance(inner, dict) else properties).items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    rings = [ring for ring in _rings(feature.get("geometry")) if ring]
    if rings:
        what, number = _object(feature, properties, tags, rings)
        sorter.take(what, number, tags, rings)


def _object(
    feature: dict[str, Any], properties: dict[str, Any], tags: dict[str, str], rings: list[list[Point]]
) -> tuple[MapObject, int]:
    """Return which object of OpenStreetMap a feature is; one that says none is known by what it is and where."""
    for said in (properties.get("@id"), feature.get("id"), properties.get("@osmId"), properties.get("id")):
        if isinstance(said, str) and (found := _OBJECT.fullmatch(said)):
            return MapObject(_SHORT.get(found[1], found[1])), int(found[2])
    what, number = (
        str(properties.get("osm_type") or properties.get("@type")),
        str(properties.get("osm_id") or properties.get("@id")),
    )
    if found := _OBJECT.fullmatch(f"{what.lower()}/{number}"):
        return MapObject(_SHORT.get(found[1], found[1])), int(found[2])
    known = feature.get("id")
    identity = [known] if isinstance(known, str | int) else [sorted(tags.items()), rings[0][0]]
    digest = sha256(json.dumps(identity).encode()).digest()
    return MapObject.FEATURE, int.from_bytes(digest[:8]) >> 2 | 1


def _rings(geometry: Any) -> Iterator[list[Point]]:
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
        said = json.loads(text, parse_constant=_no_number)
        rings = [ring for geometry in _geometries(said) for ring in _rings(geometry)]
    except (ValueError, RecursionError, AttributeError, TypeError):
        raise NoArea from None
    return polygon(rings)


def _geometries(said: dict[str, Any]) -> list[Any]:
    found = [said]
    if said.get("type") == "FeatureCollection":
        found = [feature["geometry"] for feature in said.get("features", [])]
    elif said.get("type") == "Feature":
        found = [said["geometry"]]
    return [one for one in found if isinstance(one, dict) and one.get("type") in ("Polygon", "MultiPolygon")]


def _poly(text: str) -> list[list[Point]]:
    """Read a .poly file: a name; rings, each with a name, a line for each corner (east, then north) and END; END."""
    rings: list[list[Point]] = []
    ring: list[Point] | None = None
    for line in text.splitlines()[1:]:
        words = line.split()
        if words == ["END"]:
            if ring is not None:
                rings.append(ring)
            ring = None
        elif ring is None:
            ring = []
        elif words:
            point = (float(words[1]) if words[1:] else float("nan"), float(words[0]))
            if not on_earth(point):
                raise NoArea
            ring.append(point)
    return rings
