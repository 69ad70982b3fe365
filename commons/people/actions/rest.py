"""Resting: days on which a person is never called. Nobody is told, and no reason is kept."""

from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from commons.people.models import Absence, Person
from commons.people.rules import NoRest, merged, rest_refused, touches
from commons.web.refusal import Refused

DAY = timedelta(days=1)
SENTENCES = {
    NoRest.PAST: _("That day has passed. Choose today or a later one."),
    NoRest.BACKWARDS: _("The last day of rest comes before the first one."),
    NoRest.TOO_LONG: _("A rest can be a year at a time. You can make it longer later on."),
}


@transaction.atomic
def rest(*, person: Person, first: date, last: date, today: date) -> Absence:
    """Rest from one day until another, both included; rests that overlap or follow each other become one."""
    why = rest_refused(first=first, last=last, today=today)
    if why is not None:
        raise Refused(SENTENCES[why], field="last")
    # One after the other for the same person: two overlapping rests made at once become one as well.
    Person.objects.select_for_update().get(pk=person.pk)
    stretches = {absence.pk: days(absence) for absence in Absence.objects.filter(person=person)}
    touching = {pk: stretch for pk, stretch in stretches.items() if touches((first, last), stretch)}
    Absence.objects.filter(pk__in=touching).delete()
    begins, ends = merged(first, last, touching.values())
    return Absence.objects.create(person=person, days=DateRange(begins, ends + DAY))


@transaction.atomic
def change_rest(*, absence: Absence, last: date, today: date) -> Absence:
    """Let a rest end on another day."""
    current = _locked(absence)
    first, _last = days(current)
    current.delete()
    return rest(person=absence.person, first=first, last=last, today=today)


@transaction.atomic
def end_rest(*, absence: Absence, today: date) -> None:
    """End a rest: today is no day of rest any more. One that has not begun is called off."""
    current = _locked(absence)
    first, last = days(current)
    if first >= today:
        current.delete()
    elif last >= today:
        current.days = DateRange(first, today)
        current.save(update_fields=["days"])


@transaction.atomic
def forget_rest(*, absence: Absence) -> None:
    """Delete a rest, as if it had never been."""
    absence.delete()


def _locked(absence: Absence) -> Absence:
    """Return the rest as it stands now, with nobody else at it; a second tap may have changed it meanwhile."""
    Person.objects.select_for_update().get(pk=absence.person_id)
    current = Absence.objects.filter(pk=absence.pk).first()
    if current is None:
        raise Refused(_("This rest was changed a moment ago. Look at it again."))
    return current


def days(absence: Absence) -> tuple[date, date]:
    """Return the first and the last day of a rest."""
    return absence.days.lower, absence.days.upper - DAY
