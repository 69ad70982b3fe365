"""An uploaded list of people beside what the database knows: what each row becomes."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from commons import seal
from commons.people.models import Invitation, Person
from sites.models import RosterDraft
from sites.rules.roster import Known, Line, Outcome, judge, outcome
from sites.rules.sheet import Row, Sheet

# The kind of the letter that invites somebody, and what its subject begins with, before the invitation's ref.
LETTER, ABOUT = "sites.invitation", "invitation:"


@dataclass(frozen=True)
class Planned:
    """One row, what becomes of it, and the invitation that stands already."""

    line: Line
    outcome: Outcome
    language: str
    invitation: Invitation | None


def drafts_of(person: Any) -> models.QuerySet[RosterDraft]:
    """Return the lists that this person uploaded within a day; nobody else's are theirs to see."""
    return RosterDraft.objects.filter(person=person, expires_at__gt=Now())


def pack(sheet: Sheet) -> str:
    """Return a sheet as text, to be sealed."""
    rows = [[row.number, row.cells, row.overflows] for row in sheet.rows]
    return json.dumps({"headings": sheet.headings, "dropped": sheet.dropped, "unknown": sheet.unknown, "rows": rows})


def unpack(text: str) -> Sheet:
    """Return the sheet that was packed."""
    said = json.loads(text)
    rows = [Row(number, cells, overflows) for number, cells, overflows in said["rows"]]
    return Sheet(said["headings"], said["dropped"], said["unknown"], rows)


def address_digest(address: str, key: bytes | None = None) -> str:
    """Return the keyed hash by which an address is known again without being readable."""
    return hmac.new(key or seal.derive("roster"), address.lower().encode(), hashlib.sha256).hexdigest()


def plan(rows: Iterable[Row], now: datetime) -> list[Planned]:
    """Return what becomes of each row. Two statements however many rows."""
    lines = judge(rows)
    addresses = {line.email for line in lines if not line.flaws}
    members = set(Person.objects.filter(email__in=addresses).values_list("email", flat=True))
    earlier = invited(addresses)
    return [_planned(line, line.email in members, earlier.get(line.email), now) for line in lines]


def invited(addresses: Iterable[str]) -> Mapping[str, Invitation]:
    """Return the invitations that lists and cards made before, by address; earlier keys are tried too."""
    keys = seal.derive_all("roster")
    by_digest = {address_digest(address, key): address for address in addresses for key in keys}
    found = Invitation.objects.filter(address_digest__in=by_digest)
    return {by_digest[invitation.address_digest or ""]: invitation for invitation in found}


def _planned(line: Line, member: bool, invitation: Invitation | None, now: datetime) -> Planned:
    language = line.language if line.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    known = None
    if invitation is not None:
        known = Known(
            staged=json.loads(invitation.staged or "{}"),
            language=invitation.language,
            used=invitation.used >= invitation.seats,
            revoked=invitation.revoked_at is not None,
            expired=invitation.expires_at <= now,
        )
    return Planned(line, outcome(line, member=member, known=known, language=language), language, invitation)


def counts(planned: Iterable[Planned]) -> dict[Outcome, int]:
    """Return how many rows become what."""
    found = Counter(one.outcome for one in planned)
    return {which: found[which] for which in Outcome if found[which]}


def letters_wanted(subjects: Collection[str], now: datetime) -> set[str]:
    """Return which of these letters' subjects are of an invitation that opens something: not of one taken back."""
    refs = [subject.removeprefix(ABOUT) for subject in subjects]
    usable = Invitation.objects.usable(now).filter(ref__in=refs)
    return {ABOUT + ref for ref in usable.values_list("ref", flat=True)}
