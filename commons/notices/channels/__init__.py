"""Channels: the ways a message can leave, one module each."""

from commons.notices.channels.base import Channel, Parcel, Refused, TryAgain
from commons.notices.channels.email import EmailChannel
from commons.notices.states import ChannelKind

# One entry per way that this server can carry; the carrier asks nothing else.
CHANNELS: dict[str, Channel] = {ChannelKind.EMAIL.value: EmailChannel()}

__all__ = ["CHANNELS", "Channel", "Parcel", "Refused", "TryAgain"]
