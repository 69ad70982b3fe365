"""How often: token buckets in PostgreSQL, where fifty parallel clients and a flushed Redis change nothing.

The bucket's key is a keyed hash that changes each day: the table says neither who nor where from. Purged after 24 h.
"""

from datetime import timedelta

from django.apps import apps
from django.db import connection

from commons.web.client import keyed

# A new bucket starts full, less the token taken. A known one is refilled for the time that passed, by the database's
# clock, and changed only if a whole token is in it: no row comes back otherwise. The distance in time is taken without
# its sign, so that a clock set back doesn't lock anybody out until it has caught up.
_TAKE = """
INSERT INTO {table} AS bucket (key, tokens, touched_at) VALUES (%(key)s, %(capacity)s - 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
    tokens = LEAST(%(capacity)s, bucket.tokens + {refill}) - 1,
    touched_at = clock_timestamp()
WHERE LEAST(%(capacity)s, bucket.tokens + {refill}) >= 1
RETURNING tokens
"""
_REFILL = "abs(extract(epoch FROM clock_timestamp() - bucket.touched_at))::float8 * %(per_second)s"


def take(key: str, capacity: int, per: timedelta) -> bool:
    """Take one of ``capacity`` tokens that refill evenly over ``per``; False when there is none.

    One statement, so no race. Call it before a transaction is opened: inside one, a refusal that rolls back would give
    the token back, and the bucket would stay locked until the end.
    """
    if capacity < 1 or per <= timedelta():
        raise ValueError("A bucket holds at least one token and refills in some time.")
    table = connection.ops.quote_name(apps.get_model("people", "RateBucket")._meta.db_table)
    values: dict[str, str | float] = {
        "key": keyed("bucket", key),
        "capacity": float(capacity),
        "per_second": capacity / per.total_seconds(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(table=table, refill=_REFILL), values)
        return cursor.fetchone() is not None
