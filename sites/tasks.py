"""What Celery may call in sites; each is safe to run twice."""

from celery import shared_task

from commons import clock
from sites.actions import asks, imports, scores


@shared_task(name="sites.import_places")
def import_places() -> None:
    """Import whatever map files wait, one after the other."""
    while imports.import_next(now=clock.now()):
        pass


@shared_task(name="sites.look_after_assets")
def look_after_assets() -> None:
    """Remind whoever has had a tool for longer than agreed, once."""
    asks.remind(now=clock.now())


@shared_task(name="sites.reckon_scores")
def reckon_scores() -> None:
    """Bring scores up to date that changed without anybody's card: somebody left, or the half-life is another one."""
    while scores.reckon_again():
        pass
