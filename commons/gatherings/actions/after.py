"""Writing down how a gathering was."""

from datetime import datetime

from django.db import transaction

from commons.gatherings import rules
from commons.gatherings.actions.plans import locked
from commons.gatherings.actions.refusals import refused
from commons.gatherings.models import Gathering
from commons.gatherings.states import Kind, State


@transaction.atomic
def record(*, gathering: Gathering, came: int | None, outcome: str, notes: str, now: datetime) -> Gathering:
    """Write down how many came, what came of it, and notes that are purged; written again it replaces.

    Raises `Refused` before it began, a month after it, and always for what is never written down.
    """
    gathering = locked(gathering)
    why = rules.record_refused(
        kind=Kind(gathering.kind),
        state=State(gathering.state),
        starts_at=gathering.starts_at,
        ends_at=gathering.ends_at,
        now=now,
    )
    if why is not None:
        raise refused(why)
    gathering.came, gathering.outcome, gathering.notes = came, outcome.strip() or None, notes.strip() or None
    gathering.recorded_at = now
    gathering.save(update_fields=["came", "outcome", "notes", "recorded_at"])
    return gathering
