"""Making and taking back the links by which people join."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people import queries, rules
from commons.people.models import Invitation, Person
from commons.web.refusal import Refused

SENTENCES = {
    rules.NoInvitation.SEATS: (_("A link has between 1 and 30 places."), "seats"),
    rules.NoInvitation.DAYS: (_("A link works for at least 1 day and at most 60."), "days"),
    rules.NoInvitation.TOO_MANY: (
        _("You have ten open links already. Take one back that nobody needs, or wait until one ends."),
        None,
    ),
}


@transaction.atomic
def invite(*, by: Person, seats: int, language: str, days: int, now: datetime) -> Invitation:
    """Make a link with that many places; its token can be read from the invitation again."""
    # Two links made at the same moment count each other.
    Person.objects.select_for_update().get(pk=by.pk)
    open_links = queries.open_invitations_of(by, now).count()
    why = rules.invitation_refused(seats=seats, days=days, open_links=open_links)
    if why is not None:
        sentence, field = SENTENCES[why]
        raise Refused(sentence, field=field)
    invitation = Invitation.fresh(
        inviter=by, seats=seats, language=language, made_at=now, expires_at=now + timedelta(days=days)
    )
    invitation.save(force_insert=True)
    return invitation


@transaction.atomic
def invite_organizer(*, address: str, language: str, now: datetime) -> Invitation:
    """Make the link of a network's first organizer: whoever joins with it gets a term of a year.

    Links made before for the same purpose stop working: only the newest is in anybody's hand.
    """
    Invitation.objects.filter(inviter=None, address_digest=None, used=0, revoked_at=None).update(revoked_at=now)
    return staged(address=address, language=language, said={"organizes": True}, inviter=None, now=now)


@transaction.atomic
def staged(
    *,
    address: str,
    language: str,
    said: dict[str, Any],
    inviter: Person | None,
    now: datetime,
    address_digest: str | None = None,
    days: int = rules.DAYS_USUAL,
) -> Invitation:
    """Make a link for one neighbour of whom something is known already.

    `said` prefills the sign-up page (`handle`, `language`) and is handed to `joining.on_joined` once
    they have joined. It is sealed, and blanked then.
    """
    invitation = Invitation.fresh(
        inviter=inviter,
        language=language,
        made_at=now,
        expires_at=now + timedelta(days=days),
        address=address,
        address_digest=address_digest,
        staged=json.dumps(said),
    )
    invitation.save(force_insert=True)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, now: datetime) -> bool:
    """Take a link back; who has joined with it stays. Return whether it was open until now."""
    return bool(Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True).update(revoked_at=now))
