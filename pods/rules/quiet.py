"""Quiet hours: until when a call may not reach someone (their hours, their zone, their word on urgency)."""

from datetime import datetime, time

from commons.people.rules import quiet_ends


def asleep_until(
    *, now: datetime, time_zone: str, quiet_from: time | None, quiet_until: time | None, urgent: bool, may_wake: bool
) -> datetime | None:
    """Return when their quiet hours end, or None when the call may reach them at once.

    An urgent call crosses quiet hours only where the person said so (G3).
    """
    if urgent and may_wake:
        return None
    return quiet_ends(now, time_zone, quiet_from, quiet_until)
