"""Races about proposals: five words at once, two founders, two presses, two workers (S-13)."""

import pytest

from commons import clock
from commons.notices.models import Delivery
from commons.web.refusal import Refused
from pods.actions import clusters as actions
from pods.models import Cluster, Pod
from pods.states import ClusterWord
from tests.pods.capacity_of import proposed, street
from tests.pods.test_joining_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def interest(person, cluster, now):
    return lambda: actions.say(person=person, cluster=cluster, word=ClusterWord.INTERESTED, now=now).met_at


def test_eight_are_interested_at_once_and_the_first_five_are_told_once():
    now = clock.now()
    cluster, people = proposed(now, 8)
    results = at_once([interest(person, cluster, now) for person in people])
    assert sorted(result is not None for result in results) == [False] * 4 + [True] * 4
    assert Delivery.objects.filter(kind=actions.MET).count() == 5


def test_five_form_the_pod_at_once_and_one_does():
    now = clock.now()
    cluster, people = proposed(now, 6)
    for person in people[:5]:
        interest(person, cluster, now)()

    def found(number):
        return actions.found(by=people[number], cluster=cluster, name=f"Pod {number}", block=cluster.block, now=now)

    results = at_once([lambda n=number: found(n) for number in range(5)])
    assert sum(isinstance(result, Pod) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 4
    assert Pod.objects.count() == 1


def test_ten_presses_at_once_ask_once():
    now = clock.now()
    assert sum(at_once([lambda: actions.ask(now=now) for _ in range(10)])) == 1


def test_four_workers_at_once_propose_each_group_once():
    now = clock.now()
    street(now)
    assert sorted(at_once([lambda: actions.compute_due(now=now) for _ in range(4)])) == [False, False, False, True]
    assert Cluster.objects.filter(kind="pod").count() == 1
