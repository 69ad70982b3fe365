"""Seats: two at once for the last one, who waits and is called up, and what somebody says again."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commons import clock
from commons.gatherings.actions import plans, seats
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.rules import Party
from commons.notices.models import Delivery
from commons.web.refusal import Refused
from tests.factories import PersonFactory
from tests.gatherings.conftest import over, plan


def said(gathering: Gathering) -> dict[str, str]:
    return dict(Coming.objects.filter(gathering=gathering).values_list("person__handle", "said"))


def everybody_at_once(press, count: int) -> list[Exception]:
    """Press so many times at once, each on a connection of its own; return what went wrong."""
    ready, wrong = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            ready.wait(10)
            press(number)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says it
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return wrong


@pytest.mark.django_db(transaction=True)
def test_twelve_press_at_once_for_three_seats(hold, now):
    gathering = hold(capacity=3)
    people = [PersonFactory() for _ in range(12)]
    wrong = everybody_at_once(
        lambda number: seats.come(by=people[number], gathering=gathering, party=Party(), now=clock.now()), 12
    )
    assert wrong == []
    answers = sorted(said(gathering).values())
    assert (answers, Gathering.objects.get().taken) == (["waiting"] * 9 + ["yes"] * 3, 3)


@pytest.mark.django_db(transaction=True)
def test_the_same_guest_pressing_six_times_at_once_is_one(hold, now):
    gathering = hold(open_to="link")
    wrong = everybody_at_once(
        lambda _number: seats.come_as_guest(gathering=gathering, key="k" * 22, party=Party(people=2), now=clock.now()),
        6,
    )
    assert wrong == []
    assert (Coming.objects.count(), Gathering.objects.get().taken) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_a_seat_that_two_give_up_at_once_goes_to_two_who_wait(hold, now):
    gathering = hold(capacity=2)
    people = [PersonFactory() for _ in range(4)]
    for number, person in enumerate(people):
        seats.come(by=person, gathering=gathering, party=Party(), now=now + timedelta(seconds=number))
    wrong = everybody_at_once(
        lambda number: seats.stay_away(by=people[number], gathering=gathering, now=clock.now()), 2
    )
    assert wrong == []
    assert sorted(said(gathering).values()) == ["no", "no", "yes", "yes"]
    assert Delivery.objects.filter(kind="gatherings.room").count() == 2


@pytest.mark.django_db
def test_the_database_itself_holds_the_seats(gathering):
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.update(capacity=1, taken=2)


@pytest.mark.django_db
def test_who_waited_longest_gets_the_seat_and_is_told(hold, now):
    gathering = hold(capacity=1)
    first, second, third = (PersonFactory(handle=name) for name in ("First", "Second", "Third"))
    for number, person in enumerate((first, second, third)):
        seats.come(by=person, gathering=gathering, party=Party(), now=now + timedelta(seconds=number))
    seats.stay_away(by=first, gathering=gathering, now=now)
    assert said(gathering) == {"First": "no", "Second": "yes", "Third": "waiting"}
    assert list(Delivery.objects.values_list("person__handle", "kind")) == [("Second", "gatherings.room")]
    seats.stay_away(by=second, gathering=gathering, now=now)
    seats.come(by=second, gathering=gathering, party=Party(), now=now + timedelta(minutes=1))
    seats.stay_away(by=third, gathering=gathering, now=now)
    assert said(gathering)["Second"] == "yes"
    assert Delivery.objects.filter(person=second, kind="gatherings.room").count() == 2


@pytest.mark.django_db
def test_more_seats_call_up_and_fewer_than_are_taken_are_refused(hold, rosa, now):
    gathering = hold(capacity=1)
    for number in range(3):
        seats.come(by=PersonFactory(), gathering=gathering, party=Party(), now=now + timedelta(seconds=number))
    wider = plan(now, starts_at=gathering.starts_at, capacity=3)
    gathering = plans.change(by=rosa, gathering=gathering, plan=wider, seen=gathering.changed_at, now=now)
    assert (set(said(gathering).values()), Gathering.objects.get().taken) == ({"yes"}, 3)
    narrow = plan(now, starts_at=gathering.starts_at, capacity=2)
    with pytest.raises(Refused, match="More people than that"):
        plans.change(by=rosa, gathering=gathering, plan=narrow, seen=gathering.changed_at, now=now)


@pytest.mark.django_db
def test_a_party_that_outgrows_the_room_keeps_what_it_had(hold, amal, now):
    gathering = hold(capacity=3)
    seats.come(by=amal, gathering=gathering, party=Party(people=2), now=now)
    seats.come(by=amal, gathering=gathering, party=Party(people=3), now=now)
    with pytest.raises(Refused, match="not so many seats left"):
        seats.come(by=amal, gathering=gathering, party=Party(people=4), now=now)
    assert (Coming.objects.get().people, Coming.objects.get().said) == (3, "yes")


@pytest.mark.django_db
def test_children_of_those_who_wait_have_their_place_kept(hold, amal, now):
    gathering = hold(capacity=1, childcare=True, childcare_places=2)
    seats.come(by=PersonFactory(), gathering=gathering, party=Party(), now=now)
    seats.come(by=amal, gathering=gathering, party=Party(children=2), now=now)
    with pytest.raises(Refused, match="no room for so many children"):
        seats.come(by=PersonFactory(), gathering=gathering, party=Party(children=1), now=now)
    seats.come(by=amal, gathering=gathering, party=Party(children=1), now=now)
    seats.come(by=PersonFactory(), gathering=gathering, party=Party(children=1), now=now)


@pytest.mark.django_db
def test_nothing_is_kept_of_what_somebody_said_who_does_not_come(hold, amal, now):
    gathering = hold(childcare=True)
    party = Party(people=3, children=2, needs=("step_free",), language="es", note="A ramp")
    seats.come(by=amal, gathering=gathering, party=party, now=now)
    seats.stay_away(by=amal, gathering=gathering, now=now)
    row = Coming.objects.get()
    assert (row.said, row.people, row.children, row.needs, row.language, row.note) == ("no", 1, 0, [], "", None)


@pytest.mark.django_db
def test_over_is_over(gathering, amal, now):
    over(gathering, now)
    for press in (seats.come, lambda **said: seats.stay_away(by=said["by"], gathering=said["gathering"], now=now)):
        with pytest.raises(Refused, match="is over"):
            press(by=amal, gathering=gathering, party=Party(), now=now)
