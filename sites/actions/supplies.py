"""What a shift needs and who brings it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions.shift_turn import locked
from sites.models import Shift, Supply
from sites.states import ShiftState

ON_A_LIST_MOST = 20


def _open(shift: Shift, now: datetime) -> Shift:
    shift = locked(shift.pk)
    if shift.state != ShiftState.COMING or now >= shift.ends_at:
        raise Refused(_("This shift is over, or closed: its list stays as it is."))
    return shift


@transaction.atomic
def add(*, shift: Shift, what: str, now: datetime) -> Supply:
    """Put a thing on a shift's list; one that is on it already stays as it is."""
    shift = _open(shift, now)
    there = Supply.objects.filter(shift=shift)
    if not there.filter(what=what).exists() and there.count() >= ON_A_LIST_MOST:
        raise Refused(_("Twenty things are the most on one list."), field="what")
    return Supply.objects.get_or_create(shift=shift, what=what)[0]


@transaction.atomic
def bring(*, shift: Shift, ref: str, person: Person, willing: bool, now: datetime) -> None:
    """Say that one brings a thing, or not after all. Raises `Refused` where somebody else said so before."""
    shift = _open(shift, now)
    supply = Supply.objects.filter(shift=shift, ref=ref).first()
    if supply is None:
        raise Refused(_("This is not on the list any more."))
    if supply.person_id not in (None, person.pk):
        raise Refused(_("Somebody else brings it already. Thank you."))
    supply.person = person if willing else None
    supply.save(update_fields=["person"])
