"""Raising a call, and what people do with it: confirm, release, add, reveal, cancel, close."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from commons import seal, wake
from commons.few import few_at_once
from commons.notices.actions.outbox import enqueue, suppress
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.people.queries import organizer_ids
from commons.web.refusal import Refused
from pods.actions import rows, standing, turn
from pods.actions.answers import come_along
from pods.actions.standing import Standing
from pods.models import (
    Call,
    CallKind,
    CallNeed,
    CallWave,
    Invite,
    Membership,
    Pod,
    Reveal,
)
from pods.queries.opening import Opening, opening
from pods.rules import raising, waves
from pods.states import ENDED, CallState, InviteState, LogWord, Pace
from sites.models import Block, Skill

LOCK = """
SELECT p.id FROM pods_pod p, people_person q WHERE p.id = %(pod)s AND q.id = %(by)s FOR NO KEY UPDATE OF p, q
"""
REFUSALS = {
    raising.Refusal.FORMING: _("This pod is still forming. With five members it can raise calls."),
    raising.Refusal.KIND_RETIRED: _("This kind of call is no longer in use. Choose another one."),
    raising.Refusal.ORGANIZERS_ONLY: _("This pod's protocol lets only its organizers raise this kind of call."),
    raising.Refusal.NO_STREET: _("Say where: a cross-street is enough."),
    raising.Refusal.NO_NEEDS: _("Say who is needed: at least one person."),
    raising.Refusal.TOO_MANY_NEEDS: _("A call can name eight needs at most. Join some of them."),
    raising.Refusal.IN_THE_PAST: _("That time has passed. Choose a later one."),
    raising.Refusal.TOO_FAR_OFF: _("A call can be two weeks ahead at most."),
    raising.Refusal.TOO_MANY_LIVE: _("Six calls of this pod are going on already. Close one, or ask a sister pod."),
    raising.Refusal.TOO_MANY_TODAY: _(
        "You have raised five calls today. Another member of the pod can raise this one."
    ),
}


# Twenty at once: half of them are out in 0.27 s instead of 0.35 (`make bench`, first_alert).
@few_at_once(3, patience=0.5)
@transaction.atomic
def raise_call(
    *,
    by: Person,
    pod: Pod,
    kind: CallKind,
    block: Block,
    cross_street: str,
    details: str,
    needed_at: datetime,
    needs: Sequence[tuple[Skill | None, int]],
    now: datetime,
    drill: bool = False,
    coming: bool = False,
    key: str = "",
) -> Call:
    """Open a call: needs, a frozen plan, the first wave's invites and messages; return it.

    With `coming` whoever raises it counts at once; without, they are asked as everyone else.
    Everything is written in one transaction, then workers are woken. The same `key` again returns
    the call that it opened. Raises Refused with the sentence that says what is in the way.
    """
    # Two who press at once are taken one after the other, so that limits and keys hold; the limit of a day is a
    # person's, whichever of her pods she raises them from.
    _lock(pod, by)
    known = opening(pod, kind, by, key, now)
    if known.same is not None:
        return Call.objects.get(pk=known.same)
    _check(by, known, kind, cross_street, needed_at, needs, now)
    protocol = known.protocol
    pace = Pace(protocol.pace if protocol else kind.pace)
    call = Call(
        pod=pod,
        kind=kind,
        raised_by=by,
        raise_key=key or None,
        drill=drill,
        pace=pace.value,
        spread=protocol.spread if protocol else 2,
        urgent=waves.urgent(pace, now, needed_at),
        block=block,
        opened_at=now,
        needed_at=needed_at,
        deadline_at=waves.deadline(pace, now, needed_at),
    )
    call.closes_at = max(needed_at, call.deadline_at) + waves.CLOSES_AFTER
    wrapped = _seal(call, cross_street, details)
    planned = waves.plan(
        protocol.minutes if protocol else waves.DEFAULT_MINUTES[pace], call.opened_at, call.deadline_at
    )
    steps = [CallWave(call=call, ordinal=wave.ordinal, rule=wave.rule.value, due_at=wave.due_at) for wave in planned]
    wanted = [(skill.pk if skill else None, count) for skill, count in needs]
    counted = Standing.of(rows.begin(call, wrapped=wrapped, needs=wanted, waves=steps))
    counted.zone = known.zone
    counted.note(LogWord.RAISED, now, person_id=by.pk)
    if coming:
        come_along(call, counted, by.pk, now)
    # The first step is taken here, and whatever it queued rings by itself.
    turn.step(call, now=now, counted=counted)
    return call


def _lock(pod: Pod, by: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"pod": pod.pk, "by": by.pk})
        if cursor.fetchone() is None:
            raise Pod.DoesNotExist


def _check(
    by: Person,
    known: Opening,
    kind: CallKind,
    cross_street: str,
    needed_at: datetime,
    needs: Sequence[tuple[Skill | None, int]],
    now: datetime,
) -> None:
    if by.pk not in known.members:
        # Thrown out while the form was open.
        raise Refused(_("Only members of this pod can raise a call for it."))
    refusal = raising.refusal(
        raising.Raising(
            members=len(known.members),
            live=known.live,
            raised_today=known.raised_today,
            needs=len(needs),
            kind_active=kind.active,
            may_by_protocol=known.open_to_all or by.pk in organizer_ids(now),
            street=cross_street,
        ),
        now=now,
        needed_at=needed_at,
    )
    if refusal is not None:
        raise Refused(REFUSALS[refusal])


def _seal(call: Call, cross_street: str, details: str) -> bytes:
    """Seal the call's words under a key of its own, which can be shredded; return that key, wrapped."""
    fresh = secrets.token_bytes(32)
    call._fresh_key = fresh
    call.cross_street = cross_street.strip()
    call.details = details.strip() or None
    return seal.wrap(fresh, f"call:{call.ref}")


@transaction.atomic
def confirm_call(*, by: Person, call: Call, now: datetime) -> Call:
    """A second member says that it is so: the waves that waited may fire. Returns the call.

    Raises Refused for whoever raised it, for someone outside the pod, and once it has ended.
    """
    locked = _locked_for(by, call)
    if locked.confirmed_at is None and locked.kind.needs_second:
        if locked.raised_by_id == by.pk:
            raise Refused(_("Someone other than you has to confirm it."))
        locked.confirmed_by, locked.confirmed_at = by, now
        counted = standing.take(locked, now=now)
        counted.note(LogWord.CONFIRMED, now, person_id=by.pk)
        turn.step(locked, now=now, counted=counted)
        wake.on_commit("pods.sweep")
    return locked


@transaction.atomic
def release_details(*, by: Person, call: Call, now: datetime) -> Call:
    """A second member lets those who come read the sealed details of a raid or an arrest. Returns the call.

    Raises Refused for whoever raised it, for someone outside the pod, and once it has ended.
    """
    locked = _locked_for(by, call)
    if locked.released_at is None and locked.kind.needs_second:
        if locked.raised_by_id == by.pk:
            raise Refused(_("Someone other than you has to release the details."))
        locked.released_by, locked.released_at = by, now
        counted = standing.take(locked, now=now)
        counted.note(LogWord.RELEASED, now, person_id=by.pk)
        standing.store(locked, counted)
    return locked


def _locked_for(by: Person, call: Call) -> Call:
    """Return the call, locked, for a member of its pod; raises Refused otherwise or when it has ended."""
    locked = standing.lock(call.pk)
    if not Membership.objects.seated().filter(pod=locked.pod_id, person=by).exists():
        raise Refused(_("Only members of this pod can do this."))
    if locked.state in ENDED:
        raise Refused(_("This call has ended already. Nothing was changed."))
    return locked


@transaction.atomic
def add_need(*, by: Person, call: Call, skill: Skill | None, count: int, now: datetime) -> Call:
    """Ask for more: so many people with a skill, or anyone. Returns the call.

    A covered call becomes short. Raises Refused once it has ended or run out, and beyond eight needs.
    """
    locked = _locked_for(by, call)
    if locked.state == CallState.EXPIRED:
        raise Refused(_("This call has run out of time. Raise a new one."))
    need = CallNeed.objects.filter(call=locked, skill=skill).first()
    if need is None and CallNeed.objects.filter(call=locked).count() >= raising.NEEDS_AT_MOST:
        raise Refused(REFUSALS[raising.Refusal.TOO_MANY_NEEDS])
    if need is None:
        CallNeed.objects.create(call=locked, skill=skill, count=count)
    else:
        need.count = min(need.count + count, 40)
        need.save(update_fields=["count"])
    counted = standing.take(locked, now=now)
    counted.note(LogWord.NEED_ADDED, now, person_id=by.pk, count=count, skill=skill.pk if skill else 0)
    turn.step(locked, now=now, counted=counted)
    wake.on_commit("pods.sweep")
    return locked


@transaction.atomic
def reveal_details(*, by: Person, call: Call, now: datetime) -> str:
    """Return the sealed details to someone who comes and counts, and record that they were read.

    The raiser may read them too. Raises Refused where they may not be read yet, and beyond ten calls a
    day: who opens more than that is looking for something else.
    """
    locked = standing.lock(call.pk)
    if locked.state in ENDED:
        raise Refused(_("This call has ended; its details are closed."))
    if locked.raised_by_id != by.pk:
        invite = Invite.objects.filter(call=locked, person=by).first()
        if invite is None or invite.state != InviteState.COMING or invite.counted_for_id is None:
            raise Refused(_("The details are shown to those who are coming and are counted for a need."))
        if locked.kind.needs_second and locked.released_at is None:
            raise Refused(_("A second member of the pod has to release the details first."))
    day_ago = now - timedelta(days=1)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    opened = Reveal.objects.filter(person=by, at__gt=day_ago).exclude(call=locked).count()
    if opened >= raising.REVEALS_A_DAY:
        raise Refused(_("You have opened the details of ten calls today. Ask someone else who is coming."))
    Reveal.objects.get_or_create(call=locked, person=by, defaults={"at": now})
    return Call.objects.only("ref", "details").get(pk=locked.pk).details or ""


@transaction.atomic
def cancel_call(*, by: Person, call: Call, now: datetime) -> Call:
    """Call it off and tell everyone who was reached, but those who said that they can't. Returns the call."""
    locked = _locked_for(by, call)
    counted = standing.take(locked, now=now)
    suppress(subject=locked.subject, kinds=(*turn.ALERTS, turn.STAND_DOWN, turn.EXPIRED))
    reached = turn.reached(locked)
    standing.move(locked, CallState.CANCELLED, counted, now=now)
    told = [
        invite.person_id
        for invite in counted.invites
        if invite.state in (InviteState.INVITED, InviteState.COMING, InviteState.AFAR)
        and (invite.person_id in reached or invite.answer)
        and invite.person_id != by.pk
    ]
    enqueue(
        subject=locked.subject,
        kind=turn.CANCELLED,
        people=told,
        urgency=Urgency.CALL,
        now=now,
        expires_at=locked.closes_at,
    )
    counted.note(LogWord.CANCELLED, now, person_id=by.pk, told=len(told))
    standing.store(locked, counted)
    return locked


@transaction.atomic
def close_call(*, by: Person, call: Call, now: datetime) -> Call:
    """End a call that is over. Returns it. Raises Refused when it has ended already."""
    locked = _locked_for(by, call)
    counted = standing.take(locked, now=now)
    turn.close(locked, counted, now=now, by=by.pk)
    standing.store(locked, counted)
    return locked
