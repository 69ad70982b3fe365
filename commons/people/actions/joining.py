"""Joining: a place on an invitation becomes a person, once."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commons.people import rules
from commons.people.models import Invitation, OrganizerTerm, Person
from commons.web.refusal import Refused

# What apps above do with what a spreadsheet said of somebody, once they have joined: filled from
# their `ready()`, called inside the transaction that makes the person.
on_joined: list[Callable[[Person, dict[str, Any], datetime], None]] = []

SENTENCES = {
    rules.Closed.REVOKED: _("This invitation was taken back. Ask a member for a new link."),
    rules.Closed.EXPIRED: _("This invitation has ended. Ask a member for a new link."),
    rules.Closed.USED: _("The last place on this invitation was just taken. Ask a member for a new link."),
}


@dataclass(frozen=True)
class Newcomer:
    """What somebody says of themselves when they join."""

    handle: str
    email: str
    password: str | None
    language: str
    time_zone: str


def what_was_said(invitation: Invitation | None) -> dict[str, Any]:
    """Return what a spreadsheet (or the founding) said of the person that this link is for."""
    said = json.loads(invitation.staged) if invitation is not None and invitation.staged else {}
    return said if isinstance(said, dict) else {}


@transaction.atomic
def join(*, newcomer: Newcomer, token: str | None, now: datetime) -> Person | None:
    """Take a place and make the person; None when somebody signs in with this address already.

    A taken address takes the place all the same, and as long: from a link's places nobody can tell
    who is a member, nor from a clock. Whoever it was gets a mail that says how to sign in.
    `token` is None where the network is open to everybody.
    """
    invitation = _take_place(token, now) if token is not None else None
    try:
        # A savepoint: the place stays taken.
        with transaction.atomic():
            return _make(newcomer, invitation, now)
    except IntegrityError:
        with transaction.atomic():
            decoy = Newcomer(newcomer.handle, f"{secrets.token_hex(16)}@invalid.invalid", None, "en", "UTC")
            _make(decoy, None, now)
            transaction.set_rollback(True)
    return None


def _take_place(token: str, now: datetime) -> Invitation:
    """Lock the invitation and count one place: of two people at the last one, one waits and is told."""
    invitation = Invitation.objects.select_for_update().with_token(token).first()
    if invitation is None:
        raise Refused(SENTENCES[rules.Closed.EXPIRED])
    why = rules.closed(
        revoked_at=invitation.revoked_at,
        expires_at=invitation.expires_at,
        used=invitation.used,
        seats=invitation.seats,
        now=now,
    )
    if why is not None:
        raise Refused(SENTENCES[why])
    invitation.used += 1
    invitation.save(update_fields=["used"])
    return invitation


def _make(newcomer: Newcomer, invitation: Invitation | None, now: datetime) -> Person:
    """Insert the person with an address that is still to be proven, and let the house greet them."""
    person = Person.objects.create_user(
        newcomer.email,
        newcomer.handle,
        newcomer.password,
        language=newcomer.language,
        time_zone=newcomer.time_zone,
        unproven_since=now.date(),
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    said = what_was_said(invitation)
    if invitation is not None and invitation.staged is not None:
        invitation.staged = invitation.address = None
        invitation.save(update_fields=["staged", "address"])
    if said.get("organizes"):
        OrganizerTerm.objects.create(
            person=person, starts_on=now.date(), ends_on=now.date() + timedelta(days=rules.TERM_DAYS_MOST - 1)
        )
    if said:
        for hook in on_joined:
            hook(person, said, now)
    return person


def prove_address(*, person: Person) -> None:
    """Hold this person's sign-in address for proven, as a code would: for people whom a command makes."""
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
