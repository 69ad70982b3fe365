"""Writing down how a person wants to be called, and when not."""

from datetime import time

from django.db import transaction

from commons.people.models import Person


@transaction.atomic
def keep_settings(
    *,
    person: Person,
    handle: str,
    language: str,
    time_zone: str,
    quiet_from: time | None,
    quiet_until: time | None,
    urgent_may_wake: bool,
    calls_per_week: int,
) -> None:
    """Keep a person's own settings; calls that go out from now on obey them."""
    said = {
        "handle": handle,
        "language": language,
        "time_zone": time_zone,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "urgent_may_wake": urgent_may_wake,
        "calls_per_week": calls_per_week,
    }
    Person.objects.filter(pk=person.pk).update(**said)
    for name, value in said.items():
        setattr(person, name, value)
