"""What Celery may call in gatherings; each is safe to run twice."""

from celery import shared_task

from commons import clock
from commons.gatherings.actions import reminding


@shared_task(name="gatherings.remind")
def remind() -> None:
    """Remind those who said yes, a day before."""
    reminding.remind_due(now=clock.now())
