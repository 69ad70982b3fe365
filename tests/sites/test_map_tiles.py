"""The streets under the map: tiles that are kept, compressed, bounded, and follow the next import."""

import gzip
import json

import brotli
import pytest

from sites.models import Backdrop, PlaceImport
from sites.queries import maps as queries

pytestmark = pytest.mark.django_db


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
