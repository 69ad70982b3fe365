"""What Celery may call in people; each is safe to run twice."""

from celery import shared_task

from commons import clock
from commons.people.actions import retention


@shared_task(name="people.purge")
def purge() -> None:
    """Obey the retention policy: let go of what has been kept long enough."""
    retention.purge(now=clock.now())
