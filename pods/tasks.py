"""What Celery may call in pods; each is safe to run twice."""

from celery import shared_task

from commons import clock
from commons.notices.actions import heartbeat
from commons.notices.actions.carry import carry_due
from pods.actions import audit, clusters, joining, turn


@shared_task(name="pods.sweep")
def sweep() -> None:
    """Turn every call whose step is due, then carry what that queued."""
    now = clock.now()
    heartbeat.beat(component="beat", now=now)
    if turn.turn_due(now=now):
        carry_due()


@shared_task(name="pods.audit")
def watch() -> None:
    """Look for what stopped, set it right, and say so."""
    audit.audit(now=clock.now())


@shared_task(name="pods.settle_joinings")
def settle_joinings() -> None:
    """Settle the joinings whose seven days are over."""
    joining.settle_due(now=clock.now())


@shared_task(name="pods.propose")
def propose() -> None:
    """Compute where capacity gathers, each night and whenever somebody asked."""
    clusters.compute_due(now=clock.now())
