"""Ending sessions, and keeping the one thing that we know of them: the day."""

from datetime import date

from django.db import transaction
from django.db.models import F

from commons.people.models import Person


@transaction.atomic
def sign_out_everywhere(*, person: Person) -> None:
    """End every session of this person, on every phone and browser, this one included."""
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])


def seen(*, person: Person, today: date) -> None:
    """Note the day on which somebody signed in, which also proves their address; written once a day."""
    if person.last_seen_on != today or person.unproven_since is not None:
        Person.objects.filter(pk=person.pk).update(last_seen_on=today, unproven_since=None)
        person.last_seen_on, person.unproven_since = today, None


def speak(*, person: Person, language: str) -> None:
    """Write to this person in another language from now on."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.language = language
