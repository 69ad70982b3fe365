"""Where each claimed delivery goes to."""

import json
from collections.abc import Sequence

from commons.notices.models import Channel, Delivery
from commons.notices.states import ChannelKind


def addresses_of(deliveries: Sequence[Delivery]) -> dict[int, str]:
    """Return the address of each delivery by id; one that lost its channel meanwhile is left out.

    Letters carry their own, sealed. The e-mail channel's address is the person's sign-in address.
    """
    addresses = {
        delivery.pk: json.loads(delivery.payload)["to"] for delivery in deliveries if delivery.payload is not None
    }
    wanted = {delivery.person_id for delivery in deliveries if delivery.payload is None}
    if not wanted:
        return addresses
    usable = Channel.objects.usable().filter(person__in=wanted, person__is_active=True)
    mailboxes = usable.filter(kind=ChannelKind.EMAIL.value).values_list("person_id", "person__email")
    found: dict[tuple[int | None, str], str | None] = {
        (person, ChannelKind.EMAIL.value): email for person, email in mailboxes
    }
    if any(delivery.channel != ChannelKind.EMAIL for delivery in deliveries):
        others = usable.exclude(kind=ChannelKind.EMAIL.value)
        found |= {(channel.person_id, channel.kind): channel.address for channel in others}
    for delivery in deliveries:
        own = found.get((delivery.person_id, delivery.channel))
        if own and delivery.payload is None:
            addresses[delivery.pk] = own
    return addresses
