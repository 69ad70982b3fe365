"""What the pages of people need to know: read only."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Cast, Lower, Now, TruncDate

from commons.people.models import Absence, Invitation, Person

FOUND_MOST = 20
WORDS_IN_A_HANDLE = 4
# Where a browser's session keeps the token of the invitation that it came with.
SESSION_KEY = "invitation"


def invitations_of(person: Any) -> models.QuerySet[Invitation]:
    """Return the links that this person made, the newest first; nobody else's are theirs to see."""
    # Those made from a list of people are each for one neighbour alone, and never handed round.
    return Invitation.objects.filter(inviter=person, address_digest__isnull=True).order_by("-made_at")


def open_invitations_of(person: Any, now: datetime) -> models.QuerySet[Invitation]:
    """Return those links of this person that somebody can still join with, without those of a spreadsheet."""
    return invitations_of(person).filter(address_digest=None).usable(now)  # type: ignore[attr-defined, no-any-return]


def invitation_with(token: str) -> Invitation | None:
    """Return the invitation that a link opens, in whatever state, with who made it."""
    return Invitation.objects.with_token(token).select_related("inviter").first()


def usable_invitation(token: object, now: datetime) -> Invitation | None:
    """Return the invitation that somebody can join with now, or None."""
    if not isinstance(token, str):
        return None
    return Invitation.objects.with_token(token).usable(now).select_related("inviter").first()


def members(_person: Any) -> models.QuerySet[Person]:
    """Return everybody who belongs to the network; whoever has not proven an address does not yet."""
    return Person.objects.filter(is_active=True, unproven_since=None)


def organizers(_person: Any = None) -> models.QuerySet[Person]:
    """Return who organizes today, with the day that their term ends as `until`."""
    today = TruncDate(Now())
    holds = models.Q(organizer_terms__starts_on__lte=today, organizer_terms__ends_on__gt=today)
    return (
        members(None)
        .annotate(until=models.Max("organizer_terms__ends_on", filter=holds))
        .filter(until__isnull=False)
        .order_by("until", "handle", "id")
    )


def found_by_handle(text: str, today: date) -> list[Person]:
    """Return members whose handle contains the text and who don't organize yet: handles aren't unique."""
    wanted = " ".join(text.split())
    if not wanted:
        return []
    holding = models.Q(organizer_terms__starts_on__lte=today, organizer_terms__ends_on__gt=today)
    found = members(None).filter(handle__icontains=wanted).exclude(pk__in=Person.objects.filter(holding).values("pk"))
    return list(found.order_by("handle", "joined_on", "id")[:FOUND_MOST])


def organizer_ids(now: datetime) -> list[int]:
    """Return the ids of those whose term as organizer holds at `now`, lowest first; a term's last day is exclusive."""
    today = now.date()
    holding = Person.objects.filter(
        is_active=True, organizer_terms__starts_on__lte=today, organizer_terms__ends_on__gt=today
    )
    return list(holding.order_by("id").values_list("id", flat=True).distinct())


def absences_of(person: Any) -> models.QuerySet[Absence]:
    """Return a person's rests, the latest first; `day`, their first day as text, tells each from the others."""
    first = Cast("days__startswith", models.CharField())
    return Absence.objects.filter(person=person).annotate(day=first).order_by("-days__startswith")


@dataclass(frozen=True)
class Rest:
    """One stretch of rest, first and last day, both included."""

    day: str
    first: date
    last: date


def rests(person: Any, today: date) -> dict[str, Any]:
    """Return the rest that holds today (or None), those to come, and those that are over."""
    found = [
        Rest(days.lower.isoformat(), days.lower, days.upper - timedelta(days=1))
        for days in absences_of(person).values_list("days", flat=True)
    ]
    return {
        "current": next((one for one in found if one.first <= today <= one.last), None),
        "coming": [one for one in reversed(found) if one.first > today],
        "past": [one for one in found if one.last < today],
    }


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
