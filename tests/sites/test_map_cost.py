"""What the map and the list of places cost: no statement more for very many, found by index, read page by page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites.models import Place
from sites.queries.places import found, leaf
from tests.sites.maps import lay

pytestmark = pytest.mark.django_db


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
