"""The life of a delivery, and the words for how a send ended."""

from enum import IntEnum, StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    LEASED = "leased"
    HANDED_OFF = "handed_off"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


# What still has to be carried, and what will never be touched again.
PENDING = frozenset({DeliveryState.QUEUED, DeliveryState.LEASED})
FINAL = frozenset(DeliveryState) - PENDING

NEXT: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.LEASED, DeliveryState.EXPIRED, DeliveryState.SUPPRESSED}),
    DeliveryState.LEASED: frozenset(DeliveryState) - {DeliveryState.LEASED},
    **dict.fromkeys(FINAL, frozenset()),
}
assert set(NEXT) == set(DeliveryState), "every state needs its way onward"


class Urgency(IntEnum):
    """Which deliveries go first; bulk never delays a call."""

    CALL = 0
    SIGN_IN = 1
    SOON = 3
    BULK = 6


class ChannelKind(StrEnum):
    """The ways to reach a person."""

    EMAIL = "email"


class Outcome(StrEnum):
    """How one attempt to send ended."""

    HANDED_OFF = "handed_off"
    TRY_AGAIN = "try_again"
    REFUSED = "refused"
    UNWANTED = "unwanted"
