"""What Celery may call in sites; each is safe to run twice."""

from celery import shared_task

from commons import clock
from sites.actions import asks, imports


@shared_task(name="sites.import_places")
def import_places() -> None:
    """Import whatever map files wait, one after the other."""
    while imports.import_next(now=clock.now()):
        pass


@shared_task(name="sites.look_after_assets")
def look_after_assets() -> None:
    """Remind whoever has had a tool for longer than agreed, once."""
    asks.remind(now=clock.now())
