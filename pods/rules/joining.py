"""How people come into a pod: who may be named, what settles it, and why a thirteenth can't.

**Founders.** Until its fifth sits down a pod is forming. It can raise no call, so a seat in it opens nothing yet, and
there are not always two members who could vouch. So each founder only agrees, and by agreeing is seated. With the fifth
the pod is ready, for good: whoever was asked as a founder and has not agreed by then goes the way of every newcomer,
and so does everyone named after some have left. Else whoever empties a pod of trust could fill it with their own.

**Newcomers.** Named by a member or by themselves, they agree; two members vouch; for seven days any member may object,
seen by nobody. All of it is looked at once, when the seven days are over, and there are only two outcomes: a seat, or
"not now". "Not now" is one word for every cause, and neither vouches nor objections are shown or counted on any page
while it goes on: whoever could count the vouches could tell an objection from the lack of one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pods.rules.health import SEATS, Size, size

VOUCHES = 2
OBJECTION_DAYS = 7
OBJECTION_TIME = timedelta(days=OBJECTION_DAYS)
# After a "not now" nobody names the same person to the same pod again for a while: asking daily would be pressing.
AGAIN_AFTER = timedelta(days=30)


class Refusal(StrEnum):
    """Why a joining can't begin or go on; the door words it."""

    FULL = "full"
    SEATED_ALREADY = "seated_already"
    UNDER_WAY = "under_way"
    ASKED_LATELY = "asked_lately"
    TOO_MANY_OPEN = "too_many_open"
    OVER = "over"
    OWN_VOUCH = "own_vouch"
    FORMING = "forming"


class Outcome(StrEnum):
    """What comes of a joining when its seven days are over."""

    SEAT = "seat"
    NOT_NOW = "not_now"


@dataclass(frozen=True)
class Naming:
    """What the rule looks at before someone is named, or asks to join."""

    members: int
    open_joinings: int
    seated_already: bool
    under_way: bool
    refused_at: datetime | None = None
    by_themselves: bool = False
    # No fifth has ever sat down.
    founding: bool = False


@dataclass(frozen=True)
class Settling:
    """What the rule looks at when the seven days are over."""

    members: int
    agreed: bool
    vouches: int
    objections: int
    seated_already: bool = False


def naming_refusal(naming: Naming, *, now: datetime) -> Refusal | None:
    """Return why this person can't be named (or ask) now, or None when they can."""
    lately = naming.refused_at is not None and now < naming.refused_at + AGAIN_AFTER
    checks = {
        Refusal.SEATED_ALREADY: naming.seated_already,
        Refusal.UNDER_WAY: naming.under_way,
        Refusal.FULL: size(naming.members) is Size.FULL,
        # A stranger can't ask into a forming pod: with nobody to vouch yet, its founders choose each other.
        Refusal.FORMING: naming.by_themselves and naming.founding,
        Refusal.ASKED_LATELY: lately,
        Refusal.TOO_MANY_OPEN: naming.open_joinings >= SEATS,
    }
    return next((name for name, broken in checks.items() if broken), None)


def step_refusal(*, closes_at: datetime, now: datetime) -> Refusal | None:
    """Return why nobody can agree, vouch or object any more, or None while the seven days last."""
    return Refusal.OVER if now >= closes_at else None


def vouch_refusal(*, voucher: int, newcomer: int) -> Refusal | None:
    """Return why this person can't vouch: nobody vouches for themselves."""
    return Refusal.OWN_VOUCH if voucher == newcomer else None


def outcome(settling: Settling) -> Outcome:
    """Return what comes of a newcomer's joining: a seat only if nothing at all stands against it."""
    well = (
        settling.agreed
        # A pod shrunk to one has one voice left.
        and settling.vouches >= max(1, min(VOUCHES, settling.members))
        and settling.objections == 0
        and not settling.seated_already
        and size(settling.members) is not Size.FULL
    )
    return Outcome.SEAT if well else Outcome.NOT_NOW


def free_seat(taken: set[int]) -> int | None:
    """Return the lowest free seat, or None when all twelve are taken."""
    return next((seat for seat in range(1, SEATS + 1) if seat not in taken), None)


def days_passed(opened_at: datetime, now: datetime) -> int:
    """Return which of the seven days it is, from one to seven."""
    return max(1, min(OBJECTION_DAYS, (now - opened_at).days + 1))
