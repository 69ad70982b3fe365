"""How far an import has come, what it brought, and what is left of one whose worker was killed."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from commons import clock
from sites.actions import imports
from sites.actions.map_child import share_read
from sites.actions.map_reader import HOUSE, reading
from sites.models import Backdrop, Double, Evidence, Place, PlaceImport, PlaceImportPart
from sites.queries.place_words import brought
from tests.sites import maps

WORKER = """
import django
django.setup()
from commons import clock
from sites.actions.imports import import_next
import_next(now=clock.now())
"""
PATIENCE = 60.0


def test_the_share_of_a_file_is_what_the_system_says_was_read(tmp_path):
    path = tmp_path / "map.osm.pbf"
    path.write_bytes(b"x" * 1000)
    with path.open("rb", buffering=0) as file:
        shares = [share_read(path)]
        for _piece in range(4):
            file.read(250)
            shares.append(share_read(path))
    assert shares == [0, 25, 50, 75, 100]
    # What the library has read to its end, it closes.
    assert share_read(path) == 100


def test_whoever_listens_hears_objects_and_share(tmp_path):
    path, count = tmp_path / "map.geojson", 25_000
    one = '{"type":"Feature","properties":{"highway":"crossing"},"geometry":{"type":"Point","coordinates":[1,1]}}'
    path.write_text('{"type":"FeatureCollection","features":[' + ",".join([one] * count) + "]}")
    said = []
    with reading(path, None, lambda read, share: said.append((read, share))):
        pass
    assert said == [(20_000, 80)]


SUDS = {"laundry": [1, 0, 0], "library": [0, 2, 1], "camera": [0, 0, 0], "street": [30, 0, 0]}


def test_what_an_import_brought_is_summed_by_sort():
    groups = brought(SUDS)
    sums = [(str(group.total.name), group.total.new, group.total.updated, group.total.gone) for group in groups]
    assert sums == [("Places", 1, 2, 1), ("Streets and ground", 30, 0, 0)]
    assert [str(line.name) for line in groups[0].lines] == ["laundry", "library"]
    assert brought({}) == []


@pytest.mark.django_db
def test_the_page_says_how_far_it_is_and_what_comes_next(as_olga, now):
    one = PlaceImport.objects.create(file_name="x" * 120, made_at=now)

    def says(**columns):
        for name, value in columns.items():
            setattr(one, name, value)
        one.save()
        return as_olga.get(f"/places/imports/{one.ref}/").content.decode()

    assert "waits for a worker" in says()
    page = says(state="reading", objects_read=60_000, share_read=41)
    assert "41 % of the file is read, 60000 objects so far." in page
    assert '<progress class="thin" value="41" max="100"' in page
    page = says(share_read=None)
    assert "60000 objects so far" in page
    assert '<progress class="thin" aria-label' in page
    assert "all of it or nothing" in says(share_read=100)
    first, second = (
        Place.objects.create(
            kind="laundry", name="Suds", sort_key="suds", latitude=39.3, longitude=-76.6, made_at=now, changed_at=now
        )
        for _number in range(2)
    )
    page = says(state="done", ended_at=now, counts=SUDS)
    assert "hx-get" not in page.partition('id="progress"')[2].partition("</section>")[0]
    assert re.search(r'rowgroup">Places</th>\s*<td[^>]*>1</td>\s*<td[^>]*>2</td>\s*<td[^>]*>1</td>', page)
    assert 'href="/places/"' in page
    Double.objects.create(first=first, second=second)
    page = says()
    assert "1 likely double to look at" in page
    assert 'href="/places/doubles/"' in page


def settings_of_a_process():
    """An environment in which another process works on the database of this test."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    return {**os.environ, "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}


def until(true, what):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def writers(more=""):
    """How many other connections write places, or last did."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%INTO casserole_sites_place AS%'"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND pid <> pg_backend_pid(){more}")
        return cursor.fetchone()[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_imported_and_the_next_one_finishes(tmp_path, mina):
    content = maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING).read_bytes()
    one = imports.enqueue(by=mina, name="map.osm.pbf", pieces=[content], area=None, now=clock.now())
    # Somebody else is about to write the last thing that the worker would write: it waits there, all but done.
    address = settings_of_a_process()["DATABASE_URL"].replace("postgres://", "postgresql://")
    with psycopg.connect(address) as other:
        other.execute(
            "INSERT INTO casserole_sites_place (ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id,"
            " edited, made_at, changed_at)"
            " VALUES ('other', 'clinic', '', '', 0, 0, 'relation', 30, '{}', now(), now())"
        )
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=HOUSE, env=settings_of_a_process())
        try:
            until(lambda: worker.poll() is not None or writers(" AND wait_event_type = 'Lock'"), "the worker writes")
            assert worker.poll() is None
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        other.rollback()
    until(lambda: not writers(), "what the worker had begun is rolled back")
    assert [table.objects.count() for table in (Place, Evidence, Backdrop)] == [0, 0, 0]
    one.refresh_from_db()
    assert (one.state, one.tries, one.share_read, PlaceImportPart.objects.count()) == ("reading", 1, 100, 1)

    # Until its lease is over the file is the dead worker's; then it is anybody's.
    assert not imports.import_next(now=clock.now())
    assert imports.import_next(now=clock.now() + imports.LEASE + timedelta(seconds=1))
    one.refresh_from_db()
    assert (one.state, one.tries, PlaceImportPart.objects.count()) == ("done", 2, 0)
    assert set(Place.objects.values_list("kind", flat=True)) == {"laundry", "bus_stop", "school", "clinic"}
