"""When a call may be raised: sizes, times and limits, each refusal by a name that the door words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SMALLEST_POD = 5
# Against a false alarmist: more calls than this at once, or by one person in a day, need a talk first.
LIVE_AT_ONCE = 6
RAISED_A_DAY = 5
REVEALS_A_DAY = 10
NEEDS_AT_MOST = 8
EARLIEST = timedelta(minutes=-5)
LATEST = timedelta(days=14)


class Refusal(StrEnum):
    """Why a call can't be raised now."""

    FORMING = "forming"
    TOO_MANY_LIVE = "too_many_live"
    TOO_MANY_TODAY = "too_many_today"
    NO_NEEDS = "no_needs"
    TOO_MANY_NEEDS = "too_many_needs"
    IN_THE_PAST = "in_the_past"
    TOO_FAR_OFF = "too_far_off"
    KIND_RETIRED = "kind_retired"
    ORGANIZERS_ONLY = "organizers_only"
    NO_STREET = "no_street"


@dataclass(frozen=True)
class Raising:
    """What the rule looks at."""

    members: int
    live: int
    raised_today: int
    needs: int
    kind_active: bool
    may_by_protocol: bool
    street: str


def refusal(raising: Raising, *, now: datetime, needed_at: datetime) -> Refusal | None:
    """Return why this call can't be raised at `now`, or None when it can (P1, P2, P4)."""
    checks = {
        Refusal.FORMING: raising.members < SMALLEST_POD,
        Refusal.KIND_RETIRED: not raising.kind_active,
        Refusal.ORGANIZERS_ONLY: not raising.may_by_protocol,
        Refusal.NO_STREET: not raising.street.strip(),
        Refusal.NO_NEEDS: raising.needs < 1,
        Refusal.TOO_MANY_NEEDS: raising.needs > NEEDS_AT_MOST,
        Refusal.IN_THE_PAST: needed_at < now + EARLIEST,
        Refusal.TOO_FAR_OFF: needed_at > now + LATEST,
        Refusal.TOO_MANY_LIVE: raising.live >= LIVE_AT_ONCE,
        Refusal.TOO_MANY_TODAY: raising.raised_today >= RAISED_A_DAY,
    }
    return next((name for name, broken in checks.items() if broken), None)
