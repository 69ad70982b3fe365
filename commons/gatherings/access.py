"""Who may do what with gatherings: one table, printed for members."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from commons.gate import Permission, Table
from commons.people.access import is_member, is_organizer


@predicate
def is_host(person: Any, gathering: Any) -> bool:
    """Whether this person holds the gathering."""
    return bool(person.is_authenticated and gathering is not None and gathering.host_id == person.pk)


_MEMBERS = _("Members of this network can.")
_HOSTS = _("Whoever holds the gathering can, and organizers.")

TABLE = Table(
    "gatherings",
    [
        Permission("gatherings.see", is_member, _MEMBERS, _("See what gatherings there are, and how many come")),
        Permission("gatherings.answer", is_member, _MEMBERS, _("Say whether they come")),
        Permission("gatherings.hold", is_member, _MEMBERS, _("Hold a gathering")),
        Permission("gatherings.change", is_host | is_organizer, _HOSTS, _("Move a gathering, change it, call it off")),
        Permission("gatherings.see_names", is_host | is_organizer, _HOSTS, _("See who comes by name")),
        Permission("gatherings.record", is_host | is_organizer, _HOSTS, _("Write down how it was and what came of it")),
        Permission("gatherings.feed", is_member, _MEMBERS, _("Have their own calendar feed, and take it back")),
    ],
)
SEE = TABLE["gatherings.see"]
ANSWER = TABLE["gatherings.answer"]
HOLD = TABLE["gatherings.hold"]
CHANGE = TABLE["gatherings.change"]
SEE_NAMES = TABLE["gatherings.see_names"]
RECORD = TABLE["gatherings.record"]
FEED = TABLE["gatherings.feed"]
