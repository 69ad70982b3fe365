"""The calls worker's own ear: it hears PostgreSQL and looks each second, so calls go out without Redis."""

import contextlib
import logging
import threading
import time
from typing import Any

import psycopg
from celery import bootsteps

logger = logging.getLogger(__name__)

QUEUE = "calls"
LOOK_EVERY = 1.0
WATCH_EVERY = 60.0
SAY_ALIVE_EVERY = 5.0


class Listener(bootsteps.StartStopStep):
    """A thread beside the worker; a step of the worker itself, for those of its consumer stop with the broker."""

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self._stopping, self._due = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, parent: Any) -> None:
        """Listen, where this worker is one for calls."""
        if QUEUE in parent.app.amqp.queues.consume_from:
            # Two threads: turning a call must not wait for a thousand letters to be carried.
            self._threads = [
                threading.Thread(target=loop, args=(self._stopping, self._due), name=loop.__name__, daemon=True)
                for loop in (listen, carry)
            ]
            for thread in self._threads:
                thread.start()

    def stop(self, parent: Any) -> None:
        """Stop listening; what is being sent is finished first."""
        self._stopping.set()
        self._due.set()
        for thread in self._threads:
            thread.join(timeout=10)

    terminate = stop


def carry(stopping: threading.Event, due: threading.Event) -> None:
    """Send whatever is due, whenever told and each second, until told to stop."""
    from django.db import connection

    from commons.notices.actions.carry import carry_due

    while not stopping.is_set():
        due.wait(LOOK_EVERY)
        due.clear()
        try:
            carry_due()
        except Exception as error:  # noqa: BLE001 - PostgreSQL away, or a fault of ours: look again
            logger.warning("carrying_again", extra={"error": type(error).__name__})
            connection.close()
            stopping.wait(0.3)
    connection.close()


def listen(stopping: threading.Event, due: threading.Event) -> None:
    """Turn whatever is due, at each ring and each second, and have it carried, until told to stop."""
    from django.db import connection

    rounds = _Rounds(due)
    while not stopping.is_set():
        try:
            with _ear() as ear:
                while not stopping.is_set():
                    rounds.go()
                    # Folds rings that came meanwhile into one; returns at the first, or after a second.
                    for _ in ear.notifies(timeout=LOOK_EVERY, stop_after=1):
                        pass
        except Exception as error:  # noqa: BLE001 - PostgreSQL away, or a fault of ours: look again
            logger.warning("listener_again", extra={"error": type(error).__name__})
            with contextlib.suppress(Exception):
                connection.close()
            stopping.wait(0.5)
    connection.close()


def _ear() -> psycopg.Connection[Any]:
    """Return a connection of its own that hears rings."""
    from django.db import connection

    from commons.wake import NOTIFY_CHANNEL

    params = connection.get_connection_params()
    for ours in ("context", "prepare_threshold", "cursor_factory", "server_side_binding"):
        params.pop(ours, None)
    ear = psycopg.connect(**params, autocommit=True)
    ear.execute(f"LISTEN {NOTIFY_CHANNEL}")
    return ear


class _Rounds:
    """What is done at each ring, each few seconds and each minute."""

    def __init__(self, due: threading.Event) -> None:
        self._due = due
        self._alive_at = 0.0
        # Not at once: what starts beside this needs a moment before its first sign of life.
        self._watched_at = time.monotonic()

    def go(self) -> None:
        """Do what is due now."""
        from commons import clock
        from commons.notices.actions import heartbeat, outbox
        from pods.actions import turn

        self._due.set()
        now = clock.now()
        if turn.turn_due(now=now):
            self._due.set()
        if time.monotonic() - self._alive_at > SAY_ALIVE_EVERY:
            self._alive_at = time.monotonic()
            heartbeat.beat(component=QUEUE, now=now)
            outbox.expire(now=now)
        if time.monotonic() - self._watched_at > WATCH_EVERY:
            self._watched_at = time.monotonic()
            self._watch()

    @staticmethod
    def _watch() -> None:
        from commons import clock
        from pods.actions import audit

        audit.audit(now=clock.now())
