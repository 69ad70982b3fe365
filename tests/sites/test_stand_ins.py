"""Stand-ins: a few are asked at a time, the first has the place, nobody is pressed."""

import pytest

from commons.notices.models import Delivery
from commons.people.actions import rest
from commons.web.refusal import Refused
from sites.actions import shifts
from sites.actions.shift_answers import answer
from sites.models import SignUp, StandInAsk, StandInOffer
from sites.states import Role
from tests.factories import PersonFactory
from tests.sites.stations import (
    HOUR,
    NOW,
    kinds,
    role,
    staffed,
    turned,
    willing,
)

pytestmark = pytest.mark.django_db


def test_a_few_are_asked_the_first_has_it_and_the_others_are_thanked(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    people = willing(popup, 10, NOW)
    at = shift.starts_at - 30 * HOUR
    turned(shift, shift.starts_at - 47 * HOUR)
    assert kinds(shift) == []
    shifts.leave(shift=shift, person=mina, now=at)
    asked = list(StandInAsk.objects.values_list("person", flat=True))
    # Two for the one who is missing, from among the willing, at once.
    assert len(asked) == 2
    assert set(asked) < {one.pk for one in people}
    assert [kind for kind, _who in kinds(shift)] == ["shift.standin"] * 2
    Delivery.objects.update(state="handed_off", handed_off_at=at)
    shift.refresh_from_db()
    # Silent for four hours: two more.
    turned(shift, at + 4 * HOUR)
    assert StandInAsk.objects.filter(state="asked").count() == 4
    assert answer(shift=shift, person=asked[0], say="yes", version=1, now=at + 5 * HOUR)
    assert SignUp.objects.get(person=asked[0]).state == "held"
    assert sorted(StandInAsk.objects.values_list("state", flat=True)) == ["thanked"] * 3 + ["took"]
    # Of the three others one question was handed off, two were not sent yet and are withdrawn.
    thanked = [who for kind, who in kinds(shift) if kind == "shift.thanks"]
    assert thanked == [asked[1]]
    assert not answer(shift=shift, person=asked[1], say="yes", version=1, now=at + 5 * HOUR)
    with pytest.raises(Refused, match="Somebody was quicker"):
        answer(shift=shift, person=asked[1], say="yes", version=2, now=at + 5 * HOUR)


def test_who_can_t_is_left_in_peace_and_the_next_are_asked_when_all_have_said_so(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 3, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    first, second = StandInAsk.objects.values_list("person", flat=True)
    answer(shift=shift, person=first, say="no", version=1, now=at + HOUR)
    assert StandInAsk.objects.count() == 2
    answer(shift=shift, person=second, say="no", version=1, now=at + HOUR)
    assert StandInAsk.objects.filter(state="asked").count() == 1
    assert kinds(shift).count(("shift.standin", first)) == 1


def test_asked_are_who_came_before_or_offered_and_never_who_rests_left_or_is_thrown_out(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    came, offered, resting, gone = willing(popup, 4, NOW)
    StandInOffer.objects.filter(person=came).delete()
    SignUp.objects.create(
        shift=popup.shifts.last(), role=role(popup.shifts.last(), Role.SERVER), person=came, slot=1,
        state="confirmed", at=NOW, came=True,
    )  # fmt: skip
    rest.rest(person=resting, first=shift.day, last=shift.day, today=NOW.date())
    gone.is_active = False
    gone.save()
    PersonFactory()
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 30 * HOUR)
    assert set(StandInAsk.objects.values_list("person", flat=True)) == {came.pk, offered.pk}


def test_nobody_new_is_asked_to_lead(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 5, NOW)
    shifts.leave(shift=shift, person=olga, now=shift.starts_at - 30 * HOUR)
    assert not StandInAsk.objects.exists()


def test_places_that_nobody_ever_held_are_asked_for_too(popup, shift):
    willing(popup, 2, NOW)
    turned(shift, shift.starts_at - 48 * HOUR)
    assert set(StandInAsk.objects.values_list("role__role", flat=True)) == {"server"}


def test_when_a_stand_in_leaves_who_was_thanked_can_be_asked_again(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    Delivery.objects.update(state="handed_off", handed_off_at=at)
    first, second = StandInAsk.objects.values_list("person", flat=True)
    answer(shift=shift, person=first, say="yes", version=1, now=at)
    shifts.leave(shift=shift, person=PersonFactory._meta.model.objects.get(pk=first), now=at + HOUR)
    again = StandInAsk.objects.get(person=second)
    assert (again.state, again.round) == ("asked", 1)
    assert kinds(shift).count(("shift.standin", second)) == 2
