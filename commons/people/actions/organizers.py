"""Terms of organizers: given for a year at most, ended early if need be, never the last one."""

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from commons.people import queries, rules
from commons.people.models import OrganizerTerm, Person
from commons.web.refusal import Refused

SENTENCES = {
    rules.NoTerm.PAST: _("A term ends on a day after today."),
    rules.NoTerm.TOO_LONG: _("A term lasts a year at most. It can be given again when it ends."),
    rules.NoTerm.LAST: _("This is the last organizer. Ask somebody else to organize first, then end this term."),
}
# One lock for all terms: two organizers who end each other's term at the same moment meet here.
LOCK = 4_0001


def _alone() -> None:
    """Let one change of terms happen at a time, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def appoint(*, person: Person, until: date, today: date) -> OrganizerTerm:
    """Make a member an organizer from today until that day; a term that holds is changed to end then."""
    why = rules.term_refused(today=today, until=until)
    if why is not None:
        raise Refused(SENTENCES[why], field="until")
    _alone()
    holding = OrganizerTerm.objects.filter(person=person, starts_on__lte=today, ends_on__gt=today).first()
    if holding is not None:
        holding.ends_on = until
        holding.save(update_fields=["ends_on"])
        return holding
    # Terms that lie wholly in the future would come on top of this one.
    OrganizerTerm.objects.filter(person=person, starts_on__gt=today).delete()
    return OrganizerTerm.objects.create(person=person, starts_on=today, ends_on=until)


@transaction.atomic
def end_term(*, person: Person, today: date) -> None:
    """End a person's term today; refused for the last organizer."""
    _alone()
    why = rules.ending_refused(person=person.pk, organizers=set(queries.organizers().values_list("pk", flat=True)))
    if why is not None:
        raise Refused(SENTENCES[why])
    OrganizerTerm.objects.filter(person=person, starts_on__gte=today).delete()
    # Ended today: it no longer holds, and what stands says that it did until today.
    OrganizerTerm.objects.filter(person=person, ends_on__gt=today).update(ends_on=today)
