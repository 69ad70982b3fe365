"""What the page for raising a call needs to know."""

from typing import TYPE_CHECKING

from commons.people.models import OrganizerTerm
from pods.models import CallKind, Pod, Protocol
from pods.states import Raisers
from sites.models import Neighbourhood, Skill

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from commons.people.models import Person


def kinds_for(pod: Pod, person: "Person", now: "datetime") -> "QuerySet[CallKind]":
    """Return the kinds of call that this person may raise for this pod, as its protocol says."""
    kinds = CallKind.objects.filter(active=True)
    today = now.date()
    if OrganizerTerm.objects.filter(person=person, starts_on__lte=today, ends_on__gt=today).exists():
        return kinds
    kept = Protocol.objects.filter(pod=pod, raisers=Raisers.ORGANIZERS.value).values("kind")
    return kinds.exclude(pk__in=kept)


def skills() -> list[Skill]:
    """Return every skill that a call can need."""
    return list(Skill.objects.all())


def emergency_number() -> str:
    """Return the number to call first where a life is in danger."""
    return Neighbourhood.objects.values_list("emergency_number", flat=True).first() or "112"
