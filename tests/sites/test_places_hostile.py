"""Broken, huge, cut off and hostile map files: a clear sentence, and nothing half-imported."""

import bz2
import json

import pytest
from django.core.management import CommandError, call_command

from commons import clock
from sites.actions import map_child, map_reader, map_sorter
from sites.actions.map_import import import_file
from sites.actions.map_reader import FileUnusable
from sites.models import Backdrop, Evidence, Place
from sites.queries.place_words import UNUSABLE
from sites.rules.geojson import parse_polygon
from sites.rules.shapes import NoArea
from sites.states import Unusable
from tests.sites import maps

pytestmark = pytest.mark.django_db
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a0 "ha">{LAUGHS}]><osm><node id="1" v="&a11;"/></osm>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm version="0.6">&x;</osm>'
HEAD = b"\x00\x00\x00\x0d\x0a\x09OSMHeader"
FILES = {
    "empty": (b"", Unusable.EMPTY),
    "blank": (b" \n\n", Unusable.EMPTY),
    "text": (b"hello", Unusable.NO_MAP),
    "archive": (b"PK\x03\x04" + b"\0" * 100, Unusable.NO_MAP),
    "page": (b"<!doctype html><html></html>", Unusable.NO_MAP),
    "changes": (b'<?xml version="1.0"?><osmChange version="0.6"></osmChange>', Unusable.CHANGES),
    "no objects": (b'<?xml version="1.0"?><osm version="0.6"></osm>', Unusable.EMPTY),
    "cut xml": (b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="1" lon="1"><tag k="amen', Unusable.BROKEN),
    "laughs": (BOMB.encode(), Unusable.BROKEN),
    "entity": (OUTSIDE.encode(), Unusable.BROKEN),
    "latitude": (b'<osm version="0.6"><node id="1" lat="ninety" lon="1"/></osm>', Unusable.BROKEN),
    "head only": (HEAD, Unusable.BROKEN),
    "head claims much": (HEAD + b"\x18\xff\xff\xff\xff\x7f" + b"x" * 100, Unusable.BROKEN),
    "cut bz2": (bz2.compress(b'<osm version="0.6">' + b" " * 9999)[:-20], Unusable.BROKEN),
    "no bz2": (b"BZh9" + b"\xff" * 100, Unusable.BROKEN),
    "cut json": (b'{"type": "FeatureCollection", "features": [', Unusable.BROKEN),
    "other json": (b'{"type": "Topology"}', Unusable.NO_MAP),
    "no list": (b'{"type": "FeatureCollection", "features": {}}', Unusable.BROKEN),
    "deep json": (b'{"type": "FeatureCollection", "features": ' + b"[" * 200_000, Unusable.TOO_BIG),
    "nan": (b'{"type": "FeatureCollection", "features": [NaN]}', Unusable.BROKEN),
    "no utf-8": (b'{"type": "\xff"}', Unusable.BROKEN),
}


def nothing_written() -> bool:
    return not (Place.objects.exists() or Evidence.objects.exists() or Backdrop.objects.exists())


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_no_use_ends_in_a_sentence(name, tmp_path):
    content, why = FILES[name]
    path = tmp_path / "map.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(FileUnusable) as refused:
        import_file(path=path, area=None, now=clock.now())
    assert refused.value.why is why
    assert nothing_written()


def test_every_way_to_fail_has_a_sentence():
    assert set(UNUSABLE) == set(Unusable)


def test_a_map_that_was_cut_off_anywhere_changes_nothing(tmp_path):
    whole = maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING).read_bytes()
    for at in (len(whole) // 4, len(whole) // 2, len(whole) - 1):
        path = tmp_path / "cut.osm.pbf"
        path.write_bytes(whole[:at])
        with pytest.raises(FileUnusable):
            import_file(path=path, area=None, now=clock.now())
    assert nothing_written()


def test_the_command_says_the_sentence(tmp_path):
    path = tmp_path / "map.osm"
    path.write_bytes(b"hello")
    with pytest.raises(CommandError, match="This is no map file"):
        call_command("import_places", str(path))


def test_what_is_no_file_is_away(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FileUnusable) as refused:
            import_file(path=path, area=None, now=clock.now())
        assert refused.value.why is Unusable.AWAY


def test_a_huge_file_is_not_even_opened(tmp_path):
    path = tmp_path / "huge.osm.pbf"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(FileUnusable) as refused:
        import_file(path=path, area=None, now=clock.now())
    assert refused.value.why is Unusable.TOO_BIG


def test_too_many_places_are_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(map_sorter.ROWS_MOST, "places", 1)
    path = maps.write(tmp_path / "map.osm", maps.EVERYTHING)
    with (tmp_path / "out").open("w") as out:
        sorter = map_sorter.Sorter(out, None)
        with pytest.raises(map_sorter.Unread) as unread:
            map_child.read_osm(path, "osm", sorter)
    assert unread.value.why is Unusable.TOO_MUCH


def test_a_file_that_never_ends_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(map_reader, "SECONDS", 1)
    path = tmp_path / "bomb.osm.bz2"
    squeezer = bz2.BZ2Compressor()
    with path.open("wb") as file:
        file.write(squeezer.compress(b'<osm version="0.6">'))
        blank = b" " * 10_000_000
        for _ in range(60):
            file.write(squeezer.compress(blank))
        file.write(squeezer.flush())
    assert path.stat().st_size < 1_000_000
    with pytest.raises(FileUnusable) as refused:
        import_file(path=path, area=None, now=clock.now())
    assert refused.value.why in (Unusable.TOO_LONG, Unusable.EMPTY)
    assert nothing_written()


def point(*position: object) -> dict[str, object]:
    return {"geometry": {"type": "Point", "coordinates": list(position)}}


ODD = [
    None, 7, {}, {"geometry": 1}, {"geometry": {"type": "Point"}}, point(), point("a", "b"), point(181, 1),
    point(1e999, 1), point(None, 1), {"geometry": {"type": "Polygon", "coordinates": [[[1, 1]]]}},
    {"geometry": {"type": "Polygon", "coordinates": 5}}, {"geometry": {"type": "MultiPolygon", "coordinates": [[5]]}},
    {"geometry": {"type": [], "coordinates": []}}, {"id": [], "geometry": {"type": "LineString", "coordinates": []}},
]  # fmt: skip


def test_odd_features_are_passed_over(tmp_path):
    good = {"id": "node/5", "properties": {"amenity": "library"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    odd = [{"properties": {"amenity": "library"}, **one} if isinstance(one, dict) else one for one in ODD]
    path = tmp_path / "odd.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [*odd, good]}).replace("Infinity", "1e999"))
    import_file(path=path, area=None, now=clock.now())
    assert Place.objects.filter(osm_type="node", osm_id=5).exists()
    assert Place.objects.filter(osm_type="feature").count() <= 1


@pytest.mark.parametrize("content", [b"", b"x", b"{}", b"[]", b"a\nb\nc d\nEND", b'{"type": "Polygon"}', b"[" * 99_999])
def test_what_is_no_polygon_is_no_area(content):
    with pytest.raises(NoArea):
        parse_polygon(content)
