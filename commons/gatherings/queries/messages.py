"""The words of messages about gatherings: neutral, for a locked screen tells whoever holds it (security.md T4).

They name no gathering, no place and nobody, and lead to Today, where a card says what it is about.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.gatherings.models import Coming
from commons.gatherings.states import Said, State
from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.people.models import Absence, Person
from commons.web.language import speaking_to, zone_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Wanted = Callable[[Coming, datetime], bool]


def _takes_place(coming: Coming, now: datetime) -> bool:
    return coming.gathering.state == State.PLANNED and coming.gathering.ends_at > now


def _remind(coming: Coming, now: datetime) -> bool:
    return _takes_place(coming, now) and coming.gathering.starts_at > now and coming.said == Said.YES


def _changed(coming: Coming, now: datetime) -> bool:
    return _takes_place(coming, now) and coming.said != Said.NO


def _cancelled(coming: Coming, now: datetime) -> bool:
    return coming.gathering.state == State.CANCELLED and coming.gathering.ends_at > now and coming.said != Said.NO


def _room(coming: Coming, now: datetime) -> bool:
    return _takes_place(coming, now) and coming.said == Said.YES and coming.called_up_at is not None


WORDS: "dict[str, tuple[Wanted, StrOrPromise, StrOrPromise]]" = {
    "gatherings.reminder": (
        _remind,
        _("A reminder for you"),
        _("Something that you said yes to begins within a day. Sign in to see when and where."),
    ),
    "gatherings.changed": (
        _changed,
        _("Something has changed"),
        _("Something that you said yes to is at another time or place. Sign in to see when and where."),
    ),
    "gatherings.cancelled": (
        _cancelled,
        _("Something was called off"),
        _("Something that you said yes to doesn't take place. Sign in to see what."),
    ),
    "gatherings.room": (
        _room,
        _("There is room for you"),
        _("What you waited for has room for you now. Sign in to see it, or to leave it to somebody else."),
    ),
}


def _words(deliveries: Sequence[Claimed], now: datetime, kind: str) -> dict[int, Words | Exception | None]:
    """Word each delivery, in its reader's language; None for whom it doesn't concern any more."""
    wanted, title, body = WORDS[kind]
    about = {delivery.pk: int(delivery.subject.partition(":")[2]) for delivery in deliveries}
    people = Person.objects.in_bulk({d.person_id for d in deliveries if d.person_id is not None})
    comings = Coming.objects.filter(gathering__in=set(about.values()), person__in=list(people))
    said = {
        (coming.gathering_id, coming.person_id): coming
        for coming in comings.select_related("gathering").defer(
            "gathering__address", "gathering__online", "gathering__outcome", "gathering__notes"
        )
    }
    resting = _resting(people, now) if kind == "gatherings.reminder" else set()
    words: dict[int, Words | Exception | None] = {}
    for delivery in deliveries:
        person = people.get(delivery.person_id or 0)
        coming = said.get((about[delivery.pk], delivery.person_id))
        if person is None or coming is None or person.pk in resting or not wanted(coming, now):
            words[delivery.pk] = None
            continue
        with speaking_to(person):
            words[delivery.pk] = Words(
                title=str(title),
                body=str(body),
                language=person.language,
                link=settings.SITE_URL + reverse("today"),
                link_label=str(_("See what it is")),
            )
    return words


def _resting(people: dict[int, Person], now: datetime) -> set[int]:
    """Return those who rest on this day of theirs: nobody reminds them of anything (mission G4)."""
    rests = Absence.objects.filter(person__in=list(people))
    return {rest.person_id for rest in rests if now.astimezone(zone_of(people[rest.person_id])).date() in rest.days}


def register() -> None:
    """Tell the outbox how messages about gatherings are worded."""
    for kind in WORDS:
        kinds.composes(kind)(partial(_words, kind=kind))
