"""A person's e-mail becomes a channel once they have shown that they read it."""

from datetime import datetime

from commons.notices.models import Channel
from commons.notices.states import ChannelKind
from commons.people.models import Person


def prove_email(*, person: Person, now: datetime) -> None:
    """Open the e-mail channel of somebody who typed a code that was mailed there; one that is open stays as it is."""
    channel, made = Channel.objects.get_or_create(
        person=person, kind=ChannelKind.EMAIL.value, defaults={"verified_at": now, "last_proven_at": now}
    )
    if not made and channel.verified_at is None:
        channel.verified_at = channel.last_proven_at = now
        channel.save(update_fields=["verified_at", "last_proven_at"])
