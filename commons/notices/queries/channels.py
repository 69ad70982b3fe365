"""The ways in which a person can be reached, those that they have proven and those that there are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from commons.notices import channels
from commons.notices.models import Channel
from commons.notices.models.channel import CHANNELS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Way:
    """One kind of channel that this server can carry, and the person's own of that kind, if there is one."""

    kind: str
    label: "StrOrPromise"
    channel: Channel | None


def channels_of(person: Any) -> models.QuerySet[Channel]:
    """Return a person's channels, nobody else's."""
    return Channel.objects.filter(person=person)


def ways(person: Any) -> list[Way]:
    """Return every kind of channel that is registered here, with the person's own."""
    own = {channel.kind: channel for channel in channels_of(person)}
    return [Way(kind, label, own.get(kind)) for kind, label in CHANNELS if kind in channels.CHANNELS]
