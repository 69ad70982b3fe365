"""What Celery may call in notices; each is safe to run twice."""

import time

from celery import shared_task

from commons import clock
from commons.notices.actions import fallback, heartbeat, outbox
from commons.notices.actions.carry import carry_due

# Two hundred calls at once ring two hundred times; the house is kept once a second.
KEEP_EVERY = 1.0
_kept_at = 0.0


@shared_task(name="notices.carry")
def carry() -> None:
    """Give up on what is past its end, widen what is late, send what is due."""
    global _kept_at
    if time.monotonic() - _kept_at >= KEEP_EVERY:
        _kept_at = time.monotonic()
        now = clock.now()
        heartbeat.beat(component="queue", now=now)
        outbox.expire(now=now)
        fallback.overtake_late(now=now)
    carry_due()
