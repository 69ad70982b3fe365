"""Whether alerts are being carried: what waits too long, and who was last seen alive."""

from datetime import datetime, timedelta

from django.db import connection

from commons.notices.states import Urgency

LATE = timedelta(seconds=30)

# Leased deliveries count once their lease is over: whoever held them is dead.
_WAITING = """
SELECT min(due_at) FROM notices_delivery
WHERE state IN ('queued', 'leased') AND urgency = %(call)s AND due_at <= %(now)s
"""


def carrying_stopped(now: datetime) -> bool:
    """Return whether an alert has waited half a minute while nobody who could carry it was seen.

    For the sentence in red on the pages of a call: one short statement, over an index that holds only what is due.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ({_WAITING}) < %(late)s AND NOT EXISTS (SELECT FROM notices_heartbeat WHERE at > %(late)s)",  # noqa: S608
            {"call": int(Urgency.CALL), "now": now, "late": now - LATE},
        )
        row = cursor.fetchone()
    return bool(row and row[0])
