"""Gatherings as people look for them: those to come, their own, and those that are over."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from commons.gatherings.models import Coming, Gathering
from commons.gatherings.models.gathering import GatheringQuerySet
from commons.gatherings.states import Said

COMING, MINE, PAST = "coming", "mine", "past"
SHOWS = (COMING, MINE, PAST)


def gatherings_of(_person: Any) -> GatheringQuerySet:
    """Return every gathering, with its host; what there is concerns every member."""
    return Gathering.objects.select_related("host")


def with_answers(gatherings: GatheringQuerySet, person: Any) -> GatheringQuerySet:
    """Return them with what this person said to each, as `mine`, or None."""
    mine = Coming.objects.filter(gathering=OuterRef("pk"), person=person)
    return gatherings.annotate(mine=Subquery(mine.values("said")[:1]))


def listed(person: Any, show: str, now: datetime) -> GatheringQuerySet:
    """Return what a person's list shows: the next first, of those that are over the latest."""
    rows = with_answers(Gathering.objects.all(), person).defer("address", "online", "outcome", "notes", "agenda")
    if show == PAST:
        return rows.past(now)
    if show == MINE:
        said = [Said.YES.value, Said.WAITING.value]
        return rows.coming(now).filter(Q(host=person) | Q(mine__in=said))
    return rows.coming(now)


def holding(person: Any, now: datetime) -> models.QuerySet[Gathering]:
    """Return what this person has announced and not held yet."""
    return Gathering.objects.planned().filter(host=person, ends_at__gt=now)


def comings_of(gathering: Gathering) -> models.QuerySet[Coming]:
    """Return who comes or waits, in the order in which they get seats."""
    rows = Coming.objects.filter(gathering=gathering, said__in=[Said.YES.value, Said.WAITING.value])
    return rows.select_related("person").annotate(waits=Q(said=Said.WAITING.value)).order_by("waits", F("since"), "id")
