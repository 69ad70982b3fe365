"""Turning a shift: what is due about it is done, whoever comes first and however late; its row is locked meanwhile."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q

from commons.notices.actions import links, outbox
from commons.notices.states import Urgency
from commons.people.models import Absence, Person
from commons.people.rules import quiet_ends
from sites.models import Shift, ShiftRole, SignUp, StandInAsk, StandInOffer
from sites.models.shifts import HOLDING
from sites.rules import shifts as rules
from sites.rules import stand_ins
from sites.rules.shifts import Step
from sites.rules.stand_ins import Candidate
from sites.states import AskState, PopupState, Role, ShiftState, SignUpState

PURPOSE = "shift"
REMIND, ASK, THANK = "shift.reminder", "shift.standin", "shift.thanks"
BATCH = 50
CANDIDATES_MOST = 300
LATELY = timedelta(days=30)


def turn_due(*, now: datetime) -> int:
    """Do what is due about every shift, each in a transaction of its own; return how many were looked at.

    Safe to run twice and two at once: a shift that somebody holds is left to them, and its due time is a column.
    """
    turned = 0
    while True:
        keys = list(Shift.objects.due(now).order_by("next_due_at", "id").values_list("pk", flat=True)[:BATCH])
        done = sum(turn(shift_id=pk, now=now) for pk in keys)
        turned += done
        if len(keys) < BATCH or not done:
            return turned


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
        missing = _missing(shift)
        release(shift, keep=missing, now=now)
        while due := rules.steps(shift.times, now, missing=bool(missing)):
            missing = _do(due[0], shift, missing, now)
            if shift.state != ShiftState.COMING:
                break
        if shift.state == ShiftState.COMING:
            shift.next_due_at = rules.next_due(shift.times, now, missing=bool(missing))
    if shift.state != ShiftState.COMING:
        shift.next_due_at = None
    shift.save(update_fields=["state", "closed_for", "next_due_at", "reminded_at", "lapsed_at", "ask_at"])


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
        held = SignUp.objects.filter(shift=shift, state=SignUpState.HELD.value)
        if held.update(state=SignUpState.LAPSED.value, version=F("version") + 1):
            shift.ask_at = None
            return _missing(shift)
    elif step is Step.ASK:
        _ask(shift, missing, now)
    else:
        # Nobody wrote anything down. Whoever leads it still can, for two weeks.
        shift.state = ShiftState.MISSED.value
        release(shift, keep=(), now=now, quietly=True)
    return missing


def _remind(shift: Shift, now: datetime) -> None:
    """Ask those who signed up whether it still holds."""
    shift.reminded_at = now
    people = Person.objects.filter(
        sign_ups__shift=shift, sign_ups__state=SignUpState.HELD.value, is_active=True
    )  # fmt: skip
    _send(shift, REMIND, list(people), now)


def _send(shift: Shift, kind: str, people: Collection[Person], now: datetime, round: int = 0) -> None:
    """Queue a message with each person's own link, after their quiet hours."""
    if not people:
        return
    ids = [person.pk for person in people]
    links.give(purpose=PURPOSE, subject=shift.subject, people=ids, expires_at=shift.ends_at)
    held = {
        person.pk: ends
        for person in people
        if (ends := quiet_ends(now, person.time_zone, person.quiet_from, person.quiet_until)) is not None
    }
    outbox.enqueue(
        subject=shift.subject,
        kind=kind,
        people=ids,
        urgency=Urgency.SOON,
        now=now,
        expires_at=shift.starts_at,
        round=round,
        not_before=held,
    )


# --- stand-ins --------------------------------------------------------------------------------------


def _ask(shift: Shift, missing: dict[int, int], now: datetime) -> None:
    """Ask the next few for each role that lacks somebody."""
    shift.ask_at = now + rules.wait(shift.starts_at - now)
    if shift.popup.state != PopupState.RUNNING:
        return
    found = _candidates(shift, now)
    for role in ShiftRole.objects.filter(pk__in=missing):
        few = stand_ins.next_few(Role(role.role), missing[role.pk], [one for one, _person, _round in found])
        chosen = [(person, round) for one, person, round in found if one.person in few]
        found = [one for one in found if one[0].person not in few]
        for person, round in chosen:
            StandInAsk.objects.update_or_create(
                shift=shift,
                person=person,
                defaults={"role": role, "state": AskState.ASKED.value, "round": round, "asked_at": now},
            )
        for number in sorted({round for _person, round in chosen}):
            _send(shift, ASK, [person for person, round in chosen if round == number], now, round=number)


def _candidates(shift: Shift, now: datetime) -> list[tuple[Candidate, Person, int]]:
    """Return whoever may be asked, in no order, each with the number of their next round; in one statement.

    Left out: who has or had a place on this shift, who was asked and has not been thanked, who rests on its day.
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
