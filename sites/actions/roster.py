"""Inviting people from a list: kept sealed, looked at, confirmed; everything or nothing."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.outbox import enqueue_letters, letter
from commons.notices.models import Delivery
from commons.notices.states import Urgency
from commons.people.models import Invitation, Person
from commons.web.refusal import Refused
from sites.models import RosterDraft
from sites.models.roster import KEPT
from sites.queries import roster as queries
from sites.queries.roster import Planned
from sites.rules.roster import DAYS, WRITES, Outcome
from sites.rules.sheet import Row, Sheet

# One import at a time: two organizers with the same list would both find nobody invited.
ONE_AT_A_TIME = 7_402_117


@transaction.atomic
def keep(*, by: Person, sheet: Sheet, now: datetime) -> RosterDraft:
    """Keep what was read, sealed, for a day; what this person uploaded before is forgotten."""
    RosterDraft.objects.filter(person=by).delete()
    return RosterDraft.objects.create(person=by, sheet=queries.pack(sheet), made_at=now, expires_at=now + KEPT)


@transaction.atomic
def discard(*, draft: RosterDraft) -> None:
    """Forget an uploaded list."""
    draft.delete()


@transaction.atomic
def confirm(*, draft: RosterDraft, now: datetime) -> list[Planned]:
    """Invite everybody on the list whose row is good, judged anew; the list is forgotten. Done once."""
    mine = RosterDraft.objects.select_for_update().filter(pk=draft.pk, expires_at__gt=now).first()
    if mine is None:
        raise Refused(_("This list was imported already, or a day has passed. Nothing was sent twice."))
    planned = import_rows(by=mine.person, rows=queries.unpack(mine.sheet or "").rows, now=now)
    mine.delete()
    return planned


@transaction.atomic
def import_rows(*, by: Person | None, rows: Iterable[Row], now: datetime) -> list[Planned]:
    """Write what the plan says: new invitations with a letter each, others brought up to date without one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    planned = queries.plan(rows, now)
    fresh = []
    for one in planned:
        if one.outcome is Outcome.INVITED:
            fresh.append((_new(by, one, now), one))
        elif one.outcome in WRITES and one.invitation is not None:
            fresh += [(one.invitation, one)] if _bring_up_to_date(one.invitation, by, one, now) else []
    Invitation.objects.bulk_create([invitation for invitation, _one in fresh if invitation.pk is None], batch_size=1000)
    enqueue_letters([letter_to(invitation, one.line.email, now) for invitation, one in fresh])
    return planned


def _new(by: Person | None, one: Planned, now: datetime) -> Invitation:
    return Invitation.fresh(
        inviter=by,
        language=one.language,
        made_at=now,
        expires_at=now + timedelta(days=DAYS),
        address=one.line.email,
        address_digest=queries.address_digest(one.line.email),
        staged=json.dumps(one.line.staged()),
    )


def _bring_up_to_date(invitation: Invitation, by: Person | None, one: Planned, now: datetime) -> bool:
    """Change an invitation to what the list says now; return whether it had ended and is sent anew."""
    again = one.outcome is Outcome.INVITED_AGAIN
    invitation.language = one.language
    invitation.address, invitation.staged = one.line.email, json.dumps(one.line.staged())
    invitation.address_digest = queries.address_digest(one.line.email)
    if again:
        begin_anew(invitation, by, now)
    invitation.save()
    return again


def begin_anew(invitation: Invitation, by: Person | None, now: datetime) -> None:
    """Give an unsaved invitation another link and two more weeks: one that has ended never opens anything again."""
    renewed = Invitation.fresh(inviter=by)
    invitation.nonce = renewed.nonce
    invitation.digest = Invitation.fresh(nonce=renewed.nonce, ref=invitation.ref).digest
    invitation.inviter, invitation.made_at, invitation.expires_at = by, now, now + timedelta(days=DAYS)


def letter_to(invitation: Invitation, address: str, now: datetime) -> Delivery:
    """Return the letter that invites, in their language; it names nobody and no network before it is opened."""
    link = settings.SITE_URL + reverse("join", args=[invitation.token()])
    with translation.override(invitation.language):
        return letter(
            subject=queries.ABOUT + invitation.ref,
            kind=queries.LETTER,
            round=(invitation.made_at - EPOCH).days % 32_767,
            to=address,
            language=invitation.language,
            title=gettext("A neighbour invites you"),
            body=gettext(
                "Hello,\n\n"
                "someone in your neighbourhood would like you to be part of a circle of neighbours "
                "who help each other.\n\n"
                "Have a look, and decide yourself: nothing happens unless you say yes. A pseudonym will do. "
                "What the invitation says you could share is yours to keep, to change or to take out.\n\n"
                "The link works for %(days)d days and is for you alone:\n%(link)s\n\n"
                "If you don't want this, do nothing. Your address will be forgotten."
            )
            % {"days": DAYS, "link": link},
            urgency=Urgency.BULK,
            now=now,
            expires_at=now + timedelta(days=2),
        )


EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
