"""How soon a call's alerts were handed over, told as it was."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext, ngettext

from commons.notices.models import Delivery
from commons.notices.states import DeliveryState
from pods.models import Call
from pods.queries import phrases

ALERTS = ("call.alert", "call.again")
PROMISED = timedelta(seconds=10)
LONG = timedelta(minutes=10)
HANDED = Q(state=DeliveryState.HANDED_OFF.value)
WAITING = Q(state__in=[DeliveryState.QUEUED.value, DeliveryState.LEASED.value])
LOST = Q(state__in=[DeliveryState.FAILED.value, DeliveryState.EXPIRED.value])


def handoff_lines(call: Call, now: datetime) -> list[str]:
    """Return what became of the alerts, in one statement: handed over how fast, waiting, held back, lost."""
    taken = F("handed_off_at") - F("made_at")
    counts = Delivery.objects.filter(subject=call.subject, kind__in=ALERTS).aggregate(
        handed=Count("id", filter=HANDED),
        soon=Count("id", filter=HANDED & Q(handed_off_at__lte=F("made_at") + PROMISED)),
        # Messages that waited for a night to end were not slow, they were considerate.
        longest=Max(taken, filter=HANDED & Q(handed_off_at__lte=F("made_at") + LONG)),
        waiting=Count("id", filter=WAITING & Q(due_at__lte=now + PROMISED)),
        held=Count("id", filter=WAITING & Q(due_at__gt=now + PROMISED)),
        lost=Count("id", filter=LOST),
    )
    said = []
    if counts["handed"]:
        said.append(_handed(counts["handed"], counts["soon"], counts["longest"]))
    if n := counts["waiting"]:
        said.append(ngettext("One alert is being handed over.", "%(n)s alerts are being handed over.", n) % {"n": n})
    if n := counts["held"]:
        line = ngettext(
            "One alert waits until its reader wakes, or until mail answers.",
            "%(n)s alerts wait until their readers wake, or until mail answers.",
            n,
        )
        said.append(line % {"n": n})
    if n := counts["lost"]:
        line = ngettext("One alert could not be handed over.", "%(n)s alerts could not be handed over.", n)
        said.append(line % {"n": n})
    return said


def _handed(handed: int, soon: int, longest: timedelta | None) -> str:
    if handed == soon and longest is not None:
        return gettext("All alerts were handed to mail within %(time)s.") % {
            "time": phrases.within(longest.total_seconds())
        }
    return gettext("%(soon)s of %(all)s alerts were handed to mail within 10 seconds.") % {"soon": soon, "all": handed}
