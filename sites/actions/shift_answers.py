"""Answering by the link in a message: it holds, I can't, I stand in. Every press is bound to what its page showed."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from commons.web.refusal import Refused
from sites.actions.shift_turn import locked, turn_locked
from sites.actions.shifts import TAKEN, confirm_locked, join_locked, leave_locked
from sites.models import Shift, ShiftRole, SignUp, StandInAsk
from sites.models.shifts import HOLDING
from sites.queries.shift_links import version_of, words_of
from sites.states import AskState

Say = Literal["yes", "no"]


@transaction.atomic
def answer(*, shift: Shift, person: int, say: Say, version: int, now: datetime) -> bool:
    """Take what somebody says about their place, or about standing in; return whether it was taken.

    `version` is the number that the page carried (`version_of`): a press that comes again, or late from an older page,
    finds another number and changes nothing. Raises `Refused` where the place was taken meanwhile.
    """
    shift = locked(shift.pk)
    mine, asked = words_of(person, shift.pk)
    if version != version_of(mine, asked):
        return False
    if mine is not None:
        if say == "yes":
            confirm_locked(shift, person, now)
        else:
            leave_locked(shift, person, now)
    elif asked is not None and say == "yes":
        _stand_in(shift, asked.role, person, now)
    elif asked is not None:
        _cant(shift, asked, now)
    return True


def _stand_in(shift: Shift, role: ShiftRole, person: int, now: datetime) -> None:
    """Take the place: whoever comes first has it."""
    if SignUp.objects.filter(HOLDING, role=role).count() >= role.least:
        raise Refused(TAKEN)
    join_locked(shift, role, person, now)


def _cant(shift: Shift, asked: StandInAsk, now: datetime) -> None:
    """Leave in peace whoever can't; when all who were asked have said so, the next few need not wait."""
    asked.state, asked.version = AskState.CANT.value, asked.version + 1
    asked.save(update_fields=["state", "version"])
    if not StandInAsk.objects.filter(shift=shift, role=asked.role_id, state=AskState.ASKED.value).exists():
        shift.ask_at = None
    turn_locked(shift, now)
