"""Importing places: what a map gives, what a second import changes, what people edited, and what vanished."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from commons import clock
from sites.actions.map_import import import_file
from sites.actions.map_reader import FileUnusable
from sites.models import Backdrop, Double, Evidence, Place
from sites.rules.shapes import parse_box, unpack
from tests.sites import maps

pytestmark = pytest.mark.django_db


def run(path, area=None) -> dict[str, list[int]]:
    counts = import_file(path=path, area=parse_box(area) if area else None, now=clock.now())
    return {kind: three for kind, three in counts.items() if any(three)}


@pytest.fixture
def map_file(tmp_path):
    return maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING)


FRESH = {
    "laundry": [1, 0, 0], "bus_stop": [1, 0, 0], "clinic": [1, 0, 0], "school": [1, 0, 0],
    "workplace": [1, 0, 0], "camera": [1, 0, 0], "street": [1, 0, 0], "building": [1, 0, 0],
}  # fmt: skip


@pytest.mark.parametrize("ending", ["osm.pbf", "osm", "osm.bz2"])
def test_places_come_from_nodes_ways_and_multipolygons(tmp_path, ending):
    path = maps.write(tmp_path / f"map.{ending}", maps.EVERYTHING)
    assert run(path) == FRESH
    assert run(path) == {}
    found = {place.kind: (place.osm_type, place.osm_id, place.name) for place in Place.objects.all()}
    assert found == {
        "laundry": ("node", 10, "Suds"),
        "bus_stop": ("node", 11, "Oak & 3rd"),
        "school": ("way", 21, "Mill School"),
        "clinic": ("relation", 30, "Free Clinic"),
    }
    school = Place.objects.get(kind="school")
    assert (round(school.latitude, 6), round(school.longitude, 6)) == (39.301, -76.599)
    assert set(Evidence.objects.values_list("kind", "osm_id")) == {("workplace", 10), ("camera", 12)}
    [street] = unpack(bytes(Backdrop.objects.get(kind="street").shape))
    assert [(round(north, 6), round(east, 6)) for north, east in street] == [
        (39.3, -76.6), (39.301, -76.599), (39.303, -76.597),
    ]  # fmt: skip


def test_geojson_gives_the_same(tmp_path, map_file):
    features = [
        {"type": "Feature", "id": "node/10", "properties": {"shop": "laundry", "name": "Suds"},
         "geometry": {"type": "Point", "coordinates": [-76.5985, 39.301]}},
        {"type": "Feature", "properties": {"amenity": "library", "name": "Vine Branch"},
         "geometry": {"type": "Point", "coordinates": [-76.59, 39.31]}},
    ]  # fmt: skip
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    run(map_file)
    # Other kinds than those of a GeoJSON file are nothing that it looked for: the school stays.
    assert run(path) == {"library": [1, 0, 0]}
    assert run(path) == {}


def test_what_changed_is_updated_and_what_vanished_is_marked_and_comes_back(tmp_path, map_file):
    run(map_file)
    moved = maps.node(10, 1, 1.7, shop="laundry", name="Suds & More")
    far = maps.node(40, 9, 9, highway="bus_stop", name="End of the line")
    other = maps.write(tmp_path / "other.osm.pbf", [*maps.CORNERS, moved, far, *maps.EVERYTHING[-4:]])
    assert run(other) == {"laundry": [0, 1, 0], "bus_stop": [1, 0, 1], "workplace": [0, 1, 0], "camera": [0, 0, 1]}
    assert Place.objects.get(osm_id=11).gone_at is not None
    assert Place.objects.get(osm_id=10).name == "Suds & More"
    assert run(map_file)["bus_stop"] == [0, 1, 0]
    assert Place.objects.get(osm_id=11).gone_at is None


def test_only_what_an_area_holds_is_new_or_gone(tmp_path, map_file):
    box = "39.3005,-76.5990,39.3015,-76.5980"
    assert run(map_file, box)["laundry"] == [1, 0, 0]
    assert set(Place.objects.values_list("kind", flat=True)) == {"laundry", "clinic", "school"}
    run(map_file)
    nothing = maps.write(tmp_path / "less.osm", [*maps.CORNERS, maps.STREET])
    gone = run(nothing, box)
    assert gone["laundry"] == [0, 0, 1]
    assert "bus_stop" not in gone
    assert Place.objects.get(kind="bus_stop").gone_at is None


def test_what_people_edited_survives(tmp_path, map_file):
    run(map_file)
    Place.objects.filter(kind="laundry").update(name="Doña Ana's", edited=["name", "position"], latitude=39.5)
    moved = maps.node(10, 1.2, 1.7, amenity="library", name="Not this")
    run(maps.write(tmp_path / "new.osm", [*maps.CORNERS, moved, maps.STOP]))
    place = Place.objects.get(osm_id=10)
    assert (place.kind, place.name, place.latitude) == ("library", "Doña Ana's", 39.5)


def test_places_by_hand_are_never_gone(tmp_path, map_file, now):
    Place.objects.create(kind="library", name="Shelf", latitude=39.301, longitude=-76.599, made_at=now, changed_at=now)
    run(map_file)
    assert Place.objects.get(name="Shelf").gone_at is None


def test_doubles_are_proposed_once(tmp_path, map_file, now):
    twin = maps.node(13, 1.1, 1.5, shop="laundry", name="Suds Laundromat Suds")
    near = maps.node(14, 1.1, 1.6, shop="laundry", name="SÚDS")
    other = maps.node(15, 1.1, 1.6, amenity="library", name="Suds")
    things = [*maps.CORNERS, maps.LAUNDRY, twin, near, other]
    path = maps.write(tmp_path / "twins.osm", things)
    run(path)
    pairs = {(double.first.osm_id, double.second.osm_id) for double in Double.objects.select_related("first", "second")}
    assert pairs == {(10, 14)}
    Double.objects.update(decided_at=now)
    Place.objects.filter(osm_id=13).update(name="x")
    run(path)
    assert Double.objects.count() == 1


def test_names_are_cleaned(tmp_path):
    dressed = "\u202eevil\u202c \ue000name\u0000" + "x" * 500
    features = [{"type": "Feature", "id": "node/1", "properties": {"amenity": "library", "name": dressed + "\ud800"},
                 "geometry": {"type": "Point", "coordinates": [-76.6, 39.3]}}]  # fmt: skip
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    run(path)
    name = Place.objects.get().name
    assert name.startswith("evil name")
    assert len(name) == 120
    assert set(name) == set("evil namex")


def test_as_many_statements_for_thirty_places_as_for_one(tmp_path):
    from django.test.utils import CaptureQueriesContext

    def statements(count: int) -> int:
        stops = [maps.node(100 + i, i / 10, 1, highway="bus_stop", name=f"Stop {i}") for i in range(count)]
        path = maps.write(tmp_path / "stops.osm.pbf", stops)
        with CaptureQueriesContext(connection) as seen:
            run(path)
        return len(seen)

    one = statements(1)
    assert statements(30) == one


def test_the_command_says_one_line_a_kind(map_file, capsys, tmp_path):
    call_command("import_places", str(map_file))
    assert "kind=bus_stop new=1 updated=0 gone=0" in capsys.readouterr().out.splitlines()
    call_command("import_places", str(map_file))
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "© OpenStreetMap contributors, ODbL 1.0"
    assert all("new=0 updated=0 gone=0" in line for line in lines[:-1])
    corner = tmp_path / "corner.poly"
    corner.write_text("corner\n1\n -76.598 39.302\n -76.597 39.302\n -76.597 39.304\n -76.598 39.304\nEND\nEND\n")
    Place.objects.all().delete()
    call_command("import_places", str(map_file), "--polygon", str(corner))
    assert [place.kind for place in Place.objects.all()] == ["bus_stop"]
    for words in (["--area=1,2,3"], ["--area=nan,1,2,3"], ["--polygon", str(map_file)], ["--polygon", "nowhere"]):
        with pytest.raises(CommandError):
            call_command("import_places", str(map_file), *words)


def test_a_file_that_lacks_most_of_what_is_known_is_doubted_unless_somebody_named_the_area(tmp_path):
    stops = [maps.node(100 + n, n / 10, n / 10, highway="bus_stop", name=f"Stop {n}") for n in range(60)]
    run(maps.write(tmp_path / "whole.osm.pbf", [*stops, maps.LAUNDRY]))
    cut = maps.write(tmp_path / "cut.osm.pbf", [stops[0], *stops[40:]])
    with pytest.raises(FileUnusable, match="loses"):
        run(cut)
    assert Place.objects.filter(gone_at=None).count() == 61
    most = maps.write(tmp_path / "most.osm.pbf", [stops[0], *stops[28:]])
    assert run(most)["bus_stop"] == [0, 0, 27]
    assert run(cut, f"{maps.SOUTH},{maps.WEST},{maps.SOUTH + 1},{maps.WEST + 1}")["bus_stop"] == [0, 0, 12]
