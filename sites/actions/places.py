"""Places by people's hands: added, corrected, and two of them said to be one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions import scores
from sites.models import Double, Place
from sites.queries import places as queries
from sites.rules.doubles import likely
from sites.rules.shapes import Point
from sites.rules.words import fold

BY_HAND_MOST = 300
PROPOSED_MOST = 20


@transaction.atomic
def add(*, by: Person, kind: str, name: str, point: Point, now: datetime) -> Place:
    """Put a place on the list that no map has. Raises `Refused` when this person added very many."""
    Person.objects.select_for_update().get(pk=by.pk)
    if Place.objects.filter(added_by=by)[:BY_HAND_MOST].count() >= BY_HAND_MOST:
        raise Refused(_("Three hundred places by hand are the most. An organizer can import a map."))
    place = Place(kind=kind, added_by=by, made_at=now)
    return _written(place, kind, name, point, now)


@transaction.atomic
def change(*, place: Place, kind: str, name: str, point: Point, now: datetime) -> Place:
    """Correct a place; what changed is no import's to change any more."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.merged_into_id is not None:
        raise Refused(_("This place was merged into another one meanwhile."))
    changed = {
        "kind": place.kind != kind,
        "name": place.name != name,
        "position": (place.latitude, place.longitude) != point,
    }
    if place.osm_type:
        place.edited = sorted({*place.edited, *(field for field, differs in changed.items() if differs)})
    return _written(place, kind, name, point, now)


def _written(place: Place, kind: str, name: str, point: Point, now: datetime) -> Place:
    place.kind, place.name, place.sort_key = kind, name, fold(name)[:120]
    place.latitude, place.longitude = point
    place.changed_at = now
    place.save()
    pairs = likely(queries.named_around(place), PROPOSED_MOST)
    Double.objects.bulk_create(
        [Double(first_id=first, second_id=second) for first, second in pairs if place.pk in (first, second)],
        ignore_conflicts=True,
    )
    return place


@transaction.atomic
def decide(*, double: Double, keep: str, now: datetime) -> Place | None:
    """Say of two places that they are one and which `ref` stays, or with "" that they are two; return what stays.

    Said once: raises `Refused` when somebody decided meanwhile.
    """
    double = Double.objects.select_for_update().get(pk=double.pk)
    pair = list(Place.objects.select_for_update().filter(pk__in=(double.first_id, double.second_id)).order_by("pk"))
    if double.decided_at is not None or any(place.merged_into_id for place in pair):
        raise Refused(_("Somebody decided about these two meanwhile."))
    kept = next((place for place in pair if place.ref == keep), None)
    if keep and kept is None:
        raise Refused(_("Choose one of the two."))
    double.decided_at = now
    double.save(update_fields=["decided_at"])
    if kept is not None:
        [other] = [place for place in pair if place.pk != kept.pk]
        # What was merged into the other one before follows it.
        Place.objects.filter(merged_into=other).update(merged_into=kept)
        Place.objects.filter(pk=other.pk).update(merged_into=kept, changed_at=now)
        scores.follow(kept=kept, other=other, now=now)
    return kept
