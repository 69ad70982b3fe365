"""Who stands in the circle of whom: an app above knows, and says so from its `ready()`; unsaid, nobody does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from commons.people.models import Person
from sites.models import Asset
from sites.models.assets import AssetQuerySet
from sites.states import Audience

# person → the ids of those who share a circle with them, as a query that becomes a part of another.
Circle = Callable[[Any], "QuerySet[Any, Any]"]
_circles: list[Circle] = []


def circle_from(function: Circle) -> Circle:
    """Register who is in a person's circle ("my pods"): ``function(person)`` is a query of people's ids."""
    if function not in _circles:
        _circles.append(function)
    return function


def seen_by(person: Person, now: datetime | Now) -> AssetQuerySet:
    """Return what is offered now and this person may see: their own, every member's, and that of their circle.

    One statement, whoever asks. What faded, and what people offer who are here no more, nobody sees.
    """
    may = Q(audience=Audience.NETWORK.value) | Q(person=person.pk)
    for circle in _circles:
        may |= Q(audience=Audience.POD.value, person__in=circle(person))
    there = Q(person__is_active=True, person__unproven_since=None)
    return Asset.objects.fresh(now).filter(may, there)
