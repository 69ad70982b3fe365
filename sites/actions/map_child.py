"""Reads one map file in a process of its own, within limits: `python -m sites.actions.map_child FILE OUT AREA`.

The file comes from a stranger and the readers are written in C, so nothing of the server is here: no database, no
settings. What is understood goes to OUT, a line of JSON each; what was counted, or why nothing came of it, to stdout.
"""

import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from sites.actions.map_geojson import read_geojson
from sites.actions.map_sorter import Sorter, Unread, say
from sites.rules.shapes import Area, Box, Point, from_json
from sites.states import MapObject, Unusable

MEMORY = 1_200_000_000
SECONDS = 120
OUT_BYTES = 400_000_000


def limit() -> None:
    """Take the means away that a hostile file would use up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUT_BYTES, OUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def how(path: Path) -> str:
    """Return what the file is by its content, whatever it is called: pbf, osm, osm.bz2 or geojson. Raises `Unread`."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise Unread(Unusable.EMPTY)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[4:15] == b"\x0a\x09OSMHeader":
        return "pbf"
    if head.startswith(b"BZh"):
        return "osm.bz2"
    if text.startswith(b"{"):
        return "geojson"
    if text.startswith(b"<"):
        if b"<osmChange" in text:
            raise Unread(Unusable.CHANGES)
        if b"<osm" in text:
            return "osm"
    raise Unread(Unusable.NO_MAP)


def read_osm(path: Path, kind: str, sorter: Sorter) -> Box | None:
    """Sort what stands in an OpenStreetMap file; return the box that its head claims. Raises `Unread`."""
    import osmium

    try:
        # An absolute path: osmium would fetch whatever looks like a web address.
        file = osmium.io.File(str(path.resolve()), kind)
        processor = osmium.FileProcessor(file).with_locations().with_areas()
        processor.with_filter(osmium.filter.KeyFilter(*sorter.table.keys))
        box = _claimed(processor.header)
        sorter.share = lambda: share_read(path)
        for thing in processor:
            sorter.saw()
            _sort_one(thing, sorter)
    except RuntimeError as error:
        raise Unread(Unusable.BROKEN) from error
    return box


def share_read(path: Path) -> int | None:
    """Return how much of a file that this process reads was taken from the disk, in percent; None where it isn't said.

    The reader is a library's, which tells nobody how far it is: the system does (Linux, proc(5): fdinfo). It runs ahead
    by a few pieces, and what it has read to the end it closes.
    """
    whole, seen = path.stat().st_size, path.resolve()
    try:
        for number in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                if number.readlink() == seen:
                    at = Path(f"/proc/self/fdinfo/{number.name}").read_text(encoding="ascii").split()[1]
                    return min(100, 100 * int(at) // whole)
    except OSError:
        return None
    return 100


def _claimed(header: Any) -> Box | None:
    with suppress(Exception):  # a head without a box, or with nonsense
        box = header.box()
        if box.valid():
            low, high = box.bottom_left, box.top_right
            return Box(low.lat, low.lon, high.lat, high.lon)
    return None


def _sort_one(thing: Any, sorter: Sorter) -> None:
    if not thing.visible:
        return
    tags = {tag.k: tag.v for tag in thing.tags}
    if thing.is_node():
        if thing.location.valid():
            sorter.take(MapObject.NODE, thing.id, tags, [[(thing.location.lat, thing.location.lon)]])
    elif thing.is_way():
        if thing.is_closed() and len(thing.nodes) > 3:
            # Comes again as a surface; here only what is a line: a roundabout.
            tags = {key: value for key, value in tags.items() if key == "highway"}
            if not tags:
                return
        sorter.take(MapObject.WAY, thing.id, tags, [_points(thing.nodes)])
    elif thing.is_area():
        rings = [_points(ring) for outer in thing.outer_rings() for ring in (outer, *thing.inner_rings(outer))]
        tags.pop("highway", None)
        sorter.take(MapObject.WAY if thing.from_way() else MapObject.RELATION, thing.orig_id(), tags, rings)


def _points(nodes: Any) -> list[Point]:
    return [(node.location.lat, node.location.lon) for node in nodes if node.location.valid()]


def main(path: Path, out: Path, area: Area | None) -> None:
    """Read, and say what came of it."""
    limit()
    try:
        kind = how(path)
        with out.open("w", encoding="ascii") as lines:
            sorter = Sorter(lines, area)
            read: Callable[[], Box | None] = (
                (lambda: read_geojson(path, sorter)) if kind == "geojson" else (lambda: read_osm(path, kind, sorter))
            )
            claimed = read()
        if not sorter.read:
            raise Unread(Unusable.EMPTY)
    except Unread as unread:
        say(unusable=unread.why.value)
        return
    except (MemoryError, RecursionError):
        say(unusable=Unusable.TOO_BIG.value)
        return
    say(done=True, read=sorter.read, whole=kind != "geojson", kinds=sorted(sorter.kinds), scope=_scope(sorter, claimed))


def _scope(sorter: Sorter, claimed: Box | None) -> list[float] | None:
    """Return where what is missing has vanished: within what the file claims and shows alike."""
    shown = sorter.extent
    if shown is not None and claimed is not None:
        shown = shown.meets(claimed)
    return None if shown is None else [shown.south, shown.west, shown.north, shown.east]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), from_json(json.loads(sys.argv[3])) if sys.argv[3:] else None)
