"""When a channel fails a person, their next one is asked at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from commons import wake
from commons.notices.actions.claims import Result
from commons.notices.models import Channel
from commons.notices.states import Urgency

# A call that was not handed off within this time goes out by the person's next channel too.
NO_PROOF_AFTER = timedelta(seconds=30)

# Copies a delivery to the person's next working channel after the one it was meant for.
NEXT_CHANNEL = """
INSERT INTO notices_delivery
    (ref, subject, person_id, channel, kind, round, urgency, state, attempts, due_at, expires_at, made_at, error)
SELECT left(replace(gen_random_uuid()::text, '-', ''), 20), d.subject, d.person_id, next.kind, d.kind, d.round,
       d.urgency, 'queued', 0, %(now)s, d.expires_at, %(now)s, ''
FROM notices_delivery d
JOIN notices_channel own ON own.person_id = d.person_id AND own.kind = d.channel
JOIN LATERAL (
    SELECT c.kind FROM notices_channel c
    WHERE c.person_id = d.person_id AND c.verified_at IS NOT NULL AND c.disabled_at IS NULL
      AND (c.position, c.id) > (own.position, own.id)
    ORDER BY c.position, c.id LIMIT 1
) AS next ON true
WHERE d.expires_at > %(now)s AND {which}
ON CONFLICT DO NOTHING
"""
THESE = "d.id = ANY(%(ids)s)"
LATE = "d.urgency = %(urgency)s AND d.state IN ('queued', 'leased') AND d.made_at <= %(since)s AND d.due_at <= %(soon)s"


@transaction.atomic
def give_way(refused: Sequence[Result], *, now: datetime) -> int:
    """Disable dead addresses, queue each person's next channel, and return how many were queued."""
    if not refused:
        return 0
    for result in refused:
        if result.address_dead and result.delivery.person_id:
            Channel.objects.filter(
                person=result.delivery.person_id, kind=result.delivery.channel, disabled_at__isnull=True
            ).update(disabled_at=now, disabled_why=result.error[:40])
    return _copy(THESE, {"now": now, "ids": [result.delivery.pk for result in refused]})


@transaction.atomic
def overtake_late(*, now: datetime) -> int:
    """Queue the next channel for calls that no provider took in time; return how many were queued."""
    return _copy(
        LATE,
        {
            "now": now,
            "urgency": int(Urgency.CALL),
            "since": now - NO_PROOF_AFTER,
            "soon": now + timedelta(minutes=6),
        },
    )


def _copy(which: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_CHANNEL.format(which=which), params)
        queued: int = cursor.rowcount
    if queued:
        wake.on_commit("notices.carry")
    return queued
