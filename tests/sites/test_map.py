"""The map: who sees what on it, and how its counts follow the places."""

import re

import pytest

from sites.actions import places as actions
from sites.models import Evidence, MapCell, Place
from sites.queries import maps as queries
from sites.rules import cells
from tests.sites.maps import lay

pytestmark = pytest.mark.django_db


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
