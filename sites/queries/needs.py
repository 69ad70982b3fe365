"""What people need: the vocabulary, and how often each need was named where. Visits are counted, never persons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import translation

from sites.models import Need, Place, VisitNeed
from sites.rules.words import fold

WHERE_MOST = 6


@dataclass(frozen=True)
class Named:
    """A need, at how many visits and places it was named, and at which places most."""

    need: Need
    visits: int
    places: int = 1
    where: list[tuple[Place, int]] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Return at how many further places it was named."""
        return self.places - len(self.where)


def vocabulary() -> list[Need]:
    """Return every need as the reader sorts them."""
    return sorted(Need.objects.all(), key=lambda need: fold(need.name))


def tally() -> QuerySet[Any]:
    """Return the needs that were ever named, with `places` and `visits`, those of most places first."""
    at = Coalesce("visits__visit__round__place__merged_into_id", "visits__visit__round__place_id")
    return (
        Need.objects.annotate(times=Count("visits"), at_places=Count(at, distinct=True))
        .filter(times__gt=0)
        .order_by("-at_places", "-times", "sort_key", "pk")
    )


def with_places(needs: Iterable[Any]) -> list[Named]:
    """Return these needs of `tally`, each with the places where it was named most, in two statements."""
    shown = list(needs)
    pairs = (
        VisitNeed.objects.filter(need__in=shown)
        .annotate(at=Coalesce("visit__round__place__merged_into_id", "visit__round__place_id"))
        .values("need", "at")
        .annotate(visits=Count("pk"))
        .order_by("-visits", "at")
        .values_list("need", "at", "visits")
    )
    where: dict[int, list[tuple[int, int]]] = {}
    for need, at, visits in pairs:
        mine = where.setdefault(need, [])
        if len(mine) < WHERE_MOST:
            mine.append((at, visits))
    places = Place.objects.in_bulk({at for mine in where.values() for at, _visits in mine})
    return [
        Named(need, need.times, need.at_places, [(places[at], visits) for at, visits in where.get(need.pk, [])])
        for need in shown
    ]


def needs_at(place: Place) -> list[Named]:
    """Return the needs that were named at a place, at how many visits, the most named first."""
    rows = (
        Need.objects.filter(Q(visits__visit__round__place=place) | Q(visits__visit__round__place__merged_into=place))
        .annotate(times=Count("visits"))
        .order_by("-times", "sort_key", "pk")
    )
    return [Named(need, need.times) for need in rows]


def known_by(words: str) -> Need | None:
    """Return the need of this name, in whichever language of the house, or None."""
    folded, known = fold(words), list(Need.objects.all())
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            if found := next((need for need in known if fold(need.name) == folded), None):
                return found
    return None
