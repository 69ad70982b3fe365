"""Looking for places by name among very many: what the database reads for it, and that nothing is missed."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites.actions import places as actions
from sites.models import Place
from sites.queries.maps import places_in
from sites.queries.places import SORTED_MOST, found, leaf
from sites.rules import cells
from sites.rules.shapes import Box
from sites.rules.words import plain

pytestmark = pytest.mark.django_db

MANY = 20_000
EVERYWHERE, CORNER = Box(39, -77, 40, -76), cells.snapped(Box(39.2, -76.7, 39.203, -76.697))
FILL = """
INSERT INTO casserole_sites_place
    (ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id, edited, made_at, changed_at)
SELECT lpad(n::text, 10, '0'), CASE n %% 2 WHEN 0 THEN 'library' ELSE 'clinic' END, name, lower(name),
    39.2 + n %% 1009 / 1e4, -76.7 + n %% 997 / 1e4, 'node', n, '{}', now(), now()
FROM generate_series(%s::bigint, %s) AS n,
    LATERAL (SELECT CASE n %% 997 WHEN 5 THEN 'Zebra House ' ELSE 'Place' END || '_' || n) AS called (name)
"""
READ = """
SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables
WHERE relname = 'casserole_sites_place'
"""


def lay(end: int, start: int = 1) -> None:
    """Places in one statement; every 997th is a zebra, and by name these are the last."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [start, end])
        cursor.execute("ANALYZE casserole_sites_place")


def rows_read(ask: Callable[[], object]) -> int:
    """How many places the database looks at to answer, also those that it then leaves out."""
    with connection.cursor() as cursor:
        cursor.execute(READ)
        (before,) = cursor.fetchone()
        ask()
        cursor.execute(READ)
        (after,) = cursor.fetchone()
    return after - before


def test_a_rare_word_is_looked_up_however_many_places_there_are():
    """Asked a dozen times: after some, PostgreSQL plans for any word and any box, and has to look it up still."""
    lay(MANY)
    last = Place.objects.get(osm_id=5).ref
    asked = {
        "list": lambda: leaf(found("", "zebra")),
        "page": lambda: leaf(found("", "zebra"), before=last),
        "kind": lambda: leaf(found("clinic", "zebra house")),
        "map": lambda: places_in(EVERYWHERE, "", "zebra"),
        "corner": lambda: places_in(CORNER, "clinic", "zebra"),
        "nothing": lambda: places_in(EVERYWHERE, "", "nothing"),
    }
    read = {name: max(rows_read(ask) for _time in range(12)) for name, ask in asked.items()}
    assert {name: rows for name, rows in read.items() if rows > 100} == {}
    assert len(leaf(found("", "zebra")).rows) == 21


def test_a_word_of_very_many_is_met_by_the_walk():
    lay(MANY)
    for kind in ("", "library"):
        read = [rows_read(lambda kind=kind: leaf(found(kind, "place"))) for _time in range(12)]
        # Every other place is a library.
        assert max(read) < 2 * SORTED_MOST + 200


def holding(kind: str, words: str, box: Box = EVERYWHERE) -> list[str]:
    """The same by Python, over every place."""
    wanted = plain(words).split()
    return [
        place.ref
        for place in Place.objects.standing().order_by("sort_key", "id")
        if kind in ("", place.kind) and box.holds((place.latitude, place.longitude))
        and all(any(word.startswith(one) for word in plain(place.name).split()) for one in wanted)
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["", "library"])
@pytest.mark.parametrize("words", ["zeb", "ZEBRA hou", "place 12", "12 place", "1", "place", "ebra", "place zebra"])
def test_words_find_what_begins_like_them_be_it_little_or_much(now, kind, words):
    lay(4000)
    Place.objects.filter(osm_id__in=(5, 120)).update(gone_at=now)
    assert sorted(found(kind, words).values_list("ref", flat=True)) == sorted(holding(kind, words))
    here = places_in(CORNER, kind, words)
    assert sorted(place.ref for place in here.points) == sorted(holding(kind, words, CORNER))
    first = leaf(found(kind, words))
    second = leaf(found(kind, words), after=first.rows[-1].ref).rows if first.after else []
    assert [place.ref for place in [*first.rows, *second]] == holding(kind, words)[:100]


def test_a_place_is_found_by_its_new_name_and_no_more_by_its_old_one(mina, now):
    made = actions.add(by=mina, kind="library", name="Árbol-Library (2nd)", point=(39.3, -76.6), now=now)
    assert [list(found("", words)) for words in ("arbol", "2nd libr", "library2nd")] == [[made], [made], []]
    actions.change(place=made, kind="library", name="Mill Shelf", point=(39.3, -76.6), now=now)
    assert [list(found("", words)) for words in ("arbol", "shelf")] == [[], [made]]


@pytest.mark.parametrize("path", ["/places/?q=place", "/map/?q=place", "/map/places/?q=place"])
def test_words_ask_as_often_for_very_many_as_for_one(as_mina, path):
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert as_mina.get(path).status_code == 200
        return len(seen)

    lay(1)
    statements()
    asked = [statements()]
    for start, end in ((2, 30), (31, 2000)):
        lay(end, start)
        as_mina.get(path)  # the streets of a larger map are drawn anew, once
        asked.append(statements())
    assert len(set(asked)) == 1
