"""The life of a call, of a wave, of an invite and of a joining, and the words for each step."""

from enum import StrEnum
from typing import Final


class CallState(StrEnum):
    """Where a call stands."""

    OPEN = "open"
    COVERED = "covered"
    SHORT = "short"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"


# People are still wanted.
LIVE: Final = frozenset({CallState.OPEN, CallState.SHORT})
# The engine still has something to do with it.
TURNING: Final = LIVE | {CallState.COVERED, CallState.EXPIRED}
ENDED: Final = frozenset({CallState.CANCELLED, CallState.CLOSED})

CALL_NEXT: Final[dict[CallState, frozenset[CallState]]] = {
    CallState.OPEN: frozenset({CallState.COVERED, CallState.EXPIRED, CallState.CANCELLED, CallState.CLOSED}),
    CallState.SHORT: frozenset({CallState.COVERED, CallState.EXPIRED, CallState.CANCELLED, CallState.CLOSED}),
    CallState.COVERED: frozenset({CallState.SHORT, CallState.CANCELLED, CallState.CLOSED}),
    CallState.EXPIRED: frozenset({CallState.CANCELLED, CallState.CLOSED}),
    CallState.CANCELLED: frozenset(),
    CallState.CLOSED: frozenset(),
}
assert set(CALL_NEXT) == set(CallState), "every state of a call needs its way onward"
assert all(not CALL_NEXT[state] for state in ENDED), "what has ended stays ended"


class Pace(StrEnum):
    """How soon a call's waves follow each other."""

    NOW = "now"
    DAY = "day"
    TWO_DAYS = "two_days"


class WaveRule(StrEnum):
    """Whom a wave asks."""

    BEST_FIT = "best_fit"
    POD = "pod"
    SILENT = "silent"
    SISTERS = "sisters"
    ORGANIZERS = "organizers"


# The order in which a call widens; a protocol may leave waves out, never reorder them.
WAVE_ORDER: Final = tuple(WaveRule)


class WaveState(StrEnum):
    """Where a wave stands."""

    PLANNED = "planned"
    FIRED = "fired"
    SKIPPED = "skipped"


class Answer(StrEnum):
    """What a person says to a call."""

    COMING = "coming"
    AFAR = "afar"
    CANT = "cant"


class InviteState(StrEnum):
    """Where an invited person stands."""

    INVITED = "invited"
    COMING = "coming"
    AFAR = "afar"
    CANT = "cant"
    STOOD_DOWN = "stood_down"


class Via(StrEnum):
    """The way by which an answer came."""

    LINK = "link"
    PAGE = "page"


class Raisers(StrEnum):
    """Who may raise a call of a kind."""

    MEMBERS = "members"
    ORGANIZERS = "organizers"


class JoiningState(StrEnum):
    """Where a newcomer's joining stands."""

    OPEN = "open"
    ADMITTED = "admitted"
    NOT_NOW = "not_now"
    WITHDRAWN = "withdrawn"


class LogWord(StrEnum):
    """What happened, for a call's log."""

    RAISED = "raised"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    WAVE = "wave"
    ANSWERED = "answered"
    MORE = "more"
    COVERED = "covered"
    SHORT = "short"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    NEED_ADDED = "need_added"
    REPAIRED = "repaired"


class ClusterWord(StrEnum):
    """What a person says to a proposal that includes them; nothing said is a word of its own."""

    INTERESTED = "interested"
    NOT_FOR_ME = "not_for_me"
