"""A station of each side, and a shift within the hour on which somebody has a place."""

from datetime import datetime, timedelta
from typing import Any

from commons.notices.actions import links
from commons.people.models import Person
from sites.actions import shifts, signs
from sites.models import Supply
from sites.states import Role
from tests.sites import stations


def station(people: dict[str, Person], words: str, now: datetime) -> dict[str, Any]:
    """A station that the owner planned, and a shift within the hour on which somebody has a place."""
    roles = [(Role.LEAD, "", 1, 2), (Role.SERVER, "", 1, 8), (Role.OWN, words[:40], 0, 1)]
    place = stations.laundry(now, name=words[:120])
    popup = stations.running(now, by=people["owner"], place=place, name=words[:80], roles=roles)
    popup.becomes, popup.counted, popup.supplies = words[:200], words[:40], [words[:80]]
    popup.save()
    # Signs of its own words, and a page that anybody may see.
    signs.word(popup=popup, language="en", struggle="wages", headline=words[:60], line=words[:90], becomes=words[:200])
    signs.show(popup=popup, now=now)
    shift = stations.next_shift(popup, now)
    shift.starts_at, shift.ends_at = now + timedelta(hours=1), now + timedelta(hours=3)
    shift.save()
    Supply.objects.filter(shift=shift).delete()
    Supply.objects.create(shift=shift, what=words[:80])
    shifts.join(shift=shift, role=shift.roles.get(role="server"), person=people["answering"], now=now)
    links.give(purpose="shift", subject=shift.subject, people=[people["answering"].pk], expires_at=shift.ends_at)
    return {"popup": popup, "shift": shift}
