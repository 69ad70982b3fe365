"""Small maps for tests, written as map programs write them."""

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

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
