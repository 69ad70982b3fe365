"""Reads GeoJSON: features whose properties are OpenStreetMap's tags."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from sites.actions.map_sorter import Sorter, Unread
from sites.rules import geojson
from sites.rules.shapes import Box, Point
from sites.states import MapObject, Unusable

BYTES_MOST = 64_000_000
_OBJECT = re.compile(r"(node|way|relation|[nwr])/?(\d{1,18})")
_SHORT = {"n": "node", "w": "way", "r": "relation"}


def read_geojson(path: Path, sorter: Sorter) -> Box | None:
    """Sort the features of a file; return no box, for it claims none. Raises `Unread`."""
    if path.stat().st_size > BYTES_MOST:
        raise Unread(Unusable.TOO_BIG)
    try:
        said = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=geojson.no_number)
    except ValueError as error:
        raise Unread(Unusable.BROKEN) from error
    if said.get("type") not in ("FeatureCollection", "Feature"):
        raise Unread(Unusable.NO_MAP)
    features = said.get("features") if said["type"] == "FeatureCollection" else [said]
    if not isinstance(features, list):
        raise Unread(Unusable.BROKEN)
    done = 0
    sorter.share = lambda: 100 * done // len(features)
    for done, feature in enumerate(features, start=1):  # noqa: B007 - the share looks at it
        sorter.saw()
        if isinstance(feature, dict):
            _sort_one(feature, sorter)
    return None


def _sort_one(feature: dict[str, Any], sorter: Sorter) -> None:
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    inner = properties.get("tags")
    tags = {
        key: str(value)
        for key, value in (inner if isinstance(inner, dict) else properties).items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    rings = [ring for ring in geojson.rings(feature.get("geometry")) if ring]
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
