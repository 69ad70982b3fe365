"""Small maps for tests, written as map programs write them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

from sites.models import Place

# A neighbourhood of its own: six corners, a laundry, a school with a yard, a stop, a street, a pond, a camera.
SOUTH, WEST = 39.30, -76.60


def node(number: int, north: float, east: float, **tags: str) -> Node:
    """A node so many thousandths of a degree north and east of the corner."""
    return Node(id=number, version=1, location=(WEST + east / 1000, SOUTH + north / 1000), tags=tags)


CORNERS = [node(1, 0, 0), node(2, 0, 2), node(3, 2, 2), node(4, 2, 0), node(5, 1, 1), node(6, 3, 3)]
STREET = Way(id=20, version=1, nodes=[1, 5, 6], tags={"highway": "residential", "name": "Oak Street"})
SCHOOL = Way(id=21, version=1, nodes=[1, 2, 3, 4, 1], tags={"amenity": "school", "name": "Mill School"})
CLINIC = Relation(
    id=30,
    version=1,
    members=[("w", 22, "outer")],
    tags={"type": "multipolygon", "amenity": "clinic", "building": "yes", "name": "Free Clinic"},
)
RING = Way(id=22, version=1, nodes=[1, 2, 3, 1], tags={})
LAUNDRY = node(10, 1, 1.5, shop="laundry", name="Suds")
STOP = node(11, 2.5, 2.5, highway="bus_stop", name="Oak & 3rd")
CAMERA = node(12, 2, 1, man_made="surveillance")
EVERYTHING = [*CORNERS, LAUNDRY, STOP, CAMERA, STREET, SCHOOL, RING, CLINIC]


def write(path: Path, things: list[object]) -> Path:
    """Write a map; the ending says how."""
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in things:
            getattr(writer, f"add_{type(thing).__name__.lower()}")(thing)
    return path


def lay(
    now: datetime, count: int, *, kind: str = "library", start: int = 0, step: float = 0.0004, **columns: Any
) -> list[Place]:
    """Places on a square, so many, each at its own spot."""
    rows = [
        Place(
            kind=kind, name=f"Place {number:05d}", sort_key=f"place {number:05d}", osm_type="node", osm_id=number + 1,
            latitude=39.28 + step * (number % 200), longitude=-76.66 + step * (number // 200), made_at=now,
            changed_at=now, **columns,
        )
        for number in range(start, start + count)
    ]  # fmt: skip
    return Place.objects.bulk_create(rows)
