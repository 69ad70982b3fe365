"""What the page for raising a call needs to know."""

import re
from typing import TYPE_CHECKING

from django.db.models.functions import Lower

from commons.people.models import OrganizerTerm, Person
from pods.models import CallKind, Pod, Protocol
from pods.states import Raisers
from sites.models import Neighbourhood, Skill

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

WORDS_IN_A_HANDLE = 4


def kinds_for(pod: Pod, person: Person, now: "datetime") -> "QuerySet[CallKind]":
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


def handles_among(text: str) -> list[str]:
    """Return the handles of members that stand in this text; the text never becomes part of a pattern."""
    words = re.findall(r"[\w'’-]+", text.lower())
    runs = {
        " ".join(words[start : start + length])
        for length in range(1, WORDS_IN_A_HANDLE + 1)
        for start in range(len(words) - length + 1)
    }
    known = Person.objects.filter(is_active=True).annotate(low=Lower("handle")).filter(low__in=runs)
    return list(known.values_list("handle", flat=True).distinct()[:50])
