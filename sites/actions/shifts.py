"""Places on a shift: taken, confirmed, left; a week announced as closed; and how it went, written down."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions.shift_news import tell_called_off, tell_moved
from sites.actions.shift_turn import give_up, locked, release, turn_locked
from sites.models import Shift, ShiftRole, SignUp, StandInAsk
from sites.models.shifts import HOLDING
from sites.rules import shifts as rules
from sites.rules.shifts import NoShift
from sites.states import HOLDING as HOLDS
from sites.states import AskState, ClosedFor, ShiftState, SignUpState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES: "dict[NoShift, StrOrPromise]" = {
    NoShift.BEGUN: _("This shift has begun already. Whoever leads it writes down who came."),
    NoShift.CLOSED: _("This week was announced as closed."),
    NoShift.TOO_LATE: _("A closure is announced a day before at the latest. What is not held then is not kept."),
    NoShift.TOO_EARLY: _("How it went is written down once it begins."),
    NoShift.OVER: _("This shift is over, and was written down."),
    NoShift.OFF: _("This week was called off."),
    NoShift.NOT_YET_OFF: _("Up to a day before, a week is announced as closed: that breaks no row."),
}
TAKEN = _("Somebody was quicker: this role has all the people it takes. Thank you.")


def _demand(why: NoShift | None) -> None:
    if why is not None:
        raise Refused(SENTENCES[why])


def _same(shift: Shift, seen: int | None) -> None:
    """Demand that the shift is where and when it was on the page that was pressed on; None asks nothing."""
    if seen not in (None, shift.moves):
        raise Refused(_("This shift has changed meanwhile: look when and where it is now. Nothing was taken."))


# --- a place on it ----------------------------------------------------------------------------------


@transaction.atomic
def join(*, shift: Shift, role: ShiftRole, person: Person, now: datetime, seen: int | None = None) -> SignUp:
    """Take a place in a role of a shift; the shift's row is locked, so that nobody gets what somebody else has.

    Raises `Refused` where all places of the role are taken, the person has another one on this shift, or the shift
    moved since somebody saw it (`seen` is its number of moves then).
    """
    shift = locked(shift.pk)
    _same(shift, seen)
    return join_locked(shift, role, person.pk, now)


def join_locked(shift: Shift, role: ShiftRole, person: int, now: datetime) -> SignUp:
    """Take a place on a shift that is locked."""
    _demand(rules.sign_up_refused(ShiftState(shift.state), shift.starts_at, now))
    mine = SignUp.objects.filter(shift=shift, person=person).first()
    if mine is not None and mine.state in HOLDS:
        if mine.role_id == role.pk:
            return mine
        raise Refused(_("You have a place on this shift already. Leave it first to take another one."))
    # As the role is now: it may have been made smaller, or been let go, since somebody looked.
    most = ShiftRole.objects.filter(pk=role.pk).values_list("most", flat=True).first() or 0
    taken = SignUp.objects.filter(HOLDING, role=role).values_list("slot", flat=True)
    slot = rules.free_slot(most, taken)
    if slot is None:
        raise Refused(TAKEN)
    mine = mine or SignUp(shift=shift, person_id=person, version=0)
    mine.role, mine.slot, mine.at = role, slot, now
    # Whoever signs up on the last day has just said that it holds, and is not asked again.
    mine.state = SignUpState.CONFIRMED.value if now >= shift.times.remind_at else SignUpState.HELD.value
    mine.version += 1
    mine.save()
    asked = StandInAsk.objects.filter(shift=shift, person=person).exclude(state=AskState.TOOK.value).first()
    if asked is not None:
        asked.state, asked.version = AskState.TOOK.value, asked.version + 1
        asked.save(update_fields=["state", "version"])
    turn_locked(shift, now)
    return mine


@transaction.atomic
def confirm(*, shift: Shift, person: Person, now: datetime, seen: int | None = None) -> SignUp:
    """Say that one's place still holds; who let the time pass gets it back as long as nobody took it."""
    shift = locked(shift.pk)
    _same(shift, seen)
    return confirm_locked(shift, person.pk, now)


def confirm_locked(shift: Shift, person: int, now: datetime) -> SignUp:
    """Say so on a shift that is locked."""
    _demand(rules.sign_up_refused(ShiftState(shift.state), shift.starts_at, now))
    mine = SignUp.objects.select_related("role").filter(shift=shift, person=person).first()
    if mine is None:
        raise Refused(_("You have no place on this shift."))
    if mine.state not in HOLDS:
        mine = join_locked(shift, mine.role, person, now)
    # Whoever can come to where it moved is asked once more the day before, as everybody is.
    early = mine.state == SignUpState.MOVED and now < shift.times.remind_at
    said = SignUpState.HELD if early else SignUpState.CONFIRMED
    if mine.state != said:
        mine.state, mine.version = said.value, mine.version + 1
        mine.save(update_fields=["state", "version"])
    return mine


@transaction.atomic
def leave(*, shift: Shift, person: Person, now: datetime) -> None:
    """Leave one's place; near the shift others are asked at once whether they can stand in."""
    leave_locked(locked(shift.pk), person.pk, now)


def leave_locked(shift: Shift, person: int, now: datetime) -> None:
    """Leave one's place on a shift that is locked."""
    _demand(rules.sign_up_refused(ShiftState(shift.state), shift.starts_at, now))
    mine = SignUp.objects.filter(shift=shift, person=person).exclude(state=SignUpState.DROPPED.value)
    if give_up(shift, mine, SignUpState.DROPPED):
        turn_locked(shift, now)


# --- a week that is closed --------------------------------------------------------------------------


@transaction.atomic
def close_week(*, shift: Shift, why: ClosedFor, now: datetime) -> None:
    """Announce that there is no shift this week; whoever has a place on it is told."""
    shift = locked(shift.pk)
    if shift.state == ShiftState.CLOSED:
        return
    _demand(rules.closing_refused(ShiftState(shift.state), shift.starts_at, now))
    shift.state, shift.closed_for, shift.next_due_at = ShiftState.CLOSED.value, why.value, None
    shift.moves += 1
    shift.save(update_fields=["state", "closed_for", "next_due_at", "moves"])
    release(shift, keep=(), now=now, quietly=True)
    tell_called_off(shift, now)


@transaction.atomic
def open_after_all(*, shift: Shift, now: datetime) -> None:
    """Take an announced closure back, as long as it could still be announced; who had a place is asked anew."""
    shift = locked(shift.pk)
    if shift.state == ShiftState.COMING:
        return
    _demand(rules.closing_refused(ShiftState(shift.state), shift.starts_at, now))
    shift.state, shift.closed_for = ShiftState.COMING.value, ""
    shift.moves += 1
    shift.save(update_fields=["moves"])
    tell_moved(shift, now)
    turn_locked(shift, now)


@transaction.atomic
def call_off(*, shift: Shift, now: datetime) -> None:
    """Say on the last day that it can't open: it counts as not kept, and whoever has a place is told at once."""
    shift = locked(shift.pk)
    if shift.state == ShiftState.MISSED and now < shift.starts_at:
        return
    _demand(rules.calling_off_refused(ShiftState(shift.state), shift.starts_at, now))
    shift.state, shift.written_at, shift.next_due_at = ShiftState.MISSED.value, now, None
    shift.moves += 1
    shift.save(update_fields=["state", "written_at", "next_due_at", "moves"])
    release(shift, keep=(), now=now, quietly=True)
    tell_called_off(shift, now)


# --- how it went ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """What a shift came to, in numbers; None where nobody counted."""

    helped: int | None = None
    given: int | None = None
    cost: Decimal | None = None


@transaction.atomic
def check_in(
    *,
    shift: Shift,
    opened: bool,
    came: Collection[int],
    others: Mapping[int, int],
    count: Count,
    now: datetime,
) -> ShiftState:
    """Write down how a shift went, or correct it within two weeks; return what it counts as.

    `came` are ids of sign-ups, `others` says for each role (by id) how many came who had no place. Of who came only
    the number in each role stays once the sign-ups are forgotten.
    """
    shift = locked(shift.pk)
    _demand(rules.check_in_refused(ShiftState(shift.state), shift.times, now))
    roles, sign_ups = list(shift.roles.all()), list(SignUp.objects.filter(shift=shift))
    there = set(came) if opened else set()
    for one in sign_ups:
        one.came = one.pk in there
    SignUp.objects.bulk_update(sign_ups, ["came"])
    for role in roles:
        named = sum(one.role_id == role.pk and bool(one.came) for one in sign_ups)
        role.came = named + (others.get(role.pk, 0) if opened else 0)
    ShiftRole.objects.bulk_update(roles, ["came"])
    state = rules.outcome(opened=opened, roles=[(role.least, role.came or 0) for role in roles])
    shift.state, shift.written_at, shift.next_due_at = state.value, now, None
    shift.helped, shift.given = (count.helped, count.given) if opened else (None, None)
    shift.cost = count.cost
    shift.save(update_fields=["state", "written_at", "next_due_at", "helped", "given", "cost"])
    release(shift, keep=(), now=now, quietly=True)
    return state
