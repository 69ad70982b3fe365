"""Queueing: a message is a row, written in the same transaction as its cause."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction

from commons import wake
from commons.notices.kinds import LETTER
from commons.notices.models import Delivery
from commons.notices.states import PENDING, DeliveryState, Urgency

Which = Literal["first", "other", "all"]

# One statement whatever the number of people. `rank` orders a person's working channels; "other"
# takes the second, or the only one there is. A row that stands already is left as it stands.
ENQUEUE = """
INSERT INTO notices_delivery
    (ref, subject, person_id, channel, kind, round, urgency, state, attempts, due_at, expires_at, made_at, error)
SELECT left(replace(gen_random_uuid()::text, '-', ''), 20), %(subject)s, person, channel, %(kind)s, %(round)s,
       %(urgency)s, 'queued', 0, greatest(not_before, %(now)s), %(expires_at)s, %(now)s, ''
FROM (
    SELECT wanted.person, wanted.not_before, c.kind AS channel,
           row_number() OVER (PARTITION BY c.person_id ORDER BY c.position, c.id) AS rank,
           count(*) OVER (PARTITION BY c.person_id) AS ways
    FROM unnest(%(people)s::bigint[], %(not_before)s::timestamptz[]) AS wanted (person, not_before)
    JOIN people_person p ON p.id = wanted.person AND p.is_active
    JOIN notices_channel c ON c.person_id = wanted.person
    WHERE c.verified_at IS NOT NULL AND c.disabled_at IS NULL
) AS ranked
WHERE CASE %(which)s WHEN 'all' THEN true WHEN 'first' THEN rank = 1 ELSE rank = least(2, ways) END
ON CONFLICT DO NOTHING
"""

# All conditions stand on the row itself: whoever waited for a worker that leased it meanwhile looks at them again.
SUPPRESS = """
UPDATE notices_delivery SET state = 'suppressed'
WHERE subject = %(subject)s AND kind = ANY(%(kinds)s) AND state = 'queued'
  AND (%(people)s::bigint[] IS NULL OR person_id = ANY(%(people)s::bigint[]))
RETURNING person_id
"""


def enqueue(
    *,
    subject: str,
    kind: str,
    people: Iterable[int],
    urgency: Urgency,
    now: datetime,
    expires_at: datetime,
    round: int = 0,
    which: Which = "first",
    not_before: Mapping[int, datetime] | None = None,
) -> int:
    """Queue one message to each of these people and return how many were queued.

    Each person gets it on their first working channel, on their "other" one, or on "all". The same
    (subject, person, channel, kind, round) is queued once, ever. `not_before` holds back single
    people, until their quiet hours end. Call it inside the transaction of its cause.
    """
    ids = list(people)
    if not ids:
        return 0
    held = not_before or {}
    with connection.cursor() as cursor:
        cursor.execute(
            ENQUEUE,
            {
                "subject": subject,
                "kind": kind,
                "round": round,
                "urgency": int(urgency),
                "now": now,
                "expires_at": expires_at,
                "people": ids,
                "not_before": [held.get(person, now) for person in ids],
                "which": which,
            },
        )
        queued: int = cursor.rowcount
    wake.on_commit("notices.carry")
    return queued


def letter(
    *,
    subject: str,
    to: str,
    language: str,
    title: str,
    body: str,
    urgency: Urgency,
    now: datetime,
    expires_at: datetime,
    kind: str = LETTER,
    round: int = 0,
) -> Delivery:
    """Return an e-mail, not queued yet, to an address that belongs to no member yet, or that carries a code.

    Address and words are sealed until they are sent and blanked afterwards by the retention rules.
    `kind` only names it: any kind will do.
    """
    return Delivery(
        subject=subject,
        channel="email",
        kind=kind,
        round=round,
        urgency=int(urgency),
        due_at=now,
        expires_at=expires_at,
        made_at=now,
        payload=json.dumps({"to": to, "language": language, "title": title, "body": body}),
    )


def enqueue_letters(letters: Iterable[Delivery]) -> None:
    """Queue letters, a thousand at a time; the same (subject, kind, round) is queued once, ever."""
    with transaction.atomic():
        Delivery.objects.bulk_create(letters, ignore_conflicts=True, batch_size=1000)
        wake.on_commit("notices.carry")


def enqueue_letter(**said: Any) -> None:
    """Queue one letter; takes what `letter` takes."""
    enqueue_letters([letter(**said)])


def suppress(*, subject: str, kinds: Iterable[str], people: Iterable[int] | None = None) -> set[int]:
    """Withdraw what is not sent yet and return the people whose message will now not come.

    What a worker holds under a lease is left to it: it asks once more, before sending, whether the
    message is still wanted.
    """
    values = {"subject": subject, "kinds": list(kinds), "people": None if people is None else list(people)}
    with connection.cursor() as cursor:
        cursor.execute(SUPPRESS, values)
        return {row[0] for row in cursor.fetchall() if row[0] is not None}


def expire(*, now: datetime) -> int:
    """Give up on what nobody could be told in time; return how many. Past its end a message never goes out."""
    late = Delivery.objects.filter(state__in=[state.value for state in PENDING], expires_at__lte=now)
    return late.update(state=DeliveryState.EXPIRED.value, lease_token=None)
