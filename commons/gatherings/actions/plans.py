"""Announcing a gathering, changing and moving it, calling it off, and giving it another link."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.gatherings import rules
from commons.gatherings.actions import seats
from commons.gatherings.actions.refusals import refused
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.queries.lists import holding
from commons.gatherings.queries.page import numbers
from commons.gatherings.rules import NotNow, Plan
from commons.gatherings.states import NEXT, Said, State
from commons.notices.actions import outbox
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused

CHANGED, CANCELLED = "gatherings.changed", "gatherings.cancelled"
# What a calendar must hear of, and the part of it of which those who come are told.
HEARD = ("title", "starts_at", "ends_at", "place", "address", "online")
TOLD = ("starts_at", "ends_at", "place", "address", "online")


@transaction.atomic
def hold(*, by: Person, plan: Plan, time_zone: str, now: datetime) -> Gathering:
    """Announce a gathering at a place in that time zone; raises `Refused` where its time makes no sense."""
    # Two announced at the same moment count each other.
    Person.objects.select_for_update().get(pk=by.pk)
    if holding(by, now).count() >= rules.HOSTED_MOST:
        raise refused(NotNow.TOO_MANY)
    _check_time(plan, now)
    gathering = Gathering.fresh(host=by, time_zone=time_zone, made_at=now, changed_at=now)
    _write(gathering, plan)
    gathering.save(force_insert=True)
    return gathering


@transaction.atomic
def change(*, by: Person, gathering: Gathering, plan: Plan, seen: datetime, now: datetime) -> Gathering:
    """Change a gathering as it was at `seen`; whoever comes is told when it was moved.

    Raises `Refused` when it was called off, is over, or was changed by somebody else since `seen`.
    """
    gathering = locked(gathering)
    before = {name: getattr(gathering, name) for name in HEARD}
    _check_open(gathering, now)
    if gathering.changed_at != seen:
        raise Refused(_("Somebody changed this gathering meanwhile. Open it again, so that nothing of theirs is lost."))
    _check_time(plan, now, begun=plan.starts_at == gathering.starts_at)
    standing = numbers(gathering)
    if plan.capacity is not None and plan.capacity < standing.people:
        raise refused(NotNow.FULL_ALREADY)
    if standing.promised and (not plan.childcare or (plan.childcare_places or standing.promised) < standing.promised):
        raise Refused(_("More children than that are announced already."), field="childcare_places")
    _write(gathering, plan)
    gathering.changed_at = now
    changed = {name for name in HEARD if getattr(gathering, name) != before[name]}
    gathering.sequence += bool(changed)
    told = bool(changed.intersection(TOLD))
    if told:
        gathering.moved_at = now
    if "starts_at" in changed:
        gathering.reminded_at = None
    gathering.save()
    seats.call_up(gathering, now)
    if told:
        _tell(gathering, CHANGED, by, now)
    return gathering


@transaction.atomic
def cancel(*, by: Person, gathering: Gathering, now: datetime) -> Gathering:
    """Call a gathering off; whoever said that they come, or waits, is told. Twice is once."""
    gathering = locked(gathering)
    if gathering.state == State.CANCELLED:
        return gathering
    _check_open(gathering, now)
    assert State.CANCELLED in NEXT[State(gathering.state)]
    gathering.state = State.CANCELLED.value
    gathering.cancelled_at = gathering.changed_at = now
    gathering.sequence += 1
    gathering.save()
    _tell(gathering, CANCELLED, by, now)
    return gathering


@transaction.atomic
def renew_link(*, gathering: Gathering, now: datetime) -> Gathering:
    """Take the public link back and make another; guests keep the links of their own."""
    gathering = locked(gathering)
    _check_open(gathering, now)
    gathering.renew_link()
    gathering.save(update_fields=["nonce", "digest"])
    return gathering


def locked(gathering: Gathering) -> Gathering:
    """Return the gathering as it stands now, with nobody else at it."""
    return Gathering.objects.select_for_update().get(pk=gathering.pk)


def _check_open(gathering: Gathering, now: datetime) -> None:
    why = rules.answer_refused(state=State(gathering.state), ends_at=gathering.ends_at, now=now)
    if why is not None:
        raise refused(why)


def _check_time(plan: Plan, now: datetime, *, begun: bool = False) -> None:
    why = rules.time_refused(starts_at=plan.starts_at, minutes=plan.minutes, agenda=plan.agenda, now=now, begun=begun)
    if why is not None:
        raise refused(why)


def _write(gathering: Gathering, plan: Plan) -> None:
    for name in (
        *("kind", "title", "starts_at", "place", "own_kind", "purpose", "food", "childcare", "capacity", "open_to"),
        *("childcare_places",),
    ):
        setattr(gathering, name, getattr(plan, name))
    gathering.ends_at = plan.starts_at + timedelta(minutes=plan.minutes)
    gathering.address, gathering.online = plan.address or None, plan.online or None
    gathering.agenda = [list(item) for item in plan.agenda]
    gathering.languages, gathering.interpreted = list(plan.languages), list(plan.interpreted)
    gathering.access = list(plan.access)


def _tell(gathering: Gathering, kind: str, by: Person, now: datetime) -> None:
    """Tell the members who come or wait, but the one who did it; a guest's own page tells them."""
    told = Coming.objects.filter(gathering=gathering, person__isnull=False)
    told = told.filter(said__in=[Said.YES.value, Said.WAITING.value]).exclude(person=by)
    outbox.enqueue(
        subject=gathering.subject,
        kind=kind,
        people=[pk for pk in told.values_list("person_id", flat=True) if pk is not None],
        urgency=Urgency.SOON,
        now=now,
        expires_at=max(gathering.ends_at, now + timedelta(hours=1)),
        round=gathering.sequence,
    )
