"""Claiming and finishing deliveries: the two statements through which every send passes."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from commons.notices.kinds import Claimed
from commons.notices.states import DeliveryState, Outcome

# Waits after the first, second, … failed attempt; the last one repeats until the message expires.
BACKOFF = (5, 15, 45, 120, 300)

CLAIM = """
WITH claimed AS (
UPDATE notices_delivery SET state = 'leased', lease_token = %(token)s, due_at = %(lease_end)s, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM notices_delivery
    WHERE state IN ('queued', 'leased') AND due_at <= %(now)s AND expires_at > %(now)s AND channel = ANY(%(channels)s)
    ORDER BY urgency, due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id, ref, subject, person_id, channel, kind, round, urgency, attempts, payload, made_at
)
SELECT id, ref, subject, person_id, channel, kind, round, urgency, attempts, payload
FROM claimed ORDER BY urgency, made_at, id
"""

# Only who still holds the lease may finish: a late worker changes nothing.
FINISH = """
WITH told AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(outcomes)s::text[], %(errors)s::text[],
                         %(dues)s::timestamptz[], %(tokens)s::uuid[]) AS t (id, state, outcome, error, due, token)
), done AS (
    UPDATE notices_delivery d
    SET state = told.state, error = told.error, due_at = coalesce(told.due, d.due_at), lease_token = NULL,
        handed_off_at = CASE WHEN told.outcome = 'handed_off' THEN clock_timestamp() END
    FROM told WHERE d.id = told.id AND d.lease_token = told.token AND d.state = 'leased'
    RETURNING d.id, told.outcome, told.error
)
INSERT INTO notices_deliveryattempt (delivery_id, at, outcome, error)
SELECT id, clock_timestamp(), outcome, error FROM done RETURNING delivery_id
"""
# The same for what went well, which is nearly all: five lists less to write and to read.
FINISH_WELL = """
WITH done AS (
    UPDATE notices_delivery d
    SET state = 'handed_off', error = '', lease_token = NULL, handed_off_at = clock_timestamp()
    FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[]) AS told (id, token)
    WHERE d.id = told.id AND d.lease_token = told.token AND d.state = 'leased'
    RETURNING d.id
)
INSERT INTO notices_deliveryattempt (delivery_id, at, outcome, error)
SELECT id, clock_timestamp(), 'handed_off', '' FROM done RETURNING delivery_id
"""
GIVE_BACK = """
UPDATE notices_delivery d
SET state = 'queued', due_at = clock_timestamp(), attempts = greatest(attempts - 1, 0), lease_token = NULL
FROM unnest(%(ids)s::bigint[], %(tokens)s::uuid[]) AS told (id, token)
WHERE d.id = told.id AND d.lease_token = told.token AND d.state = 'leased'
"""
STATE_AFTER = {
    Outcome.HANDED_OFF: DeliveryState.HANDED_OFF,
    Outcome.REFUSED: DeliveryState.FAILED,
    Outcome.UNWANTED: DeliveryState.SUPPRESSED,
    Outcome.TRY_AGAIN: DeliveryState.QUEUED,
}


class Result(NamedTuple):
    """How the attempt on one claimed delivery ended."""

    delivery: Claimed
    outcome: Outcome
    error: str = ""
    address_dead: bool = False


def claim(*, now: datetime, limit: int, channels: Sequence[str]) -> list[Claimed]:
    """Lease up to `limit` due deliveries to this caller, most urgent first, and return them.

    Two callers never get the same row. A lease ends by itself (LEASE_SECONDS): what a dead worker
    held comes due again. One short transaction of its own.
    """
    token = str(uuid.uuid4())
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "token": token,
                "lease_end": now + timedelta(seconds=settings.LEASE_SECONDS),
                "now": now,
                "channels": list(channels),
                "limit": limit,
            },
        )
        return [Claimed._make((*row, token)) for row in cursor.fetchall()]


def next_try(attempts: int, now: datetime, jitter: float) -> datetime:
    """Return when to try again after that many attempts; `jitter` in 0–1 spreads the waits by a fifth."""
    wait = BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]
    return now + timedelta(seconds=wait * (0.9 + 0.2 * jitter))


def finish(results: Sequence[Result], *, now: datetime | None, jitter: float) -> set[int]:
    """Record how these attempts ended and return the ids that were still ours to finish.

    `now` may be left out where nothing is to be tried again or gave way to another channel.
    """
    if not results:
        return set()
    said: dict[str, Any] = _named([result.delivery for result in results])
    well = all(result.outcome is Outcome.HANDED_OFF for result in results)
    if not well:
        said |= {
            "states": [STATE_AFTER[result.outcome].value for result in results],
            "outcomes": [result.outcome.value for result in results],
            "errors": [result.error[:60] for result in results],
            "dues": [
                next_try(result.delivery.attempts, now, jitter)
                if now is not None and result.outcome is Outcome.TRY_AGAIN
                else None
                for result in results
            ],
        }
    # One statement is one transaction, in one round trip: what is sent waits for no BEGIN to be recorded.
    with connection.cursor() as cursor:
        cursor.execute(FINISH_WELL if well else FINISH, said)
        return {row[0] for row in cursor.fetchall()}


def give_back(unsent: Sequence[Claimed]) -> None:
    """End the leases of what was claimed and not tried: it is due at once, for whoever comes first."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, _named(unsent))


def _named(deliveries: Sequence[Claimed]) -> dict[str, str]:
    """Return ids and tokens as PostgreSQL writes arrays: psycopg would look at each of them."""
    return {
        "ids": "{" + ",".join([str(delivery.pk) for delivery in deliveries]) + "}",
        "tokens": "{" + ",".join([delivery.lease_token for delivery in deliveries]) + "}",
    }
