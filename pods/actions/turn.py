"""Turning: what time and answers do to a call, one locked step at a time."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from commons.notices.actions.outbox import enqueue, suppress
from commons.notices.models import Delivery
from commons.notices.states import DeliveryState, Urgency
from commons.people.queries import organizer_ids
from pods.actions import asking, standing
from pods.actions.rows import waiting
from pods.actions.standing import Standing
from pods.models import Call, Invite, Membership, Pod
from pods.states import LIVE, CallState, InviteState, LogWord

logger = logging.getLogger(__name__)

STAND_DOWN, EXPIRED, CANCELLED = "call.standdown", "call.expired", "call.cancelled"
ALERTS = (asking.ALERT, asking.AGAIN)
AT_ONCE = 50


def turn_due(*, now: datetime) -> int:
    """Take the next step of every call whose step is due, each in its own transaction; return how many turned.

    Safe beside any number of other turners: a call that another holds is skipped, not waited for.
    """
    turned = 0
    for call_id in Call.objects.due(now).order_by("next_due_at", "id").values_list("id", flat=True)[:AT_ONCE]:
        try:
            turned += turn_call(call_id=call_id, now=now)
        except Exception:
            # One broken call must not hold up the others; the auditor reports what stays overdue.
            logger.exception("turn_failed", extra={"call": call_id})
    return turned


@transaction.atomic
def turn_call(*, call_id: int, now: datetime) -> bool:
    """Take one call's due step and return whether there was one."""
    due = Call.objects.due(now).filter(pk=call_id).select_for_update(skip_locked=True, no_key=True)
    if not list(due.values_list("pk")):
        return False
    call, counted = standing.enter(call_id, now=now)
    step(call, now=now, counted=counted)
    return True


def step(
    call: Call, *, now: datetime, hasten: bool = False, after_no: bool = False, counted: Standing | None = None
) -> Standing:
    """Do what time and answers ask of a locked call, store it, and return where it stands.

    `hasten` brings the next wave forward to now, since someone asked for more people; `after_no` does so
    only when those coming and those who have not answered could no longer fill the need. `counted` is where it
    stands, if that is known already.
    """
    counted = counted or standing.take(call, now=now)
    if call.state in LIVE:
        if counted.enough:
            cover(call, counted, now=now)
        elif now >= call.deadline_at:
            _expire(call, counted, now=now)
        else:
            hasten = hasten or (after_no and not counted.could_still_fill())
            _widen(call, counted, now=now, hasten=hasten)
    elif call.state == CallState.COVERED and not counted.enough:
        shorten(call, counted, now=now)
    elif now >= call.closes_at and call.state in (CallState.COVERED, CallState.EXPIRED):
        close(call, counted, now=now)
    counted.place()
    if call.ended_at is None:
        call.next_due_at = _next_due(call, counted)
    standing.store(call, counted)
    return counted


def _widen(call: Call, counted: Standing, *, now: datetime, hasten: bool) -> None:
    """Fire the waves that are due; one that finds nobody to ask makes room for the next at once."""
    for wave in waiting(counted.waves):
        if wave.ordinal > 0 and call.unconfirmed:
            # Raised by one person: beyond the first wave it waits for a second member.
            return
        if wave.due_at > now and not hasten:
            return
        hasten = asking.fire(call, wave, counted, now=now) == 0


def _next_due(call: Call, counted: Standing) -> datetime:
    """Return when this call wants to be turned next."""
    if call.state not in LIVE:
        return call.closes_at
    wave = None if call.unconfirmed else next(iter(waiting(counted.waves)), None)
    return min(call.deadline_at, wave.due_at) if wave else call.deadline_at


def cover(call: Call, counted: Standing, *, now: datetime) -> None:
    """Enough are coming: withdraw what is not sent yet, stand the rest down with thanks (P8)."""
    standing.move(call, CallState.COVERED, counted, now=now)
    down_before = {invite.pk for invite in counted.invites if invite.state == InviteState.STOOD_DOWN}
    counted.place()
    beyond = [i for i in counted.invites if i.state == InviteState.STOOD_DOWN and i.pk not in down_before]
    spared = suppress(subject=call.subject, kinds=ALERTS)
    thanked = stand_down(call, counted, now=now, beyond=beyond)
    counted.note(LogWord.COVERED, now, thanked=len(thanked), spared=len(spared - thanked))


def stand_down(call: Call, counted: Standing, *, now: datetime, beyond: Sequence[Invite] = ()) -> set[int]:
    """Stand down who has not answered and who comes beyond need; return the people who are thanked.

    Those whose alert was withdrawn before it went out hear nothing at all.
    """
    silent = [invite for invite in counted.invites if invite.state == InviteState.INVITED]
    for invite in silent:
        invite.state = InviteState.STOOD_DOWN.value
    were_reached = reached(call)
    thanked = {i.person_id for i in (*silent, *beyond) if i.person_id in were_reached or i.answer}
    enqueue(
        subject=call.subject,
        kind=STAND_DOWN,
        people=thanked,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.closes_at,
        round=call.covers,
    )
    return thanked


def reached(call: Call) -> set[int]:
    """Return the people to whom an alert of this call was sent, or is being sent."""
    sent = Delivery.objects.filter(
        subject=call.subject,
        kind__in=ALERTS,
        state__in=[DeliveryState.HANDED_OFF.value, DeliveryState.LEASED.value],
    )
    return set(sent.values_list("person_id", flat=True))


def shorten(call: Call, counted: Standing, *, now: datetime) -> None:
    """Someone withdrew: ask those who were stood down again, and fire the next wave now."""
    standing.move(call, CallState.SHORT, counted, now=now)
    suppress(subject=call.subject, kinds=[STAND_DOWN])
    if now >= call.deadline_at:
        counted.note(LogWord.SHORT, now, asked=0)
        _expire(call, counted, now=now)
        return
    counted.note(LogWord.SHORT, now, asked=asking.ask_again(call, counted, now=now))
    _widen(call, counted, now=now, hasten=True)


def _expire(call: Call, counted: Standing, *, now: datetime) -> None:
    """The clock ran out without enough: say so loudly to organizers, the pod, and those coming (P8)."""
    standing.move(call, CallState.EXPIRED, counted, now=now)
    suppress(subject=call.subject, kinds=ALERTS)
    counted.skip_waves()
    told = set(organizer_ids(now))
    told.update(
        Membership.objects.seated()
        .filter(pod=call.pod_id, person=call.raised_by_id)
        .values_list("person_id", flat=True)
    )
    told.update(invite.person_id for invite in counted.invites if invite.state == InviteState.COMING)
    enqueue(
        subject=call.subject,
        kind=EXPIRED,
        people=told,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.closes_at,
        which="all",
    )
    counted.note(LogWord.EXPIRED, now, missing=sum(counted.lacking.values()), told=len(told))


def close(call: Call, counted: Standing, *, now: datetime, by: int | None = None) -> None:
    """End a locked call; messages still waiting are withdrawn."""
    standing.move(call, CallState.CLOSED, counted, now=now)
    suppress(subject=call.subject, kinds=(*ALERTS, STAND_DOWN, EXPIRED))
    counted.note(LogWord.CLOSED, now, person_id=by)
    if call.drill:
        Pod.objects.filter(pk=call.pod_id).update(last_drill_at=call.opened_at)
