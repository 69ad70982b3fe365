"""What Celery may call in notices; each is safe to run twice."""

from celery import shared_task

from commons import clock
from commons.notices.actions import fallback, heartbeat, outbox
from commons.notices.actions.carry import carry_due


@shared_task(name="notices.carry")
def carry() -> None:
    """Give up on what is past its end, widen what is late, send what is due."""
    now = clock.now()
    heartbeat.beat(component="queue", now=now)
    outbox.expire(now=now)
    fallback.overtake_late(now=now)
    carry_due()
