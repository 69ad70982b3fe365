"""A station that changes while people are on it: nobody is moved silently, and a press is of the page it was on."""

from datetime import date, time

import pytest

from commons.notices.models import Delivery, Link
from commons.web.refusal import Refused
from sites.actions import shifts, supplies
from sites.actions.moves import Moved
from sites.actions.popups import Rhythm
from sites.actions.shift_answers import answer
from sites.models import SignUp, StandInAsk, Supply
from sites.states import ClosedFor, Role, SignUpState
from tests.factories import PersonFactory
from tests.sites.stations import (
    DAY,
    HOUR,
    NOW,
    TUESDAY,
    kinds,
    moved,
    role,
    staffed,
    turned,
    willing,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_whoever_is_on_a_week_that_moves_is_asked_by_their_link_and_keeps_the_place(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    assert moved(popup).told == 2
    assert set(kinds(shift)) == {("shift.moved", mina.pk), ("shift.moved", olga.pk)}
    assert set(SignUp.objects.values_list("state", flat=True)) == {"moved"}
    shift.refresh_from_db()
    link = Link.objects.get(person=mina, purpose="shift")
    assert link.expires_at == shift.ends_at
    # One can, and is asked again the day before like everybody; one can't.
    assert answer(shift=shift, person=mina.pk, say="yes", version=2, now=NOW + HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.HELD
    assert answer(shift=shift, person=olga.pk, say="no", version=2, now=NOW + HOUR)
    assert SignUp.objects.get(person=olga).state == SignUpState.DROPPED
    shift = turned(shift, shift.starts_at - DAY)
    assert kinds(shift)[2:] == [("shift.reminder", mina.pk)]


def test_who_never_answers_is_reminded_and_then_others_are_asked(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    shifts.confirm(shift=shift, person=olga, now=NOW)
    shift.refresh_from_db()
    shift = turned(shift, shift.starts_at - DAY)
    assert ("shift.reminder", mina.pk) in kinds(shift)
    turned(shift, shift.starts_at - 6 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.LAPSED


def test_a_press_on_an_older_page_changes_nothing(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    for say in ("yes", "no"):
        assert not answer(shift=shift, person=mina.pk, say=say, version=1, now=NOW)
    assert SignUp.objects.get(person=mina).state == SignUpState.MOVED
    with pytest.raises(Refused, match="changed meanwhile"):
        shifts.confirm(shift=shift, person=mina, now=NOW, seen=0)
    with pytest.raises(Refused, match="changed meanwhile"):
        shifts.join(shift=shift, role=role(shift, Role.OWN), person=PersonFactory(), now=NOW, seen=0)
    shifts.confirm(shift=shift, person=mina, now=NOW, seen=1)


def test_moved_twice_each_hears_it_twice_and_what_was_not_sent_yet_only_once(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    Delivery.objects.filter(person=mina).update(state="handed_off", handed_off_at=NOW)
    moved(popup, Rhythm(4, time(17), 90))
    assert kinds(shift).count(("shift.moved", mina.pk)) == 2
    assert kinds(shift).count(("shift.moved", olga.pk)) == 1


def test_nothing_is_said_where_nothing_moves(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    assert moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 2), (Role.SERVER, "", 1, 2)]) == Moved()
    assert Delivery.objects.count() == 0
    assert set(SignUp.objects.values_list("state", flat=True)) == {"held"}


def test_who_brings_something_hears_it_too(popup, shift, mina):
    thing = Supply.objects.filter(shift=shift)[0]
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=True, now=NOW)
    assert moved(popup).told == 1
    assert kinds(shift) == [("shift.moved", mina.pk)]


def test_stand_ins_who_were_asked_for_another_time_are_asked_anew(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    asked = StandInAsk.objects.values_list("person", flat=True)[0]
    moved(popup, now=at)
    assert set(StandInAsk.objects.values_list("state", flat=True)) == {"thanked"}
    # Withdrawn before it went out, and nobody is thanked for what they never heard of.
    assert {kind for kind, _who in kinds(shift)} == {"shift.moved"}
    assert not answer(shift=shift, person=asked, say="yes", version=1, now=at)
    shift.refresh_from_db()
    turned(shift, shift.starts_at - 47 * HOUR)
    assert set(StandInAsk.objects.values_list("state", "round")) == {("asked", 1)}


def test_a_closed_week_moves_unsaid_and_who_had_a_place_is_asked_when_it_is_on_after_all(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert moved(popup) == Moved(weeks=4)
    assert {kind for kind, _who in kinds(shift)} == {"shift.closed"}
    shifts.open_after_all(shift=shift, now=NOW)
    shift.refresh_from_db()
    assert shift.day == date(2026, 10, 22)
    # That it was off had not been sent yet, and need not be said any more.
    assert set(kinds(shift)) == {("shift.moved", mina.pk), ("shift.moved", olga.pk)}
    assert set(SignUp.objects.values_list("state", flat=True)) == {"moved"}
    Delivery.objects.update(state="handed_off", handed_off_at=NOW)
    # Closed once more it is said once more.
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert kinds(shift).count(("shift.closed", mina.pk)) == 2
