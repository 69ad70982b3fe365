"""What every channel promises to the carrier."""

from typing import Any, NamedTuple, Protocol

from commons.notices.kinds import Words


class Parcel(NamedTuple):
    """One message, ready to be handed to a channel."""

    # Known to the receiver: the same for every attempt, so that a second copy can be dropped.
    ref: str
    address: str
    words: Words


class TryAgain(Exception):
    """The provider can't take it now; `str()` is a short class of error, nothing personal."""


class Refused(Exception):
    """The provider will never take it; `str()` is a short class of error, nothing personal.

    `address_dead` says that the address itself is to blame, so the channel is disabled.
    """

    def __init__(self, error: str, *, address_dead: bool) -> None:
        super().__init__(error)
        self.address_dead = address_dead


class Channel(Protocol):
    """A way for messages to leave. Connections are kept, and used by one thread at a time."""

    @property
    def connections(self) -> int:
        """Return how many connections the carrier may keep open at once."""

    def connect(self) -> Any:
        """Return a fresh connection; raises TryAgain."""

    def send(self, connection: Any, parcel: Parcel, coming: Parcel | None = None) -> None:
        """Hand one message over within ten seconds; raises TryAgain or Refused.

        `coming` is what this connection will be asked to send next, if anything: the channel may prepare for it.
        A connection that is not asked to send it after all is closed.
        """

    def close(self, connection: Any) -> None:
        """Let a connection go, in silence."""
