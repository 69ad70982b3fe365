"""One-tap links about what a person shares: still true after a year, or typed in from their card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from commons.notices.models import Link
from commons.notices.queries.links import alive_link, number_in
from commons.people.models import Person
from sites.models import Asset
from sites.queries.assets import ASK_BEFORE
from sites.queries.stacks import entered_for

STILL_TRUE, CARD = "still_true", "card"


@dataclass(frozen=True)
class Opened:
    """Whose link it is, and what it is about: a stack of cards, or with None what fades."""

    person: Person
    stack: int | None


def fresh_subject(now: datetime) -> str:
    """Return what the messages of this month are filed under."""
    return f"fresh:{now:%Y%m}"


def opened_by(token: str, now: datetime) -> Opened | None:
    """Return what a link opens; None alike for one that never was, has ended, was revoked or is for something else."""
    link = alive_link(token, STILL_TRUE, CARD, now=now)
    if link is None:
        return None
    if link.purpose == STILL_TRUE:
        return Opened(link.person, None)
    number = number_in(link, "stack")
    return None if number is None else Opened(link.person, number)


def about(opened: Opened, now: datetime) -> QuerySet[Asset]:
    """Return what can be answered behind a link: its person's own things alone, and only what it is about."""
    if opened.stack is not None:
        return entered_for(opened.person, opened.stack, now)
    fading = Asset.objects.filter(person=opened.person, pending_until=None, fresh_until__lte=now + ASK_BEFORE)
    return fading.select_related("skill").order_by("id")


def links_of(purpose: str, subjects: Iterable[str], people: Iterable[int]) -> dict[tuple[str, int], Link]:
    """Return these people's links by subject and person, in one statement."""
    found = Link.objects.filter(purpose=purpose, subject__in=set(subjects), person__in=set(people))
    return {(link.subject, link.person_id): link for link in found}


def fading_people(people: Iterable[int], now: datetime) -> set[int]:
    """Return who of these still has something that fades, and is their own word."""
    fading = Asset.objects.filter(person__in=set(people), pending_until=None, fresh_until__lte=now + ASK_BEFORE)
    return set(fading.values_list("person_id", flat=True))


def pending_people(people: Iterable[int], now: datetime) -> set[int]:
    """Return for whom of these something was typed in that waits for their word."""
    pending = Asset.objects.filter(person__in=set(people), pending_until__gt=now)
    return set(pending.values_list("person_id", flat=True))
