"""Writing a call's log."""

from datetime import datetime

from pods.models import Call, CallEvent
from pods.states import LogWord


def note(call: Call, word: LogWord, now: datetime, *, person_id: int | None = None, **facts: int | str) -> None:
    """Add a line to the call's log: a word, perhaps a person, and counts or codes; never free text."""
    CallEvent.objects.create(call=call, at=now, word=word.value, person_id=person_id, facts=facts)
