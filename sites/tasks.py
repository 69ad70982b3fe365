"""What Celery may call in sites; each is safe to run twice."""

from celery import shared_task

from commons import clock
from sites.actions import asks, freshness, imports, popups, scores, shift_turn


@shared_task(name="sites.import_places")
def import_places() -> None:
    """Import whatever map files wait, one after the other."""
    while imports.import_next(now=clock.now()):
        pass


@shared_task(name="sites.look_after_assets")
def look_after_assets() -> None:
    """Remind whoever has had a tool for longer than agreed, and ask for what is a year old; each once."""
    asks.remind(now=clock.now())
    freshness.ask_again(now=clock.now())


@shared_task(name="sites.reckon_scores")
def reckon_scores() -> None:
    """Bring scores up to date that changed without anybody's card: somebody left, or the half-life is another one."""
    while scores.reckon_again():
        pass


@shared_task(name="sites.turn_shifts")
def turn_shifts() -> None:
    """Put the weeks that came near on their pages, and do what is due about every shift."""
    now = clock.now()
    popups.fill_due(now=now)
    shift_turn.turn_due(now=now)
