"""What becomes of a list's words about somebody once they have joined."""

from datetime import datetime
from typing import Any

from commons.people.models import Person
from sites.actions.assets import Terms, share_staged
from sites.states import Limit


def share_what_was_said(person: Person, said: dict[str, Any], now: datetime) -> None:
    """Turn the skills and things of a list into the person's own; called within the joining's transaction."""
    known = {limit.value for limit in Limit}
    limits = tuple(limit for limit in said.get("limits", ()) if limit in known)
    terms = Terms(limits=limits, note=str(said.get("note", "")))
    share_staged(person=person, offers=said.get("offers", ()), terms=terms, now=now)
