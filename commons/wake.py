"""Rings for workers when a transaction commits; a lost ring loses nothing, the work is a row."""

import logging
from collections.abc import Callable

from django.db import connection, transaction

logger = logging.getLogger(__name__)

# The PostgreSQL channel on which the calls worker listens, so that calls go out without Redis.
NOTIFY_CHANNEL = "casserole_due"

# Set by config.celery: sends a task by name. None where no queue is set up (a bare shell).
bell: Callable[[str], None] | None = None
failures = 0


def on_commit(task: str) -> None:
    """Wake `task` once this transaction commits, through PostgreSQL and through the queue.

    Never raises: a queue that is away is counted in `failures` and made good by the next sweep.
    """
    waiting = [entry[1] for entry in connection.run_on_commit]
    if any(isinstance(ring, _Ring) and ring.task == task for ring in waiting):
        return
    with connection.cursor() as cursor:
        # Delivered by PostgreSQL at commit, and forgotten with a savepoint, as the ring below is.
        cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFY_CHANNEL, task])
    transaction.on_commit(_Ring(task), robust=True)


class _Ring:
    """A wake-up that waits for the commit."""

    def __init__(self, task: str) -> None:
        self.task = task

    def __call__(self) -> None:
        global failures
        if bell is None:
            return
        try:
            bell(self.task)
        except Exception as error:  # noqa: BLE001 - any broker fault; the sweep makes it good
            failures += 1
            logger.warning("wake_failed", extra={"task": self.task, "error": type(error).__name__})
