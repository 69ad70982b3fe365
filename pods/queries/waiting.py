"""What waits for a person on Today: calls to answer, calls they come to, calls that found nobody; and rest."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from commons.people.models import Absence
from commons.web.today import NOW, SOMETIME, TODAY, Card
from pods.models import Call, CallNeed, Invite
from pods.queries import lines
from pods.queries.calls import calls_visible_to, with_keys
from pods.states import LIVE, TURNING, Answer, CallState, InviteState

if TYPE_CHECKING:
    from commons.people.models import Person

WEEK = timedelta(days=7)
AT_MOST = 12


def cards(person: Any, now: datetime) -> Iterable[Card]:
    """Return what waits for her about calls, in a fixed number of statements, and rest after a heavy week."""
    seen = calls_visible_to(person).filter(state__in=TURNING).order_by("-opened_at")[:AT_MOST]
    calls = with_keys(list(seen))
    needs = _needs(calls)
    for call in calls:
        yield from _card(call, needs.get(call.pk, []), now)
    yield from _rest(person, now)


def _needs(calls: Sequence[Call]) -> dict[int, list[tuple[CallNeed, int]]]:
    """Return each call's needs with how many are still missing."""
    rows = CallNeed.objects.filter(call__in=calls).select_related("skill").annotate(have=Count("counted"))
    needs: dict[int, list[tuple[CallNeed, int]]] = {}
    for need in rows.order_by("id"):
        needs.setdefault(need.call_id, []).append((need, max(0, need.count - need.have)))
    return needs


def _card(call: Any, needs: list[tuple[CallNeed, int]], now: datetime) -> Iterator[Card]:
    url = reverse("call", args=[call.ref])
    missing = lines.needs_phrase(lines.Need(need.skill, lacking) for need, lacking in needs)
    still = gettext("Still missing: %(needs)s.") % {"needs": missing} if missing else ""
    kicker = gettext("Drill") if call.drill else gettext("Call from %(pod)s") % {"pod": call.pod.name}
    if call.state == CallState.EXPIRED and (call.reader_organizer or call.reader_member):
        title = gettext("Time ran out before enough people came.")
        urgency = NOW + 10 if call.reader_organizer else NOW - 5
        yield Card(urgency, kicker, title, still, url, gettext("See the roll call"), "fast")
    elif call.state in LIVE and call.reader_state == InviteState.INVITED:
        line = lines.safe_line(
            call, [need for need, _lacking in needs], get_language() or "en", timezone.get_current_timezone(), now
        )
        body = gettext("Can you help? Please answer, also if you can't.")
        yield Card(NOW, kicker, line, body, url, gettext("Answer"), "fast")
    elif call.reader_state == InviteState.COMING:
        title = gettext("You're coming: %(where)s") % {"where": lines.headline(call, now)}
        body = still or gettext("Enough are coming.")
        yield Card(NOW - 10, kicker, title, body, url, gettext("See the roll call"), "fast")
    elif call.state in LIVE and call.reader_member:
        yield Card(TODAY, kicker, lines.headline(call, now), still, url, gettext("See the roll call"), "fast")


def _rest(person: "Person", now: datetime) -> Iterator[Card]:
    """Offer rest to whoever carried as many calls this week as they said they would, or more (G4)."""
    resting = Absence.objects.on(timezone.localtime(now).date()).filter(person=person.pk)
    carried = Invite.objects.filter(
        person=person.pk,
        answer__in=[Answer.COMING, Answer.AFAR],
        answered_at__gt=now - WEEK,
        call__drill=False,
    ).annotate(resting=Exists(resting))
    rested = [row.resting for row in carried[: person.calls_per_week or 1]]
    if len(rested) >= max(1, person.calls_per_week) and not any(rested):
        yield Card(
            SOMETIME,
            gettext("Thank you"),
            gettext("That was a heavy week. Would you like to rest?"),
            gettext("Until a day you choose nobody calls you. No reason is asked, and nobody is told."),
            reverse("rest"),
            gettext("Rest for a while"),
        )
