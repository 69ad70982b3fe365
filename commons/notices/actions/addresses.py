"""Where each claimed delivery goes to."""

import json
from collections.abc import Sequence

from django.db import connection

from commons.notices.kinds import Claimed
from commons.notices.models import Channel
from commons.notices.states import ChannelKind

# Plain rows: of two thousand alerts at once, making models would take longer than sending.
MAILBOXES = """
SELECT p.id, p.email FROM unnest(%(people)s::bigint[]) AS wanted (id) JOIN people_person p ON p.id = wanted.id
JOIN notices_channel c ON c.person_id = p.id AND c.kind = 'email'
WHERE p.is_active AND c.verified_at IS NOT NULL AND c.disabled_at IS NULL
"""


def addresses_of(deliveries: Sequence[Claimed]) -> dict[int, str]:
    """Return the address of each delivery by id; one that lost its channel meanwhile is left out.

    Letters carry their own, sealed. The e-mail channel's address is the person's sign-in address.
    """
    addresses: dict[int, str] = {
        delivery.pk: json.loads(delivery.payload or "{}")["to"] for delivery in deliveries if delivery.is_letter
    }
    wanted = {delivery.person_id for delivery in deliveries if not delivery.is_letter}
    if not wanted:
        return addresses
    with connection.cursor() as cursor:
        cursor.execute(MAILBOXES, {"people": "{" + ",".join(map(str, wanted)) + "}"})
        found: dict[tuple[int | None, str], str | None] = {
            (person, ChannelKind.EMAIL.value): email for person, email in cursor.fetchall()
        }
    if any(delivery.channel != ChannelKind.EMAIL for delivery in deliveries):
        usable = Channel.objects.usable().filter(person__in=wanted, person__is_active=True)
        others = usable.exclude(kind=ChannelKind.EMAIL.value)
        found |= {(channel.person_id, channel.kind): channel.address for channel in others}
    for delivery in deliveries:
        own = found.get((delivery.person_id, delivery.channel))
        if own and not delivery.is_letter:
            addresses[delivery.pk] = own
    return addresses
