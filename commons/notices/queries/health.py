"""Whether the database and Redis answer, within a second whatever has happened to them."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection

from commons.notices.states import Urgency

DATABASE_S, REDIS_S = 0.7, 0.2
ALERT_LATE_S = 60

_LOOK = """
SELECT (SELECT extract(epoch FROM clock_timestamp() - min(due_at))::float8 FROM notices_delivery
        WHERE state IN ('queued', 'leased') AND urgency = %s AND due_at <= clock_timestamp()),
       (SELECT coalesce(
           jsonb_object_agg(component, round(extract(epoch FROM clock_timestamp() - at)::numeric, 1)), '{}')
        FROM notices_heartbeat)
"""


@dataclass(frozen=True)
class Health:
    """What was found; nothing in it is about a person."""

    database: bool
    redis: bool
    # None where no alert is due.
    oldest_due_alert_s: float | None = None
    # Seconds since each component was last seen.
    workers: dict[str, float] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        """Return whether calls go out; they do without Redis, only a little later."""
        return self.database and (self.oldest_due_alert_s is None or self.oldest_due_alert_s <= ALERT_LATE_S)


def health() -> Health:
    """Look at both, side by side, and wait for neither longer than it takes to answer a load balancer."""
    answers = _ask(_redis, REDIS_S * 2), _ask(_database, DATABASE_S)
    rung = answers[0]()
    found = answers[1]()
    if found is None:
        return Health(database=False, redis=bool(rung))
    oldest, workers = found
    return Health(True, bool(rung), None if oldest is None else round(oldest, 1), workers)


def _ask(question: Callable[[], Any], seconds: float) -> Callable[[], Any]:
    """Ask in a thread of its own; the answer is None after that long, or where there was an error.

    A server that is frozen keeps its connections open and says nothing: no timeout of the drivers notices that.
    """
    answer: queue.Queue[Any] = queue.Queue(maxsize=1)

    def run() -> None:
        try:
            answer.put(question())
        except (psycopg.Error, redis.RedisError, OSError):
            answer.put(None)

    lock = _asking[question]
    if not lock.acquire(blocking=False):
        return lambda: None  # the last one hangs still: one stuck thread is enough

    def release_after() -> None:
        try:
            run()
        finally:
            lock.release()

    threading.Thread(target=release_after, daemon=True).start()

    def wait() -> Any:
        try:
            return answer.get(timeout=seconds)
        except queue.Empty:
            return None

    return wait


def _database() -> tuple[float | None, dict[str, float]] | None:
    """Look through a connection of its own, so that none of the pages' is left behind half asked."""
    params = {**connection.get_connection_params(), "connect_timeout": 2}
    for name in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(name, None)
    with psycopg.connect(**params, autocommit=True, options="-c statement_timeout=600") as own:
        return own.execute(_LOOK, [int(Urgency.CALL)]).fetchone()


def _redis() -> bool:
    """Ask for a sign of life."""
    address = settings.REDIS_URL.replace("redis+socket://", "unix://")
    client = redis.Redis.from_url(address, socket_timeout=REDIS_S, socket_connect_timeout=REDIS_S)
    try:
        return bool(client.ping())
    finally:
        client.close()


_asking: dict[Callable[[], Any], threading.Lock] = {_database: threading.Lock(), _redis: threading.Lock()}
