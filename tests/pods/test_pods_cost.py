"""What the pages of pods cost: the same number of statements for one row and for thirty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from pods.models import Call, Joining
from pods.queries import joining_words
from tests.factories import KindFactory, PersonFactory, PodFactory, offer
from tests.pods.scenes import sign_in

pytestmark = pytest.mark.django_db


def people_of(pod):
    return [seat.person for seat in pod.memberships.order_by("seat").select_related("person")]


@pytest.fixture
def now():
    return clock.now()


def past_call(pod, at):
    return Call.objects.create(
        pod=pod, kind=KindFactory(key="eviction"), block=pod.block, state="closed", pace="day",
        opened_at=at, needed_at=at, deadline_at=at, closes_at=at, ended_at=at,
    )  # fmt: skip


def cost(client, name, *args):
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_for_one_pod_and_for_thirty():
    client = sign_in(PodFactory(members=7).memberships.get(seat=1).person)
    one = cost(client, "pods")
    for _ in range(29):
        PodFactory(members=2)
    assert cost(client, "pods") == one


def test_a_pods_page_costs_the_same_for_one_of_everything_and_for_thirty(now):
    pod = PodFactory(members=6)
    person = people_of(pod)[0]
    client = sign_in(person)

    def fill(count, tag):
        for index in range(count):
            past_call(pod, now - timedelta(days=index + 1))
            Call.objects.filter(pk=past_call(pod, now).pk).update(state="open")
            offer(people_of(pod)[index % 6], f"{tag}-{index}")
            Joining.objects.create(
                pod=pod, person=PersonFactory(), named_by=person, opened_at=now, closes_at=now + timedelta(days=7)
            )

    fill(1, "one")
    one = cost(client, "pod", pod.ref)
    fill(29, "more")
    assert cost(client, "pod", pod.ref) == one


def test_today_costs_the_same_for_one_joining_and_for_thirty(now):
    pod = PodFactory(members=6)
    person = people_of(pod)[0]

    def name(count):
        for _ in range(count):
            Joining.objects.create(pod=pod, person=PersonFactory(), opened_at=now, closes_at=now + timedelta(days=7))

    def cost_of_cards():
        with CaptureQueriesContext(connection) as seen:
            cards = list(joining_words.cards(person, now))
        return len(cards), len(seen)

    name(1)
    one = cost_of_cards()
    name(29)
    thirty = cost_of_cards()
    assert (one[0], thirty[0], thirty[1]) == (1, 30, one[1])


def test_finding_people_costs_the_same_for_one_and_for_eight():
    pod = PodFactory(members=7)
    client = sign_in(people_of(pod)[0])
    PersonFactory(handle="Ada")
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("pod_name", args=[pod.ref]), {"q": "ada"})
    for _ in range(7):
        PersonFactory(handle="Ada")
    with CaptureQueriesContext(connection) as eight:
        client.get(reverse("pod_name", args=[pod.ref]), {"q": "ada"})
    assert len(one) == len(eight)
