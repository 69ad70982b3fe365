"""Races for a seat: two for the last one, one joining settled four times at once, forty claims for three (S-13)."""

import threading

import pytest
from django.db import connection, transaction

from commons import clock
from commons.web.refusal import Refused
from pods.actions import joining as actions
from pods.actions import pods as pod_actions
from tests.factories import PersonFactory, PodFactory
from tests.pods.newcomers import newcomer_of, seated, state_of


def at_once(work):
    """Run every callable on a connection of its own, all let go together; return what each returned or raised."""
    gate, results = threading.Barrier(len(work)), [None] * len(work)

    def run(index, one):
        try:
            connection.ensure_connection()
            gate.wait(20)
            results[index] = one()
        except Exception as error:  # noqa: BLE001 - what a thread raised is what the test asks about
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_settled_at_once_for_the_last_seat_and_exactly_one_sits():
    now = clock.now()
    pod = PodFactory(members=11)
    pair = [newcomer_of(pod, now) for _ in range(2)]
    due = pair[0].closes_at
    assert at_once([lambda j=joining: actions.settle(joining_id=j.pk, now=due) for joining in pair]) == [True, True]
    assert sorted(state_of(joining) for joining in pair) == ["admitted", "not_now"]
    assert seated(pod) == 12


@pytest.mark.django_db(transaction=True)
def test_the_same_joining_settled_twice_at_once_is_settled_once():
    now = clock.now()
    pod = PodFactory(members=6)
    joining = newcomer_of(pod, now)
    done = at_once([lambda: actions.settle(joining_id=joining.pk, now=joining.closes_at) for _ in range(4)])
    assert sorted(done) == [False, False, False, True]
    assert seated(pod) == 7


@pytest.mark.django_db(transaction=True)
def test_forty_claims_for_three_seats():
    now = clock.now()
    pod = PodFactory(members=9)

    def claim(person_id):
        with transaction.atomic():
            return pod_actions.take_seat(pod=pod_actions.lock(pod.pk), person_id=person_id, now=now).seat

    people = [PersonFactory().pk for _ in range(40)]
    results = []
    for start in range(0, 40, 20):  # twenty connections at a time: the embedded server keeps sixty for everybody
        results += at_once([lambda p=person: claim(p) for person in people[start : start + 20]])
    assert sorted(seat for seat in results if isinstance(seat, int)) == [10, 11, 12]
    assert sum(isinstance(refused, Refused) for refused in results) == 37
    assert seated(pod) == 12
