"""What people hear about a shift: each message once, in the transaction of its cause, after their quiet hours."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Q

from commons.notices.actions import links, outbox
from commons.notices.actions.outbox import Which
from commons.notices.states import Urgency
from commons.people.models import Absence, Person
from commons.people.queries import organizers
from commons.people.rules import quiet_ends
from sites.models import Shift, SignUp, Supply
from sites.models.shifts import HOLDING
from sites.queries.neighbourhood import local_zone
from sites.rules.shifts import OPENS_BEFORE
from sites.states import Role, SignUpState

PURPOSE = "shift"
REMIND, ASK, THANK = "shift.reminder", "shift.standin", "shift.thanks"
CALLED_OFF, MOVED, ALONE = "shift.closed", "shift.moved", "shift.alone"
# What nobody need hear any more once a shift is at another time, or is not at all.
OUTDATED = [REMIND, ASK, THANK, MOVED, ALONE]


def send(
    shift: Shift,
    kind: str,
    people: Collection[Person],
    now: datetime,
    *,
    round: int = 0,
    link: bool = True,
    latest: datetime | None = None,
    which: Which = "first",
) -> None:
    """Queue a message, with each one's own link, for when their quiet hours end, or for `latest` where that is sooner.

    Whoever has a place on a shift would rather be woken in time than go for nothing; nobody else is woken.
    """
    if not people:
        return
    ids = [person.pk for person in people]
    if link:
        links.give(purpose=PURPOSE, subject=shift.subject, people=ids, expires_at=shift.ends_at)
    held = {person.pk: min(ends, latest or ends) for person in people if (ends := _quiet_until(person, now))}
    outbox.enqueue(
        subject=shift.subject,
        kind=kind,
        people=ids,
        urgency=Urgency.SOON,
        now=now,
        expires_at=shift.starts_at,
        round=round,
        which=which,
        not_before=held,
    )


def _quiet_until(person: Person, now: datetime) -> datetime | None:
    return quiet_ends(now, person.time_zone, person.quiet_from, person.quiet_until)


def hears_in_time(person: Person, shift: Shift, now: datetime) -> bool:
    """Whether somebody's quiet hours end before it is too late to set out."""
    ends = _quiet_until(person, now)
    return ends is None or ends <= shift.starts_at - OPENS_BEFORE


def concerned(shift: Shift) -> list[Person]:
    """Return who has a place on a shift, or said that they bring something."""
    ids = {*SignUp.objects.filter(HOLDING, shift=shift).values_list("person", flat=True)}
    ids |= {*Supply.objects.filter(shift=shift, person__isnull=False).values_list("person", flat=True)}
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("id"))


def tell_called_off(shift: Shift, now: datetime) -> None:
    """Tell whom it concerns that a week is off; what else waited to be sent about it is withdrawn."""
    outbox.suppress(subject=shift.subject, kinds=OUTDATED)
    people = concerned(shift)
    send(shift, CALLED_OFF, people, now, round=shift.moves, link=False, latest=shift.starts_at - OPENS_BEFORE)


def tell_moved(shift: Shift, now: datetime) -> int:
    """Ask whom it concerns whether they can come where and when the shift is now; return how many are asked.

    Nobody is moved silently: a place is kept, and waits for a word about it. What they said about the old time is no
    answer any more, nor is a press on an older page.
    """
    outbox.suppress(subject=shift.subject, kinds=[*OUTDATED, CALLED_OFF])
    shift.sign_ups.update(version=F("version") + 1)
    shift.asks.update(version=F("version") + 1)
    shift.sign_ups.filter(HOLDING).update(state=SignUpState.MOVED.value)
    links.move_end(purpose=PURPOSE, subject=shift.subject, expires_at=shift.ends_at, now=now)
    people = concerned(shift)
    send(shift, MOVED, people, now, round=shift.moves, latest=shift.starts_at - OPENS_BEFORE)
    return len(people)


def tell_alone(shift: Shift, now: datetime) -> None:
    """Say that somebody is missing and nobody is left to ask: to whoever leads the shift, on all their channels.

    Where nobody leads it, to whoever planned the station; where that person has gone, rests or sleeps until it is too
    late, to organizers who don't.
    """
    led = SignUp.objects.filter(HOLDING, shift=shift, role__role=Role.LEAD.value).values("person")
    people = list(Person.objects.filter(pk__in=led, is_active=True).order_by("id"))
    latest = shift.starts_at - OPENS_BEFORE
    if not people:
        people, latest = _standing_by(shift, now), None  # type: ignore[assignment]
    send(shift, ALONE, people, now, round=shift.alone_said, link=False, latest=latest, which="all")


def _standing_by(shift: Shift, now: datetime) -> list[Person]:
    today = now.astimezone(local_zone()).date()
    away = Q(pk__in=Absence.objects.filter(Q(days__contains=today) | Q(days__contains=shift.day)).values("person"))
    for group in (Person.objects.filter(pk=shift.popup.planned_by_id or 0, is_active=True), organizers()):
        people = [one for one in group.exclude(away) if hears_in_time(one, shift, now)]
        if people:
            return people
    return []
