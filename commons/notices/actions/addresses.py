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
    channels = {
        (channel.person_id, channel.kind): channel
        for channel in Channel.objects.usable()
        .filter(person__in=wanted, person__is_active=True)
        .select_related("person")
    }
    for delivery in deliveries:
        channel = channels.get((delivery.person_id, delivery.channel)) if delivery.person_id else None
        if channel is not None and delivery.payload is None:
            own = channel.person.email if channel.kind == ChannelKind.EMAIL else channel.address
            if own:
                addresses[delivery.pk] = own
    return addresses
