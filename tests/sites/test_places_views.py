"""Places in the browser: found, added, corrected, imported from a map, and two said to be one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.web.refusal import Refused
from sites.actions import imports, places
from sites.models import Double, Place, PlaceImport, PlaceImportPart
from sites.states import ImportState
from sites.tasks import import_places
from tests.sites import maps
from tests.sites.conftest import signed_in

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "map.osm.pbf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def content(tmp_path) -> bytes:
    return maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING).read_bytes()


def a_place(now, number: int, name: str = "Vine Branch", **columns) -> Place:
    known = {"kind": "library", "name": name, "sort_key": name.lower(), "latitude": 39.3, "longitude": -76.6}
    return Place.objects.create(osm_type="node", osm_id=number, made_at=now, changed_at=now, **{**known, **columns})


def test_a_map_is_uploaded_read_by_a_worker_and_shown(as_olga, content):
    answer = as_olga.post("/places/imports/", {"file": upload(content, "../../etc/map.osm.pbf")})
    page = answer.headers["Location"]
    one = PlaceImport.objects.get()
    assert (one.file_name, one.state) == ("map.osm.pbf", "queued")
    assert "waits for a worker" in as_olga.get(page).content.decode()
    import_places()
    shown = as_olga.get(page).content.decode()
    assert "Bus stop" in shown
    assert "© OpenStreetMap contributors, ODbL" in shown
    assert "hx-get" not in shown.partition('id="progress"')[2].partition("</section>")[0]
    fragment = as_olga.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Bus stop" in fragment
    assert not PlaceImportPart.objects.exists()
    assert "map.osm.pbf" in as_olga.get("/places/imports/").content.decode()
    as_olga.post("/places/imports/", {"file": upload(content)})
    import_places()
    assert "Nothing has changed" in as_olga.get(f"/places/imports/{PlaceImport.objects.first().ref}/").content.decode()


def test_a_box_is_asked_for(as_olga, content):
    as_olga.post("/places/imports/", {"file": upload(content), "box": "39.302, -76.598, 39.304, -76.597"})
    import_places()
    assert [place.kind for place in Place.objects.all()] == ["bus_stop"]


def test_a_broken_map_ends_in_a_sentence(as_olga, content):
    as_olga.post("/places/imports/", {"file": upload(content[:200])})
    import_places()
    one = PlaceImport.objects.get()
    assert (one.state, one.problem) == ("refused", "broken")
    assert "broken or was cut off" in as_olga.get(f"/places/imports/{one.ref}/").content.decode()
    assert not PlaceImportPart.objects.exists()
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"box": "1,2,3"}, "Four numbers"),
        ({"polygon": SimpleUploadedFile("a.poly", b"x")}, "There is no polygon"),
        ({"file": ""}, "required"),
    ],
)
def test_what_is_no_area_is_refused(as_olga, more, sentence):
    answer = as_olga.post("/places/imports/", {"file": upload(b"x"), **more})
    assert sentence in answer.content.decode()
    assert not PlaceImport.objects.exists()


def test_three_maps_wait_and_no_more(as_olga):
    for _ in range(3):
        as_olga.post("/places/imports/", {"file": upload(b"x")})
    assert as_olga.post("/places/imports/", {"file": upload(b"x")}).status_code == 409
    assert PlaceImport.objects.count() == 3


def test_a_worker_that_was_stopped_is_followed_by_another_and_in_the_end_by_a_sentence(olga, now, content):
    one = imports.enqueue(by=olga, name="m.pbf", pieces=[content[:100], content[100:]], area=None, now=now)
    assert imports._claim(now).pk == one.pk
    assert not imports.import_next(now=now)  # somebody is at it
    PlaceImport.objects.update(lease_until=now)
    assert imports.import_next(now=clock.now())
    one.refresh_from_db()
    assert (one.state, one.tries) == (ImportState.DONE, 2)
    PlaceImport.objects.update(state="reading", lease_until=now, tries=3)
    imports.import_next(now=clock.now())
    one.refresh_from_db()
    assert (one.state, one.problem) == ("refused", "stopped")


def test_two_workers_never_take_the_same(olga, now):
    imports.enqueue(by=olga, name="m.pbf", pieces=[b"x"], area=None, now=now)
    first = imports._claim(now)
    assert imports._claim(now) is None
    PlaceImport.objects.update(tries=2)
    assert not imports._still_ours(first)


def test_places_are_found_by_kind_and_name(as_mina, now):
    a_place(now, 1)
    a_place(now, 2, "Suds", kind="laundry")
    a_place(now, 3, "Old Library", gone_at=now)
    page = as_mina.get("/places/").content.decode()
    assert "Vine Branch" in page
    assert "Suds" in page
    assert "Old Library" not in page
    assert "© OpenStreetMap contributors, ODbL" in page
    assert "Import a map" not in page
    page = as_mina.get("/places/", {"kind": "laundry", "q": "SÚD"}).content.decode()
    assert "Suds" in page
    assert "Vine Branch" not in page
    for odd in ({"kind": "moon"}, {"q": "\x00"}, {"q": "%_\\"}, {"page": "-1"}):
        assert as_mina.get("/places/", odd).status_code == 200


def test_a_place_by_hand_and_its_correction(as_mina, mina):
    as_mina.post("/places/new/", {"kind": "library", "name": " Book\u202e shelf ", "position": "39.29041, -76.61221"})
    place = Place.objects.get()
    assert (place.name, place.latitude, place.added_by, place.edited) == ("Book shelf", 39.29041, mina, [])
    as_mina.post(f"/places/{place.ref}/change/", {"kind": "social", "name": "Shelf", "position": "39.3, -76.6"})
    place.refresh_from_db()
    assert (place.kind, place.name, place.edited) == ("social", "Shelf", [])
    page = as_mina.get(f"/places/{place.ref}/").content.decode()
    assert "39.30000, -76.60000" in page
    assert "Added by hand" in page


def test_what_was_corrected_no_import_changes_back(as_mina, olga, now, content):
    imports.enqueue(by=olga, name="m.pbf", pieces=[content], area=None, now=now)
    imports.import_next(now=now)
    place = Place.objects.get(kind="laundry")
    position = f"{place.latitude}, {place.longitude}"
    as_mina.post(f"/places/{place.ref}/change/", {"kind": "laundry", "name": "Doña Ana", "position": position})
    place.refresh_from_db()
    assert place.edited == ["name"]
    imports.enqueue(by=olga, name="m.pbf", pieces=[content], area=None, now=now)
    imports.import_next(now=now)
    place.refresh_from_db()
    assert place.name == "Doña Ana"


@pytest.mark.parametrize(
    "change", [{"kind": "moon"}, {"name": "\u202e"}, {"name": "x" * 121}, {"position": "91, 0"}, {"position": "here"}]
)
def test_what_is_no_place_is_refused(as_mina, change):
    form = {"kind": "library", "name": "Shelf", "position": "39.3, -76.6", **change}
    assert as_mina.post("/places/new/", form).status_code == 200
    assert not Place.objects.exists()


def test_two_are_one(as_olga, mina, now):
    kept, other = a_place(now, 1), a_place(now, 2, "Vine Branch Library")
    double = Double.objects.create(first=kept, second=other)
    assert "Vine Branch Library" in as_olga.get("/places/doubles/").content.decode()
    as_olga.post(f"/places/doubles/{double.ref}/", {"keep": kept.ref})
    other.refresh_from_db()
    assert other.merged_into == kept
    assert as_olga.get(f"/places/{other.ref}/").status_code == 404
    assert as_olga.post(f"/places/doubles/{double.ref}/", {"keep": other.ref}).status_code == 404
    with pytest.raises(Refused):
        places.decide(double=double, keep=other.ref, now=now)
    with pytest.raises(Refused):
        places.change(place=other, kind="library", name="x", point=(1, 1), now=now)


def test_or_they_are_two_and_strangers_are_neither(as_olga, now):
    double = Double.objects.create(first=a_place(now, 1), second=a_place(now, 2))
    as_olga.post(f"/places/doubles/{double.ref}/", {"keep": a_place(now, 3).ref})
    double.refresh_from_db()
    assert double.decided_at is None
    as_olga.post(f"/places/doubles/{double.ref}/", {"keep": ""})
    assert not Place.objects.exclude(merged_into=None).exists()
    assert "Nothing to decide" in as_olga.get("/places/doubles/").content.decode()


def test_a_place_by_hand_beside_its_double_is_proposed(mina, now):
    a_place(now, 1)
    places.add(by=mina, kind="library", name="Vine Branch", point=(39.3001, -76.6), now=now)
    assert Double.objects.count() == 1


@pytest.mark.parametrize("path", ["/places/", "/places/doubles/", "/places/imports/"])
def test_as_many_statements_for_thirty_as_for_one(olga, now, path):
    client = signed_in(olga)

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    def one(number: int) -> None:
        pair = a_place(now, number * 2), a_place(now, number * 2 + 1)
        Double.objects.create(first=pair[0], second=pair[1])
        PlaceImport.objects.create(by=olga, file_name="m", made_at=now)

    client.get(path)
    one(1)
    few = statements()
    for number in range(2, 31):
        one(number)
    assert statements() == few


def test_visitors_see_nothing(client, now):
    place = a_place(now, 1)
    for path in ("/places/", f"/places/{place.ref}/", "/places/imports/", "/places/doubles/", "/places/new/"):
        assert client.get(path).status_code == 302
