"""The demo neighbourhood: invented, alive, whole. Made by the same verbs as a real one, with times that have passed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from commons import clock
from commons.notices.models import Delivery
from commons.notices.states import DeliveryState
from commons.people.actions import retention
from pods.management.demo import (
    assets,
    calls,
    clusters,
    gatherings,
    listening,
    people,
    places,
    pods,
    scores,
    signs,
    stations,
)
from pods.models import Call, Joining
from pods.states import LIVE, JoiningState
from sites.actions.neighbourhood import name_neighbourhood
from sites.models import Neighbourhood, Shift

NAME = "Mill Row Mutual Aid"
ZONE = "America/New_York"
# By then the workers are up: alerts that waited for them would look late.
UNTIL_OPEN = timedelta(seconds=15)


@transaction.atomic
def fill(*, now: datetime) -> Neighbourhood:
    """Make everything, whole or not at all, and return the neighbourhood."""
    # Long in the making, and founded so lately that its first asset evening is still to come.
    founded = (now - timedelta(days=24)).date()
    name_neighbourhood(name=NAME, time_zone=ZONE, emergency_number="911", open_signup=False, founded_on=founded)
    Neighbourhood.objects.update(demo=True)
    blocks = pods.make_blocks()
    everybody = people.make(now)
    made = pods.make(everybody, blocks, now)
    named = places.make(everybody, now)
    scores.make(everybody, named, now)
    listening.make(everybody, named, now)
    calls.make(everybody, made, blocks, now)
    assets.make(everybody, blocks, now)
    gatherings.make(everybody, now)
    clusters.make(everybody, blocks, now)
    stations.make(everybody, named, now)
    signs.make(now)
    _post(now)
    # What a real house would have forgotten by now, this one never knew.
    retention.purge(now)
    return Neighbourhood.objects.get()


def _post(now: datetime) -> None:
    """Let old messages have been sent when they were due, and let those that still matter really go out soon."""
    live = [f"call:{pk}" for pk in Call.objects.filter(state__in=LIVE).values_list("pk", flat=True)]
    open_joinings = Joining.objects.filter(state=JoiningState.OPEN.value).values_list("pk", flat=True)
    coming = Shift.objects.coming(now).values_list("pk", flat=True)
    matters = Q(subject__in=[*live, *(f"joining:{pk}" for pk in open_joinings), *(f"shift:{pk}" for pk in coming)])
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED.value)
    # Once the workers are there: a house that is just being opened is not late.
    soon = clock.now() + UNTIL_OPEN
    waiting.filter(matters).update(made_at=soon, due_at=soon)
    waiting.exclude(matters).update(
        state=DeliveryState.HANDED_OFF.value, attempts=1, handed_off_at=F("due_at") + calls.HANDED_WITHIN
    )


def who() -> str:
    """Return who to sign in as, for a terminal."""
    lines = [f"  {people.address(handle):<28} {what}" for handle, what in people.SIGN_IN]
    return "\n".join(
        [
            "  Sign in as anybody, for example",
            *lines,
            f"  with a code by mail (read everybody's mail at {settings.SITE_URL}/demo/mail/)",
            f"  or with the password that all of them have: {people.PASSWORD}",
        ]
    )
