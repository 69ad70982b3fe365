"""Many at once, each on a connection of their own: a place is one person's, and every week is made once (S-13)."""

from datetime import timedelta

import pytest

from commons import clock
from commons.web.refusal import Refused
from sites.actions import popups, shift_turn, shifts
from sites.actions.shift_answers import answer
from sites.models import Shift, SignUp, StandInAsk
from sites.states import Role
from tests.factories import PersonFactory
from tests.pods.test_engine_races import at_once
from tests.sites.stations import HOUR, WEEK, next_shift, role, running, willing

pytestmark = pytest.mark.django_db(transaction=True)


def test_forty_claims_for_three_places():
    now = clock.now()
    shift = next_shift(running(now), now)
    server = role(shift, Role.SERVER)
    people = [PersonFactory() for _ in range(40)]

    def claim(person):
        return lambda: shifts.join(shift=shift, role=server, person=person, now=now)

    said = at_once([claim(person) for person in people])
    assert sum(isinstance(one, SignUp) for one in said) == 3
    assert sum(isinstance(one, Refused) for one in said) == 37
    assert sorted(SignUp.objects.filter(role=server).values_list("slot", flat=True)) == [1, 2, 3]


def test_forty_presses_of_one_person_are_one_place():
    now = clock.now()
    shift = next_shift(running(now), now)
    person = PersonFactory()
    at_once([lambda: shifts.join(shift=shift, role=role(shift, Role.SERVER), person=person, now=now)] * 40)
    assert SignUp.objects.count() == 1


def test_of_all_who_were_asked_one_stands_in():
    now = clock.now()
    popup = running(now)
    shift = next_shift(popup, now)
    people = willing(popup, 12, now)
    at = shift.starts_at - 30 * HOUR
    server = role(shift, Role.SERVER)
    StandInAsk.objects.bulk_create(
        StandInAsk(shift=shift, role=server, person=one, state="asked", asked_at=at) for one in people
    )

    def take(person):
        return lambda: answer(shift=shift, person=person.pk, say="yes", version=1, now=at)

    said = at_once([take(person) for person in people])
    assert said.count(True) == 1
    assert SignUp.objects.filter(role=server).count() == 1
    assert StandInAsk.objects.filter(state="took").count() == 1
    assert StandInAsk.objects.filter(state="thanked").count() == 11


def test_two_workers_make_each_week_once_and_remind_once():
    now = clock.now()
    popup = running(now)
    at_once([lambda: popups.fill_due(now=now + 3 * WEEK) for _ in range(8)])
    assert Shift.objects.count() == len(set(Shift.objects.values_list("day", flat=True))) == 7
    shift = next_shift(popup, now)
    person = PersonFactory()
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=person, now=now - timedelta(days=9))
    due = shift.starts_at - 20 * HOUR
    turned = at_once([lambda: shift_turn.turn(shift_id=shift.pk, now=due) for _ in range(8)])
    assert turned.count(True) == 1
    from commons.notices.models import Delivery

    assert Delivery.objects.filter(kind="shift.reminder").count() == 1
