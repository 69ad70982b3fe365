"""Many at once, each on a connection of their own: a place is one person's, and every week is made once (S-13)."""

from datetime import timedelta

import pytest

from commons import clock
from commons.notices.actions.carry import carry_due
from commons.notices.models import Delivery
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions import moves, popups, shift_turn, shifts
from sites.actions.moves import Moved, Plan
from sites.actions.popups import Meanwhile, Rhythm
from sites.actions.shift_answers import answer
from sites.models import Popup, Shift, SignUp, StandInAsk
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
    assert Delivery.objects.filter(kind="shift.reminder").count() == 1


SMALLER = [(Role.LEAD, "", 1, 1), (Role.SERVER, "", 1, 2)]


def changed(popup: Popup, now, *, weekday: int | None = None):
    """A press that makes the station another than it is."""
    rhythm = Rhythm(popup.weekday if weekday is None else weekday, popup.starts, popup.minutes)
    plan = Plan(popup.place, rhythm, SMALLER)
    return lambda: moves.move(popup=popup, plan=plan, version=popup.version, now=now)


def joins(shift: Shift, person: Person, now):
    """A press on a server's place."""
    return lambda: shifts.join(shift=shift, role=role(shift, Role.SERVER), person=person, now=now)


@pytest.mark.parametrize("attempt", range(4))
def test_two_want_the_last_place_while_the_role_gets_smaller(attempt):
    """Three places, one of them taken; two people want what is left of it while it becomes two."""
    now = clock.now()
    popup = running(now)
    shift = popup.shifts.last()
    first, *others = [PersonFactory() for _ in range(3)]
    joins(shift, first, now)()
    work = [*(joins(shift, person, now) for person in others), changed(popup, now)]
    said = at_once(work[attempt % 3 :] + work[: attempt % 3])
    assert sum(isinstance(one, Moved) for one in said) == 1
    taken = sum(isinstance(one, SignUp) for one in said)
    # Whoever was in before it got smaller stays in; nobody comes in above two after.
    assert (taken, sum(isinstance(one, Refused) for one in said)) in ((2, 0), (1, 1))
    server = role(shift, Role.SERVER)
    assert server.most == 2
    assert SignUp.objects.filter(role=server, state="held").count() == 1 + taken
    with pytest.raises(Refused):
        joins(shift, PersonFactory(), now)()


@pytest.mark.parametrize("attempt", range(4))
def test_somebody_drops_out_while_the_station_moves(attempt, smtp_sink):
    """Whichever comes first: the place is free, and whoever left is asked nothing about the new time."""
    now = clock.now()
    popup = running(now)
    shift = popup.shifts.last()
    leaves, stays = PersonFactory(), PersonFactory()
    for person in (leaves, stays):
        joins(shift, person, now)()
    work = [
        changed(popup, now, weekday=(popup.weekday + 2) % 7),
        lambda: shifts.leave(shift=shift, person=leaves, now=now),
    ]
    said = at_once(work if attempt % 2 else work[::-1])
    assert not [one for one in said if isinstance(one, Exception)]
    assert dict(SignUp.objects.values_list("person", "state")) == {leaves.pk: "dropped", stays.pk: "moved"}
    carry_due()
    assert [mail["To"] for mail in smtp_sink.mails] == [stays.email]


def test_seven_who_change_a_station_at_once():
    now = clock.now()
    popup = running(now)
    said = at_once([changed(popup, now, weekday=day) for day in range(7)])
    assert sum(isinstance(one, Moved) for one in said) == 1
    assert sum(isinstance(one, Meanwhile) for one in said) == 6
    popup.refresh_from_db()
    assert popup.shifts.values("day").distinct().count() == 4
    assert popup.shifts.last().day.weekday() == popup.weekday


def test_a_move_and_new_weeks_at_once_leave_one_shift_a_week():
    now = clock.now()
    popup = running(now)
    filling = [lambda: popups.fill_due(now=now + 2 * WEEK)] * 3
    said = at_once([*filling, changed(popup, now, weekday=(popup.weekday + 3) % 7)])
    assert not [one for one in said if isinstance(one, Exception)]
    popups.fill_due(now=now + 2 * WEEK)
    days = sorted(popup.shifts.values_list("day", flat=True))
    assert len(days) == len({day.isocalendar()[:2] for day in days}) == 6
    popup.refresh_from_db()
    # The first may have been too near to move.
    assert {day.weekday() for day in days[1:]} == {popup.weekday}


def test_somebody_is_thrown_out_while_workers_turn_the_shift():
    now = clock.now()
    popup = running(now)
    shift = next_shift(popup, now)
    gone = PersonFactory()
    people = willing(popup, 3, now)
    at = shift.starts_at - 30 * HOUR
    shifts.join(shift=shift, role=role(shift, Role.LEAD), person=PersonFactory(), now=now)
    joins(shift, gone, now)()

    def throw_out():
        Person.objects.filter(pk=gone.pk).update(is_active=False)

    said = at_once([throw_out, *[lambda: shift_turn.turn_due(now=at)] * 6])
    assert not [one for one in said if isinstance(one, Exception)]
    shift_turn.turn_due(now=at)
    assert SignUp.objects.get(person=gone).state == "dropped"
    asked = set(StandInAsk.objects.filter(state="asked").values_list("person", flat=True))
    assert len(asked) == Delivery.objects.filter(kind="shift.standin").count() == 2
    assert asked < {one.pk for one in people}
