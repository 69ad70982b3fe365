"""Places as people look for them, doubles as they judge them, and imports as they follow them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from sites.models import Double, Place, PlaceImport
from sites.models.places import PlaceQuerySet
from sites.rules.doubles import CELL, Named
from sites.rules.shapes import Box
from sites.rules.words import plain

SHOWN = 20
ROWS_A_PAGE = 50
# In the words of the indexes (migration 0013), so that they are used.
_NAMELESS = "(casserole_sites_place.sort_key = '')"
_ROW = f"({_NAMELESS}, casserole_sites_place.sort_key, casserole_sites_place.id)"
_BEHIND, _AHEAD = f"{_ROW} > (%s, %s, %s)", f"{_ROW} < (%s, %s, %s)"
_HOLDS = "casserole_sites_place.words @@ to_tsquery('simple', %s)"
# Up to so many are looked up by their words and then sorted; more lie so densely that a walk by name soon meets them.
SORTED_MOST = 1_000
# Two questions and not one, and the first by words alone. PostgreSQL cannot know how rare a word is: asked at once, it
# would rather walk through every name, or every place of a box, than look the word up.
_FEW = """
WITH hits AS MATERIALIZED ({})
SELECT count(*), array_agg(id) FILTER (WHERE latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s)
FROM (SELECT * FROM hits LIMIT %s) AS first
"""
_AMONG = "casserole_sites_place.id = ANY (ARRAY(SELECT unnest(%s::bigint[])))"
_EARTH = Box(-90, -180, 90, 180)


def places_of(_person: Any = None) -> models.QuerySet[Place]:
    """Return every place that was not merged into another, gone ones too; they are every member's."""
    return Place.objects.filter(merged_into=None)


def found(kind: str, words: str, box: Box | None = None) -> PlaceQuerySet:
    """Return the standing places of a kind ("" for all) whose names have words beginning like these ("" for any).

    With a box, those in it. Where words are looked for, this asks the database once, for which places have them.
    """
    places = Place.objects.standing()
    if kind:
        places = places.filter(kind=kind)
    wanted = plain(words.replace("\x00", ""))[:60].split()
    if wanted:
        # Letters and digits alone: nothing in them means anything to the database.
        beginnings = " & ".join(f"'{word}':*" for word in wanted)
        few = _few(places.filter(_said(_HOLDS, beginnings)), box or _EARTH)
        if few is not None:
            return Place.objects.filter(_said(_AMONG, few))
        # Not in the words of the index: very many would all be fetched and sorted to show the first fifty.
        places = places.filter(_said(f"({_HOLDS}) IS TRUE", beginnings))
    return places if box is None else within(places, box)


def within(rows: Any, box: Box) -> Any:
    """Return those of the rows that lie in a box."""
    return rows.filter(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))


def _few(places: PlaceQuerySet, box: Box) -> list[int] | None:
    """Return the keys of those of the places that lie in a box; None where the places are more than a thousand."""
    sql, values = places.order_by().values("id", "latitude", "longitude").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_FEW.format(sql), [*values, box.south, box.north, box.west, box.east, SORTED_MOST + 1])
        count, keys = cursor.fetchone()
    return (keys or []) if count <= SORTED_MOST else None


def _said(condition: str, *values: Any) -> RawSQL:
    # The condition is ours, word by word; what people said are values.
    return RawSQL(condition, values, models.BooleanField())  # noqa: S611


@dataclass(frozen=True)
class Leaf:
    """One page of places by name: the rows, and whether there are others before and after."""

    rows: list[Place]
    before: bool
    after: bool


def leaf(places: PlaceQuerySet, *, after: str = "", before: str = "") -> Leaf:
    """Return a page of places by name, those without one last: behind the place `after`, or ahead of `before`.

    As quick on the last page as on the first: each begins at a place and not at a number.
    """
    at = Place.objects.filter(ref=after or before).values_list("sort_key", "pk").first() if after or before else None
    backwards = bool(before and not after)
    if at is not None:
        key, pk = at
        beyond = _AHEAD if backwards else _BEHIND
        places = places.filter(_said(beyond, key == "", key, pk))
    nameless = _said(_NAMELESS)
    order = (nameless.desc(), "-sort_key", "-id") if backwards else (nameless.asc(), "sort_key", "id")
    rows = list(places.order_by(*order)[: ROWS_A_PAGE + 1])
    more, rows = len(rows) > ROWS_A_PAGE, rows[:ROWS_A_PAGE]
    if backwards:
        return Leaf(rows[::-1], more, at is not None)
    return Leaf(rows, at is not None, more)


def named() -> Iterator[Named]:
    """Yield every standing place that has a name, for looking for doubles; in few columns and batches."""
    return _named(Place.objects.standing().exclude(name=""))


def named_around(place: Place) -> Iterator[Named]:
    """Yield the standing places of a place's kind around it, and itself."""
    near = (
        Place.objects.standing()
        .exclude(name="")
        .filter(
            kind=place.kind,
            latitude__range=(place.latitude - CELL, place.latitude + CELL),
            longitude__range=(place.longitude - CELL, place.longitude + CELL),
        )
    )
    return _named(near)


def _named(places: PlaceQuerySet) -> Iterator[Named]:
    rows = places.order_by("pk").values_list("pk", "kind", "name", "latitude", "longitude")
    for pk, kind, name, latitude, longitude in rows.iterator(2000):
        yield Named(pk, kind, name, (latitude, longitude))


def doubles(_person: Any = None) -> models.QuerySet[Double]:
    """Return the pairs that wait for a person's word, both of them standing."""
    standing = {f"{side}__{column}": None for side in ("first", "second") for column in ("gone_at", "merged_into")}
    return Double.objects.filter(decided_at=None, **standing).select_related("first", "second").order_by("id")


def imports(_person: Any = None) -> models.QuerySet[PlaceImport]:
    """Return the imports, the newest first; they are every organizer's."""
    return PlaceImport.objects.select_related("by")
