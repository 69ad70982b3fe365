"""Who may do what with channels: one table, printed for members."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from commons.gate import Permission, Table


@predicate
def is_owner(person: Any, channel: Any) -> bool:
    """Whether messages on this channel reach the person."""
    return bool(person.is_authenticated and channel is not None and channel.person_id == person.pk)


TABLE = Table(
    "notices",
    [
        Permission(
            "notices.change_channel",
            is_owner,
            _("Only the person whom it reaches can."),
            _("Say what a message on a channel may contain"),
        ),
    ],
)
CHANGE_CHANNEL = TABLE["notices.change_channel"]
