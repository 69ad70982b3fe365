"""How a shift went: written down in numbers, corrected, and in the end without a name."""

from decimal import Decimal

import pytest

from commons.notices.models import Link
from commons.people.actions.retention import purge
from commons.web.refusal import Refused
from sites.actions import shifts, supplies
from sites.actions.shifts import Count
from sites.models import SignUp, StandInAsk, Supply
from sites.queries.reliability import rows_of
from sites.states import Role, ShiftState
from tests.sites.stations import (
    DAY,
    HOUR,
    NOW,
    role,
    staffed,
    turned,
    willing,
)

pytestmark = pytest.mark.django_db
NOTHING = Count()


def test_a_shift_is_kept_with_its_minimum_roles_and_can_be_corrected(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    lead, server = SignUp.objects.get(person=olga), SignUp.objects.get(person=mina)
    at = shift.ends_at
    count = Count(helped=14, given=9, cost=Decimal("12.50"))
    said = {"shift": shift, "opened": True, "count": count, "now": at}
    assert shifts.check_in(came=[lead.pk], others={}, **said) is ShiftState.SHORT
    assert shifts.check_in(came=[lead.pk], others={role(shift, Role.SERVER).pk: 2}, **said) is ShiftState.KEPT
    assert shifts.check_in(came=[lead.pk, server.pk], others={}, **said) is ShiftState.KEPT
    shift.refresh_from_db()
    assert (shift.helped, shift.given, shift.cost, shift.next_due_at) == (14, 9, Decimal("12.50"), None)
    assert dict(shift.roles.values_list("role", "came")) == {"lead": 1, "server": 1, "own": 0}
    with pytest.raises(Refused, match="is over"):
        shifts.check_in(came=[], others={}, **{**said, "now": at + 15 * DAY})


def test_what_nobody_wrote_down_was_not_kept_and_can_still_be_written(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    shift = turned(shift, shift.ends_at + DAY)
    assert (shift.state, shift.next_due_at) == ("missed", None)
    assert rows_of([popup.pk])[popup.pk].kept == 0
    ids = list(SignUp.objects.values_list("pk", flat=True))
    later = shift.ends_at + 3 * DAY
    assert shifts.check_in(shift=shift, opened=True, came=ids, others={}, count=NOTHING, now=later) is ShiftState.KEPT
    assert rows_of([popup.pk])[popup.pk].kept == 1


def test_after_thirty_days_only_numbers_are_left(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 1, NOW)
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 30 * HOUR)
    supplies.bring(shift=shift, ref=Supply.objects.filter(shift=shift)[0].ref, person=olga, willing=True, now=NOW)
    [lead] = SignUp.objects.filter(person=olga)
    others = {role(shift, Role.SERVER).pk: 2}
    shifts.check_in(
        shift=shift, opened=True, came=[lead.pk], others=others, count=Count(helped=7), now=shift.ends_at
    )  # fmt: skip
    purge(shift.ends_at + 29 * DAY)
    assert SignUp.objects.exists()
    purge(shift.ends_at + 31 * DAY)
    assert not SignUp.objects.filter(shift=shift).exists()
    assert not StandInAsk.objects.exists()
    assert not Supply.objects.filter(shift=shift, person__isnull=False).exists()
    assert not Link.objects.exists()
    shift.refresh_from_db()
    assert (shift.state, shift.helped) == ("kept", 7)
    assert dict(shift.roles.values_list("role", "came")) == {"lead": 1, "server": 2, "own": 0}


def test_a_person_who_leaves_takes_their_places_with_them(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    popup.planned_by.delete()
    mina.delete()
    popup.refresh_from_db()
    assert popup.planned_by is None
    assert SignUp.objects.filter(shift=shift).count() == 1
