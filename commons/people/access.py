"""Who may do what among people: one table, printed for members on the page of access."""

from typing import Any

from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from commons.gate import Permission, Table
from commons.people.models import OrganizerTerm


@predicate
def is_member(person: Any) -> bool:
    """Whether this is somebody who joined; whoever is signed in did."""
    return bool(person.is_authenticated and person.is_active)


@predicate
def is_organizer(person: Any) -> bool:
    """Whether a term of this person holds today, by the database's clock; it ends with the day that is named."""
    if not is_member(person):
        return False
    today = TruncDate(Now())
    return OrganizerTerm.objects.filter(person=person, starts_on__lte=today, ends_on__gt=today).exists()


_MEMBERS = _("Members of this network can.")
_ORGANIZERS = _("Organizers can. The page of organizers says who they are, and until when.")

TABLE = Table(
    "people",
    [
        Permission("people.invite", is_member, _MEMBERS, _("Invite neighbours with a link, and take it back")),
        Permission(
            "people.rest",
            is_member,
            _MEMBERS,
            _("Rest for as long as they like, without a reason, seen by nobody else"),
        ),
        Permission("people.read_table", is_member, _MEMBERS, _("Read this table")),
        Permission("people.see_organizers", is_member, _MEMBERS, _("See who organizes, and until when")),
        Permission("people.appoint", is_organizer, _ORGANIZERS, _("Ask a member to organize, for a year at most")),
        Permission("people.end_term", is_organizer, _ORGANIZERS, _("End an organizer's term, while another remains")),
    ],
)
INVITE = TABLE["people.invite"]
REST = TABLE["people.rest"]
READ_TABLE = TABLE["people.read_table"]
SEE_ORGANIZERS = TABLE["people.see_organizers"]
APPOINT = TABLE["people.appoint"]
END_TERM = TABLE["people.end_term"]
