"""The watch over the engine: it looks for what stopped, sets it right, and tells organizers."""

import logging
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from commons.notices.actions.outbox import enqueue
from commons.notices.models import Delivery, Heartbeat
from commons.notices.states import PENDING, DeliveryState, Urgency
from commons.people.queries import organizer_ids
from pods.actions import standing, turn
from pods.models import Call, Invite
from pods.states import LIVE, CallState, InviteState, LogWord

logger = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)
LATE = timedelta(seconds=30)
SILENT = timedelta(seconds=60)
WATCHED = ("calls", "beat")
ALARM, WATCH = "call.alarm", "watch.alarm"
AT_ONCE = 200


@dataclass
class Findings:
    """What one round of the watch found, by call id; empty lists are a clean house."""

    overdue: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    unreached: list[int] = field(default_factory=list)
    unthanked: list[int] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Return whether nothing was found."""
        return not (self.overdue or self.late or self.unreached or self.unthanked or self.silent)

    def calls(self) -> set[int]:
        """Return the calls that need an organizer's eye."""
        return {*self.overdue, *self.late, *self.unreached}


def audit(*, now: datetime) -> Findings:
    """Look, repair, tell organizers once per call, and return what was found.

    Found are: calls whose step is overdue; alerts that nobody took in time; invited people whom no
    message can reach; covered calls in which someone was not stood down; components without a sign of life.
    """
    found = Findings(
        overdue=list(Call.objects.due(now - OVERDUE).values_list("id", flat=True)[:AT_ONCE]),
        late=_late(now),
        unreached=_unreached(now),
        unthanked=_unthanked(),
        silent=_silent(now),
    )
    for call_id in {*found.overdue, *found.unthanked}:
        try:
            _repair(call_id, now)
        except Exception:
            # What one broken call needs is a person, who is told below; the others are repaired all the same.
            logger.exception("repair_failed", extra={"call": call_id})
    if found.clean:
        _tell_outside()
    else:
        logger.error("watch_found", extra={"found": {name: len(calls) for name, calls in vars(found).items()}})
        _alarm(found, now)
    return found


def _late(now: datetime) -> list[int]:
    late = Delivery.objects.filter(
        state__in=[state.value for state in PENDING], urgency=int(Urgency.CALL), due_at__lt=now - LATE
    )
    subjects = late.filter(subject__startswith="call:").values_list("subject", flat=True).distinct()[:AT_ONCE]
    return [int(subject.partition(":")[2]) for subject in subjects]


def _unreached(now: datetime) -> list[int]:
    """Return live calls with someone invited whom every message failed to reach."""
    waiting = Invite.objects.filter(
        state=InviteState.INVITED, call__state__in=LIVE, invited_at__lt=now - LATE
    ).values_list("call_id", "person_id")[:5000]
    pairs = {(f"call:{call}", person): call for call, person in waiting}
    reached = Delivery.objects.filter(
        subject__in={subject for subject, _ in pairs},
        kind__in=turn.ALERTS,
        state__in=[*(state.value for state in PENDING), DeliveryState.HANDED_OFF.value],
    ).values_list("subject", "person_id")
    return sorted({pairs[pair] for pair in pairs.keys() - set(reached)})


def _unthanked() -> list[int]:
    left = Invite.objects.filter(call=OuterRef("pk"), state=InviteState.INVITED)
    return list(Call.objects.filter(Exists(left), state=CallState.COVERED).values_list("id", flat=True)[:AT_ONCE])


def _silent(now: datetime) -> list[str]:
    alive = set(Heartbeat.objects.filter(at__gt=now - SILENT).values_list("component", flat=True))
    return [component for component in WATCHED if component not in alive]


@transaction.atomic
def _repair(call_id: int, now: datetime) -> None:
    """Take the step that was missed, as time or an answer would have done."""
    call, counted = standing.enter(call_id, now=now)
    counted.note(LogWord.REPAIRED, now)
    if call.state == CallState.COVERED:
        turn.stand_down(call, counted, now=now)
    turn.step(call, now=now, counted=counted)


@transaction.atomic
def _alarm(found: Findings, now: datetime) -> None:
    for call in Call.objects.filter(pk__in=found.calls()).only("id", "closes_at"):
        enqueue(
            subject=call.subject,
            kind=ALARM,
            people=organizer_ids(now),
            urgency=Urgency.CALL,
            now=now,
            expires_at=now + timedelta(hours=6),
            which="all",
        )
    if found.silent:
        # Once an hour, for as long as it lasts.
        enqueue(
            subject=f"watch:{now:%Y%m%d%H}",
            kind=WATCH,
            people=organizer_ids(now),
            urgency=Urgency.CALL,
            now=now,
            expires_at=now + timedelta(hours=6),
            which="all",
        )


def _tell_outside() -> None:
    """Tell the outside dead man's switch, if there is one, that the watch found nothing."""
    if not settings.DEAD_MAN_URL.startswith("https://"):
        return
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(settings.DEAD_MAN_URL, timeout=5):
            pass
    except OSError as error:
        logger.warning("dead_man_unreached", extra={"error": type(error).__name__})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the address that the keeper set is the only one asked."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Refuse."""
