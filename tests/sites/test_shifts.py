"""Shifts as they go: places taken, confirmed a day before, a week announced as closed, who brings what."""

from datetime import timedelta

import pytest

from commons.notices.models import Delivery
from commons.web.refusal import Refused
from sites.actions import shifts, supplies
from sites.models import Shift, SignUp
from sites.states import ClosedFor, Role, SignUpState
from tests.factories import PersonFactory
from tests.sites.stations import (
    DAY,
    HOUR,
    NOW,
    kinds,
    role,
    turned,
)

pytestmark = pytest.mark.django_db


# --- places --------------------------------------------------------------------------------------


def test_a_place_is_taken_once_and_left(shift, mina, olga):
    server, lead = role(shift, Role.SERVER), role(shift, Role.LEAD)
    first = shifts.join(shift=shift, role=server, person=mina, now=NOW)
    assert shifts.join(shift=shift, role=server, person=mina, now=NOW).pk == first.pk
    with pytest.raises(Refused, match="a place on this shift already"):
        shifts.join(shift=shift, role=lead, person=mina, now=NOW)
    shifts.join(shift=shift, role=lead, person=olga, now=NOW)
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.join(shift=shift, role=lead, person=PersonFactory(), now=NOW)
    shifts.leave(shift=shift, person=olga, now=NOW)
    shifts.leave(shift=shift, person=olga, now=NOW)
    shifts.join(shift=shift, role=lead, person=PersonFactory(), now=NOW)
    assert SignUp.objects.filter(shift=shift, state="held").count() == 2


def test_nobody_signs_up_for_what_has_begun(shift, mina):
    with pytest.raises(Refused, match="has begun"):
        shifts.join(shift=shift, role=role(shift, Role.LEAD), person=mina, now=shift.starts_at)


# --- the day before ------------------------------------------------------------------------------


def test_the_day_before_each_is_asked_once_and_who_signs_up_later_is_not(shift, mina, olga):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    before = shift.starts_at - DAY
    shift = turned(shift, before - timedelta(minutes=1))
    assert kinds(shift) == []
    shift = turned(shift, before)
    turned(shift, before + HOUR)
    assert kinds(shift) == [("shift.reminder", mina.pk)]
    late = shifts.join(shift=shift, role=role(shift, Role.LEAD), person=olga, now=before + HOUR)
    assert late.state == SignUpState.CONFIRMED
    shifts.confirm(shift=shift, person=mina, now=before + 2 * HOUR)
    turned(shift, shift.starts_at - HOUR)
    assert set(SignUp.objects.values_list("state", flat=True)) == {"confirmed"}


def test_who_does_not_confirm_loses_the_place_and_gets_it_back_while_it_is_free(shift, mina):
    server = role(shift, Role.SERVER)
    shifts.join(shift=shift, role=server, person=mina, now=NOW)
    shift = turned(shift, shift.starts_at - DAY)
    shift = turned(shift, shift.starts_at - 6 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.LAPSED
    shifts.confirm(shift=shift, person=mina, now=shift.starts_at - 5 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.CONFIRMED
    for _ in range(2):
        shifts.join(shift=shift, role=server, person=PersonFactory(), now=shift.starts_at - 5 * HOUR)
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 4 * HOUR)
    shifts.join(shift=shift, role=server, person=PersonFactory(), now=shift.starts_at - 4 * HOUR)
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.confirm(shift=shift, person=mina, now=shift.starts_at - 3 * HOUR)


def test_a_server_that_was_away_reminds_late_and_gives_three_hours(shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    shift = turned(shift, shift.starts_at - 4 * HOUR)
    assert [kind for kind, _who in kinds(shift)] == ["shift.reminder"]
    assert SignUp.objects.get().state == "held"
    turned(shift, shift.starts_at - 1 * HOUR)
    assert SignUp.objects.get().state == "lapsed"


def test_messages_wait_for_quiet_hours_to_end(shift, mina):
    from datetime import time

    mina.time_zone, mina.quiet_from, mina.quiet_until = "America/New_York", time(17), time(20)
    mina.save()
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    turned(shift, shift.starts_at - DAY)
    assert Delivery.objects.get(kind="shift.reminder").due_at == shift.starts_at - DAY + 2 * HOUR


# --- closures ------------------------------------------------------------------------------------


def test_a_closed_week_is_announced_a_day_before_told_and_taken_back(popup, shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    with pytest.raises(Refused, match="a day before"):
        shifts.close_week(shift=shift, why=ClosedFor.REST, now=shift.starts_at - 23 * HOUR)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert kinds(shift) == [("shift.closed", mina.pk)]
    assert not Shift.objects.filter(pk=shift.pk, next_due_at__isnull=False).exists()
    shifts.open_after_all(shift=shift, now=NOW + HOUR)
    shift.refresh_from_db()
    assert (shift.state, shift.closed_for) == ("coming", "")
    assert shift.next_due_at is not None


# --- supplies ------------------------------------------------------------------------------------


def test_who_brings_what(shift, mina, olga):
    thing = supplies.add(shift=shift, what="Cups", now=NOW)
    assert supplies.add(shift=shift, what="Cups", now=NOW) == thing
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=True, now=NOW)
    with pytest.raises(Refused, match="brings it already"):
        supplies.bring(shift=shift, ref=thing.ref, person=olga, willing=True, now=NOW)
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=False, now=NOW)
    supplies.bring(shift=shift, ref=thing.ref, person=olga, willing=True, now=NOW)
    with pytest.raises(Refused, match="over, or closed"):
        supplies.add(shift=shift, what="Plates", now=shift.ends_at)
    for number in range(17):
        supplies.add(shift=shift, what=f"Thing {number}", now=NOW)
    with pytest.raises(Refused, match="Twenty"):
        supplies.add(shift=shift, what="One more", now=NOW)


def test_on_the_last_day_it_is_called_off_who_is_on_it_is_told_at_once_and_it_is_not_kept(popup, shift, mina, olga):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    with pytest.raises(Refused, match="breaks no row"):
        shifts.call_off(shift=shift, now=NOW)
    at = shift.starts_at - 3 * HOUR
    for _ in range(2):
        shifts.call_off(shift=shift, now=at)
    assert kinds(shift) == [("shift.closed", mina.pk)]
    shift.refresh_from_db()
    assert (shift.state, shift.next_due_at) == ("missed", None)
    with pytest.raises(Refused, match="called off"):
        shifts.join(shift=shift, role=role(shift, Role.LEAD), person=olga, now=at)
    # Somebody opened it all the same: that can be written down.
    others = {one.pk: one.least for one in shift.roles.all()}
    went = shifts.check_in(
        shift=shift, opened=True, came=[], others=others, count=shifts.Count(), now=shift.ends_at
    )  # fmt: skip
    assert went == "kept"
