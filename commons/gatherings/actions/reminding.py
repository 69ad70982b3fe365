"""Reminding those who said yes, a day before: once for each time that a gathering has."""

from datetime import datetime

from django.db import transaction

from commons.gatherings import rules
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.states import Said
from commons.notices.actions import outbox
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.people.rules import quiet_ends

REMINDER = "gatherings.reminder"
AT_ONCE = 50


@transaction.atomic
def remind_due(*, now: datetime) -> int:
    """Queue reminders for the gatherings that begin within a day and were not reminded of; return how many messages.

    Safe to run twice, or two at once: each gathering is claimed under its row's lock, and a delivery is queued once
    ever for each time that it was set to. Quiet hours are respected unless it would have begun by their end.
    """
    due = (
        Gathering.objects.select_for_update(skip_locked=True)
        .planned()
        .filter(starts_at__gt=now, starts_at__lte=now + rules.REMIND_BEFORE, reminded_at=None)
        .defer("address", "online", "outcome", "notes", "agenda")
        .order_by("starts_at")[:AT_ONCE]
    )
    queued = 0
    for gathering in due:
        said = Coming.objects.filter(gathering=gathering, said=Said.YES.value, person__isnull=False)
        people = Person.objects.filter(pk__in=said.values("person"))
        held = {
            person.pk: ends
            for person in people
            if (ends := quiet_ends(now, person.time_zone, person.quiet_from, person.quiet_until))
            and ends < gathering.starts_at
        }
        queued += outbox.enqueue(
            subject=gathering.subject,
            kind=REMINDER,
            people=[person.pk for person in people],
            urgency=Urgency.BULK,
            now=now,
            expires_at=gathering.starts_at,
            round=gathering.sequence,
            not_before=held,
        )
        gathering.reminded_at = now
        gathering.save(update_fields=["reminded_at"])
    return queued
