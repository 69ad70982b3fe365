"""The map: who sees what on it, how its counts follow the places, and how much it asks and sends."""

import gzip
import json
import re

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites.actions import places as actions
from sites.actions.map_import import import_file
from sites.models import Backdrop, Evidence, MapCell, Place, PlaceImport
from sites.queries import maps as queries
from sites.queries.places import found, leaf
from sites.rules import cells
from tests.sites import maps

pytestmark = pytest.mark.django_db


def lay(now, count: int, *, kind: str = "library", start: int = 0, step: float = 0.0004, **columns) -> list[Place]:
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


@pytest.fixture
def street_map(tmp_path, now):
    import_file(path=maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING), area=None, now=now)


def counted() -> dict[tuple[int, int, int, str], tuple[int, int, int]]:
    rows = MapCell.objects.exclude(count=0).values_list("level", "y", "x", "kind", "count", "latitudes", "longitudes")
    return {row[:4]: row[4:] for row in rows}


def recounted() -> dict[tuple[int, int, int, str], tuple[int, int, int]]:
    """The same by Python, from the rows themselves."""
    sums: dict[tuple[int, int, int, str], list[int]] = {}
    for thing in [*Place.objects.standing(), *Evidence.objects.all()]:
        for level in range(cells.LEVELS):
            key = (level, cells.cell(thing.latitude, level), cells.cell(thing.longitude, level), thing.kind)
            found = sums.setdefault(key, [0, 0, 0])
            found[0] += 1
            found[1] += round(thing.latitude * 1e6)
            found[2] += round(thing.longitude * 1e6)
    return {key: tuple(found) for key, found in sums.items()}


def test_cells_follow_whatever_becomes_of_places(mina, now, street_map):
    assert counted() == recounted() != {}
    lay(now, 40, start=100)
    made = actions.add(by=mina, kind="library", name="Shelf", point=(-39.30001, -76.6), now=now)
    assert counted() == recounted()
    actions.change(place=made, kind="social", name="Shelf", point=(39.31, -76.61), now=now)
    Place.objects.filter(osm_id__lt=110).update(gone_at=now)
    Place.objects.filter(osm_id=110).update(merged_into=made)
    Evidence.objects.filter(kind="camera").delete()
    assert counted() == recounted()
    Place.objects.filter(osm_id__lt=110).update(gone_at=None)
    Place.objects.filter(osm_id__gt=120).delete()
    assert counted() == recounted()
    Place.objects.all().delete()
    Evidence.objects.all().delete()
    assert counted() == {}


def test_members_see_points_and_filter_them(as_mina, now, street_map):
    page = as_mina.get("/map/").content.decode()
    for word in ("Suds", "Oak &amp; 3rd", "© OpenStreetMap contributors", "unknown, not unwatched", 'class="still"'):
        assert word in page
    said = as_mina.get("/map/places/", {"box": "39.2,-76.7,39.4,-76.5"}).json()
    assert {(kind, name) for _ref, kind, name, _north, _east in said["points"]} == {
        ("laundry", "Suds"), ("bus_stop", "Oak & 3rd"), ("school", "Mill School"), ("clinic", "Free Clinic"),
    }  # fmt: skip
    assert said["evidence"] == {}
    said = as_mina.get("/map/places/", {"kind": "laundry", "show": ["camera", "workplace", "moon"]}).json()
    assert [point[2] for point in said["points"]] == ["Suds"]
    assert {kind: len(found["points"]) for kind, found in said["evidence"].items()} == {"camera": 1, "workplace": 1}
    said = as_mina.get("/map/places/", {"q": "schö MILL", "box": "nonsense"}).json()
    assert [point[2] for point in said["points"]] == ["Mill School"]
    assert as_mina.get("/map/places/", {"q": "%'|:*\\", "kind": "\x00"}).status_code == 200
    found = as_mina.get("/map/", {"q": "suds"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in found
    assert "Suds" in found
    assert "Mill School" not in found


def test_very_many_come_in_heaps_that_part_when_looked_at_closely(as_mina, now):
    lay(now, 3000)
    said = as_mina.get("/map/places/").json()
    assert said["points"] == []
    assert sum(heap[2] for heap in said["heaps"]) == 3000
    assert len(said["heaps"]) <= 16 * 16
    near = as_mina.get("/map/places/", {"box": "39.2800,-76.6601,39.2820,-76.6580"}).json()
    assert near["heaps"] == []
    assert 20 < len(near["points"]) <= queries.POINTS_MOST


def test_what_stands_alone_among_heaps_is_itself(as_mina, now):
    lay(now, 400)
    [far] = lay(now, 1, start=40000, kind="clinic")
    gone, other = lay(now, 2, start=60120)
    Place.objects.filter(pk=gone.pk).update(gone_at=now)
    Evidence.objects.bulk_create(
        Evidence(
            kind="camera", osm_type="node", osm_id=number + 1, latitude=39.28, longitude=-76.66 + (number > 0) / 10
        )
        for number in range(300)
    )
    said = as_mina.get("/map/places/", {"box": "39.2,-76.7,39.4,-76.5", "show": "camera"}).json()
    assert {point[0] for point in said["points"]} == {far.ref, other.ref}
    assert min(heap[2] for heap in said["heaps"]) > 1
    assert sum(heap[2] for heap in said["heaps"]) == 400
    camera = said["evidence"]["camera"]
    assert (camera["points"], [heap[2] for heap in camera["heaps"]]) == ([[39.28, -76.66]], [299])
    assert (
        as_mina.get("/map/places/", {"box": "39.2,-76.7,39.4,-76.5", "kind": "clinic"}).json()["points"][0][0]
        == far.ref
    )


def test_a_pile_on_one_spot_is_bounded_and_said(as_mina, now):
    lay(now, 500, step=0)
    said = as_mina.get("/map/places/", {"box": "39.2799,-76.6601,39.2801,-76.6599"}).json()
    assert (len(said["points"]), said["more"]) == (queries.POINTS_MOST, True)
    assert len(as_mina.get("/map/places/", {"q": "place"}).json()["points"]) == queries.POINTS_MOST


POSITION = re.compile(rb"-?\d{1,3}\.\d{4,}")


def test_visitors_see_counts_on_the_grid_and_nothing_finer(client, now, street_map):
    lay(now, 57, start=200, step=0.00001)
    lay(now, 3, start=300, step=0.004)
    answer = client.get("/map/")
    page = answer.content.decode()
    for word in ("0.005°", "about 550 m", "fewer than 10", ">55<", "© OpenStreetMap contributors"):
        assert word in page
    for name in ("Place 00", "Suds", "Mill School", "/places/"):
        assert name not in page
    assert POSITION.search(answer.content) is None
    assert client.get("/map/places/").status_code == 302
    assert 'class="spot"' not in page


def test_the_grid_of_a_city_becomes_coarser_not_longer(client, now):
    lay(now, 2000, step=0.006)
    page = client.get("/map/").content.decode()
    assert "0.02°" in page
    assert page.count("<rect") <= queries.SQUARES_MOST


def test_an_empty_map_says_what_to_do(client, as_mina, as_olga):
    assert "no place on this map yet" in client.get("/map/").content.decode()
    assert "/places/new/" in as_mina.get("/map/").content.decode()
    assert "/places/imports/" in as_olga.get("/map/").content.decode()
    assert as_mina.get("/map/places/").json()["points"] == []


TILE = "/map/streets/{}/15/9411/12487/"


def test_a_tile_is_kept_compressed_and_the_same_for_everybody(client, as_mina, street_map):
    version = queries.version()
    [street] = Backdrop.objects.filter(kind="street")
    answer = client.get(TILE.format(version), headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    said = json.loads(brotli.decompress(answer.content))
    assert set(said["ways"]) == {"street", "building"}
    assert said["names"][0][0] == street.name == "Oak Street"
    assert (
        json.loads(gzip.decompress(client.get(TILE.format(version), headers={"Accept-Encoding": "gzip"}).content))
        == said
    )
    assert client.get(TILE.format(version)).json() == said
    for browser in (client, as_mina):
        answer = browser.get(TILE.format(version))
        assert "immutable" in answer.headers["Cache-Control"]
        assert "no-store" not in answer.headers["Cache-Control"]
        again = browser.get(TILE.format(version), headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    old = client.get(TILE.format("1-1"))
    assert old.headers["Cache-Control"] == "private, max-age=60"
    assert old.json() == said


def test_a_tile_follows_the_next_import(client, now, street_map):
    before = client.get(TILE.format("x"))
    assert before.json()["ways"] != {}
    Backdrop.objects.all().delete()
    PlaceImport.objects.create(file_name="less.osm", state="done", made_at=now)
    after = client.get(TILE.format("x"))
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.json()["ways"] == {}


@pytest.mark.parametrize("path", ["8/0/0", "18/0/0", "12/4096/0", "12/0/9999999999999999999999"])
def test_there_are_no_tiles_beyond_the_map(client, path):
    assert client.get(f"/map/streets/x/{path}/").status_code == 404


def test_a_tile_is_bounded_however_dense_the_map_is(now):
    from sites.rules.shapes import pack

    def way(number: int) -> Backdrop:
        south, west = 39.30 + number % 100 * 2e-5, -76.60 + number // 100 * 2e-5
        ring = [(south + step % 2 * 1e-3, west + step * 1e-4) for step in range(20)]
        return Backdrop(
            kind="street", osm_type="way", osm_id=number + 1, name=f"Street {number}", shape=pack([ring]), south=south,
            west=west, north=south + 1e-3, east=west + 2e-3,
        )  # fmt: skip

    Backdrop.objects.bulk_create([way(number) for number in range(8000)], batch_size=2000)
    packed = queries.tile("dense", queries.tiles.Tile(14, 4705, 6243))
    assert len(packed.br) < 120_000


def statements(ask) -> int:
    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


@pytest.mark.parametrize("path", ["/map/", "/map/places/", "/map/places/?q=place", "/places/", "/map/?show=camera"])
def test_as_many_statements_for_very_many_as_for_a_few(as_mina, now, path):
    lay(now, 30)
    as_mina.get(path)
    few = statements(lambda: as_mina.get(path))
    lay(now, 3000, start=30)
    as_mina.get(path)  # the streets of a larger map are drawn anew, once
    assert statements(lambda: as_mina.get(path)) <= few


def test_visitors_ask_as_often_for_many_as_for_one(client, now, street_map):
    client.get("/map/")
    few = statements(lambda: client.get("/map/"))
    lay(now, 300, start=100, step=0.003)
    client.get("/map/")  # the streets of a larger map are drawn anew, once
    assert statements(lambda: client.get("/map/")) == few


def listed(page: str) -> list[str]:
    return re.findall(r'href="/places/([^/"]{10})/"', page)


def test_places_are_paged_by_name_both_ways_and_those_without_come_last(as_mina, now):
    lay(now, 110)
    Place.objects.filter(osm_id__in=(1, 2)).update(name="", sort_key="")
    seen, path = [], "/places/"
    for _page in range(3):
        page = as_mina.get(path).content.decode()
        seen += listed(page)
        last = path
        found = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/places/" + found[1].replace("&amp;", "&") if found else ""
    assert not path
    assert seen == list(Place.objects.order_by("sort_key").exclude(name="").values_list("ref", flat=True)) + list(
        Place.objects.filter(name="").order_by("id").values_list("ref", flat=True)
    )
    back = re.search(r'rel="prev" href="([^"]+)"', as_mina.get(last).content.decode())[1].replace("&amp;", "&")
    assert listed(as_mina.get("/places/" + back).content.decode()) == seen[50:100]
    assert as_mina.get("/places/?after=nothing").status_code == 200
    assert "library (110)" in as_mina.get("/places/").content.decode()


def test_the_database_finds_places_by_its_indexes(now):
    """The conditions have to be those of the indexes, word by word, or each search reads the whole table."""
    lay(now, 3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE casserole_sites_place")
    near = found("", "").filter(latitude__range=(39.28, 39.281), longitude__range=(-76.66, -76.65)).order_by()
    assert "place_by_position" in near.explain()
    with CaptureQueriesContext(connection) as seen:
        leaf(found("", ""), after=Place.objects.get(osm_id=2000).ref)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + seen.captured_queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "place_standing_by_name" in plan
    assert "Sort" not in plan


def test_a_place_shows_the_streets_around_it_and_few_digits(as_mina, now, street_map):
    place = Place.objects.get(kind="laundry")
    Place.objects.update(latitude=39.3010071)
    page = as_mina.get(f"/places/{place.ref}/").content.decode()
    assert 'class="still"' in page
    assert '<path class="street"' in page
    assert "39.30101, -76.59850" in page
    assert "39.3010071" not in page


def test_a_position_that_nobody_changed_stays_as_exact_as_it_was(as_mina, now, street_map):
    place = Place.objects.get(kind="laundry")
    Place.objects.filter(pk=place.pk).update(latitude=39.3010071)
    page = as_mina.get(f"/places/{place.ref}/change/").content.decode()
    assert 'data-picks="id_position"' in page
    assert 'value="39.30101, -76.59850"' in page
    form = {"kind": "laundry", "name": "More Suds", "position": "39.30101, -76.59850"}
    as_mina.post(f"/places/{place.ref}/change/", form)
    place.refresh_from_db()
    assert (place.latitude, place.edited) == (39.3010071, ["name"])


def test_without_a_map_a_place_is_added_by_numbers_alone(as_mina, now):
    page = as_mina.get("/places/new/").content.decode()
    assert "leaflet" not in page
    assert 'name="position"' in page
