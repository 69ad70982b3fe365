"""Import places from a map file (.osm.pbf, .osm, .osm.bz2, GeoJSON); again brings them up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commons import clock
from sites.actions.imports import import_here
from sites.actions.map_reader import FileUnusable
from sites.queries.place_words import UNUSABLE
from sites.rules.geojson import POLYGON_BYTES_MOST, parse_polygon
from sites.rules.shapes import Area, NoArea, parse_box


class Command(BaseCommand):
    """The same reader, table and sentences as the page in the browser."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, and the area if not all of it is wanted."""
        parser.add_argument("file", type=Path, help="a map file of at most 300 MB")
        area = parser.add_mutually_exclusive_group()
        area.add_argument("--area", metavar="S,W,N,E", help="only within this box, in degrees (write --area=S,W,N,E)")
        area.add_argument("--polygon", type=Path, metavar="FILE", help="only within this polygon (GeoJSON or .poly)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say one line a kind."""
        area = self._area(options["area"], options["polygon"])
        try:
            counts = import_here(path=options["file"], area=area, now=clock.now(), listen=self._listen)
        except FileUnusable as unusable:
            raise CommandError(str(UNUSABLE[unusable.why])) from None
        for kind, (new, updated, gone) in counts.items():
            self.stdout.write(f"kind={kind} new={new} updated={updated} gone={gone}")
        self.stdout.write("© OpenStreetMap contributors, ODbL 1.0")

    def _listen(self, read: int, share: int | None) -> None:
        self.stderr.write(f"{read} objects read …" if share is None else f"{share} % read, {read} objects …")

    def _area(self, box: str | None, polygon: Path | None) -> Area | None:
        try:
            if box is not None:
                return parse_box(box)
            if polygon is not None:
                with polygon.open("rb") as file:
                    return parse_polygon(file.read(POLYGON_BYTES_MOST + 1))
        except NoArea:
            raise CommandError(
                "This is no area: a box is south,west,north,east in degrees; a polygon is GeoJSON "
                "or a .poly file of at most 2,000 corners."
            ) from None
        except OSError as error:
            raise CommandError(f"The polygon can't be read: {error.strerror}.") from None
        return None
