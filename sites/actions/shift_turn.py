"""Turning a shift: what is due about it is done, whoever comes first and however late; its row is locked meanwhile."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commons.notices.actions import outbox
from commons.notices.states import Urgency
from commons.people.models import Absence, Person
from sites.actions.shift_news import ASK, REMIND, THANK, hears_in_time, send, tell_alone
from sites.models import Shift, ShiftRole, SignUp, StandInAsk, StandInOffer, Supply
from sites.models.shifts import HOLDING
from sites.rules import shifts as rules
from sites.rules import stand_ins
from sites.rules.shifts import Step
from sites.rules.stand_ins import Candidate
from sites.states import AskState, PopupState, Role, ShiftState, SignUpState

BATCH = 50
CANDIDATES_MOST = 300
LATELY = timedelta(days=30)
# Who has a place and is waited for.
UNANSWERED = [SignUpState.HELD.value, SignUpState.MOVED.value]


def turn_due(*, now: datetime) -> int:
    """Do what is due about every shift, each in a transaction of its own; return how many were looked at.

    Safe to run twice and two at once: a shift that somebody holds is left to them, and its due time is a column.
    """
    turned = 0
    _notice(now)
    while True:
        keys = list(Shift.objects.due(now).order_by("next_due_at", "id").values_list("pk", flat=True)[:BATCH])
        done = sum(turn(shift_id=pk, now=now) for pk in keys)
        turned += done
        if len(keys) < BATCH or not done:
            return turned


def _notice(now: datetime) -> None:
    """Make those shifts due from which somebody went without saying so: left the network, or was thrown out.

    Such a place is nobody's any more. Where everybody had confirmed, nothing else would be due before the shift.
    """
    coming = Shift.objects.filter(state=ShiftState.COMING.value, starts_at__gt=now, next_due_at__gt=now)
    gone = SignUp.objects.filter(HOLDING, shift=OuterRef("pk"), person__is_active=False)
    held = SignUp.objects.filter(HOLDING, role=OuterRef("pk")).order_by().values("role").annotate(count=Count("pk"))
    lacking = ShiftRole.objects.filter(shift=OuterRef("pk"), least__gt=Coalesce(Subquery(held.values("count")), 0))
    unasked = Q(ask_at=None, starts_at__lte=now + rules.ASK_BEFORE) & Exists(lacking)
    coming.filter(Exists(gone) | unasked).update(next_due_at=now)


@transaction.atomic
def turn(*, shift_id: int, now: datetime) -> bool:
    """Do what is due about one shift; return whether it was there to be turned."""
    due = Shift.objects.due(now).select_for_update(skip_locked=True, of=("self",)).select_related("popup")
    shift = due.filter(pk=shift_id).first()
    if shift is None:
        return False
    turn_locked(shift, now)
    return True


def locked(shift_id: int) -> Shift:
    """Return a shift with nobody else at it."""
    return Shift.objects.select_for_update(of=("self",)).select_related("popup").get(pk=shift_id)


def turn_locked(shift: Shift, now: datetime) -> None:
    """Do all that is due about a shift that is locked, and write down when to look at it again."""
    if shift.state == ShiftState.COMING:
        _let_go(shift)
        missing = _missing(shift)
        release(shift, keep=missing, now=now)
        if not missing:
            # Whoever goes from now on leaves a gap of its own, which is asked for, and told of, anew.
            shift.ask_at = shift.alone_at = None
        while due := rules.steps(shift.times, now, missing=bool(missing)):
            missing = _do(due[0], shift, missing, now)
            if shift.state != ShiftState.COMING:
                break
        if shift.state == ShiftState.COMING:
            shift.next_due_at = rules.next_due(shift.times, now, missing=bool(missing))
    if shift.state != ShiftState.COMING:
        shift.next_due_at = None
    shift.save(
        update_fields=[
            "state", "closed_for", "next_due_at", "reminded_at", "lapsed_at", "ask_at", "alone_at", "alone_said",
        ]
    )  # fmt: skip


def _let_go(shift: Shift) -> None:
    """Free the places of those who have gone, and ask them for nothing more."""
    gone = {"shift": shift, "person__is_active": False}
    StandInAsk.objects.filter(state=AskState.ASKED.value, **gone).update(
        state=AskState.CANT.value, version=F("version") + 1
    )
    Supply.objects.filter(**gone).update(person=None)
    give_up(shift, SignUp.objects.filter(HOLDING, **gone), SignUpState.DROPPED)


def give_up(shift: Shift, places: QuerySet[SignUp], state: SignUpState) -> bool:
    """Free these places of a shift that is locked; return whether there were any.

    Whoever was asked to stand in a while ago has had their time: the next ones are asked now. And where nobody leads
    any more, somebody else has to hear that nobody is left to ask.
    """
    roles = set(places.values_list("role__role", flat=True))
    if not roles:
        return False
    places.update(state=state.value, version=F("version") + 1)
    shift.ask_at = None
    if Role.LEAD.value in roles:
        shift.alone_at = None
    return True


def _missing(shift: Shift) -> dict[int, int]:
    needed = dict(ShiftRole.objects.filter(shift=shift).values_list("pk", "least"))
    holding = SignUp.objects.filter(HOLDING, shift=shift).order_by().values_list("role")
    return rules.lacking(needed, dict(holding.annotate(Count("pk"))))


def _do(step: Step, shift: Shift, missing: dict[int, int], now: datetime) -> dict[int, int]:
    """Do one step and return what is missing after it."""
    if step is Step.REMIND:
        _remind(shift, now)
    elif step is Step.LAPSE:
        shift.lapsed_at = now
        if give_up(shift, SignUp.objects.filter(shift=shift, state__in=UNANSWERED), SignUpState.LAPSED):
            return _missing(shift)
    elif step is Step.ASK:
        if not _ask(shift, missing, now):
            _alone(shift, now)
    elif step is Step.TELL:
        _alone(shift, now)
    else:
        # Nobody wrote anything down. Whoever leads it still can, for two weeks.
        shift.state = ShiftState.MISSED.value
        release(shift, keep=(), now=now, quietly=True)
    return missing


def _remind(shift: Shift, now: datetime) -> None:
    """Ask those who signed up whether it still holds."""
    shift.reminded_at = now
    people = Person.objects.filter(sign_ups__shift=shift, sign_ups__state__in=UNANSWERED, is_active=True)
    send(shift, REMIND, list(people), now, round=shift.moves)


def _alone(shift: Shift, now: datetime) -> None:
    """Say once for each gap that nobody is left to ask."""
    if shift.alone_at is not None:
        return
    shift.alone_at, shift.alone_said = now, shift.alone_said + 1
    tell_alone(shift, now)


# --- stand-ins --------------------------------------------------------------------------------------


def _ask(shift: Shift, missing: dict[int, int], now: datetime) -> bool:
    """Ask the next few for each role that lacks somebody; return whether for each there is anybody to wait for."""
    shift.ask_at = now + rules.wait(shift.starts_at - now)
    if shift.popup.state != PopupState.RUNNING:
        return True
    found = _candidates(shift, now)
    # Whoever was asked just now still has their time, even where a second place comes free meanwhile.
    since = now - rules.wait(shift.starts_at - now)
    asked = StandInAsk.objects.filter(shift=shift, state=AskState.ASKED.value, asked_at__gt=since)
    waited_for = set(asked.values_list("role", flat=True))
    for role in ShiftRole.objects.filter(pk__in=missing):
        few = stand_ins.next_few(Role(role.role), missing[role.pk], [one for one, _person, _round in found])
        chosen = [(person, round) for one, person, round in found if one.person in few]
        found = [one for one in found if one[0].person not in few]
        if chosen:
            waited_for.add(role.pk)
        for person, round in chosen:
            StandInAsk.objects.update_or_create(
                shift=shift,
                person=person,
                defaults={"role": role, "state": AskState.ASKED.value, "round": round, "asked_at": now},
            )
        for number in sorted({round for _person, round in chosen}):
            send(shift, ASK, [person for person, round in chosen if round == number], now, round=number)
    return waited_for >= set(missing)


def _candidates(shift: Shift, now: datetime) -> list[tuple[Candidate, Person, int]]:
    """Return whoever may be asked, in no order, each with the number of their next round; in one statement.

    Left out: who has or had a place on this shift, who was asked and has not been thanked, who rests on its day, whose
    quiet hours end when it is too late.
    """
    asks = StandInAsk.objects.filter(shift=shift, person=OuterRef("pk"))
    people = (
        Person.objects.filter(is_active=True, unproven_since=None)
        .annotate(
            came=Exists(SignUp.objects.filter(person=OuterRef("pk"), shift__popup=shift.popup, came=True)),
            offered=Exists(StandInOffer.objects.filter(person=OuterRef("pk"), popup=shift.popup)),
            thanked=Exists(asks.filter(state=AskState.THANKED.value)),
            lately=Count("stand_in_asks", filter=Q(stand_in_asks__asked_at__gt=now - LATELY)),
        )
        .filter(Q(came=True) | Q(offered=True))
        .exclude(Exists(asks.exclude(state=AskState.THANKED.value)))
        .exclude(Exists(SignUp.objects.filter(shift=shift, person=OuterRef("pk"))))
        .exclude(Exists(Absence.objects.on(shift.day).filter(person=OuterRef("pk"))))
        .order_by("?")[:CANDIDATES_MOST]
    )
    rounds = dict(StandInAsk.objects.filter(shift=shift).values_list("person", "round"))
    return [
        (
            Candidate(one.pk, one.came, one.offered, one.lately, one.thanked),
            cast(Person, one),
            rounds.get(one.pk, -1) + 1,
        )
        for one in people
        if hears_in_time(one, shift, now)
    ]


def release(shift: Shift, *, keep: Collection[int], now: datetime, quietly: bool = False) -> None:
    """Thank whoever was asked for a role that lacks nobody any more (all but those in `keep`).

    A question that was not sent yet is withdrawn, and nobody is thanked for what they never heard of. `quietly` tells
    nobody anything: once a shift is over there is nothing left to stand down from.
    """
    free = list(StandInAsk.objects.filter(shift=shift, state=AskState.ASKED.value).exclude(role__in=list(keep)))
    if not free:
        return
    StandInAsk.objects.filter(pk__in=[one.pk for one in free]).update(
        state=AskState.THANKED.value, version=F("version") + 1
    )
    people = {one.person_id: one.round for one in free}
    spared = outbox.suppress(subject=shift.subject, kinds=[ASK], people=people)
    if quietly:
        return
    for number in sorted(set(people.values())):
        outbox.enqueue(
            subject=shift.subject,
            kind=THANK,
            people=[person for person, round in people.items() if round == number and person not in spared],
            urgency=Urgency.BULK,
            now=now,
            expires_at=shift.starts_at,
            round=number,
        )
