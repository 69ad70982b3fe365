"""Places as people look for them, doubles as they judge them, and imports as they follow them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from sites.models import Double, Place, PlaceImport
from sites.models.places import BACKDROP, EVIDENCE, KINDS, PlaceQuerySet
from sites.rules.doubles import CELL, Named
from sites.rules.words import fold

SHOWN = 20


def places_of(_person: Any = None) -> models.QuerySet[Place]:
    """Return every place that was not merged into another, gone ones too; they are every member's."""
    return Place.objects.filter(merged_into=None)


def found(kind: str, words: str) -> PlaceQuerySet:
    """Return the standing places of a kind ("" for all) whose names hold the words ("" for any), by name."""
    places = Place.objects.standing()
    if kind:
        places = places.filter(kind=kind)
    if folded := fold(words.replace("\x00", ""))[:60]:
        places = places.filter(sort_key__contains=folded)
    return places


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


def counted(counts: dict[str, list[int]]) -> Iterable[tuple[Any, int, int, int]]:
    """Return what an import brought: the name of each kind that it touched, how many new, updated, gone."""
    names = dict([*KINDS, *EVIDENCE, *BACKDROP])
    # As JSON keeps them: in the order of the names' list, whatever order the database has.
    touched = ((names[kind], counts[kind]) for kind in names if any(counts.get(kind, ())))
    return [(name, new, updated, gone) for name, (new, updated, gone) in touched]
