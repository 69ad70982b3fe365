"""Who may: one gate before every view, and one table of permissions per app.

Every view carries exactly one of four gates::

    @gate.public                                    anybody
    @gate.signed_in                                 anybody who is signed in
    @gate.permit(access.ANSWER, fetch=queries.calls_visible_to, by="ref", methods=("GET", "POST"))
    @gate.by_link                                   whoever holds the one-tap link in the address

Objects are fetched *through* what a person may see: what she may not see does not exist for her (404); what she may see
but not do answers 403 with a sentence that says who could. Views accept GET alone unless ``methods`` says more.
"""

from commons.gate.check import OF_OTHERS, Door, every_door, gate_of
from commons.gate.doors import Gate, View, by_link, permit, public, signed_in, to_sign_in
from commons.gate.table import Forbidden, Permission, Table, tables

__all__ = [
    "OF_OTHERS",
    "Door",
    "Forbidden",
    "Gate",
    "Permission",
    "Table",
    "View",
    "by_link",
    "every_door",
    "gate_of",
    "permit",
    "public",
    "signed_in",
    "tables",
    "to_sign_in",
]
