"""The protocol of a pod, and the kinds of call that the network knows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from commons import clock
from pods import access
from pods.actions.calls import raise_call
from pods.models import CallKind, CallWave, Protocol
from pods.rules import protocol as rules
from pods.rules.waves import DEFAULT_MINUTES, plan
from pods.states import Pace
from tests.factories import NOW, KindFactory, PersonFactory, PodFactory, organizer

TYPED = {
    "pace": "day",
    "wave_1": "10",
    "wave_2": "",
    "wave_3": "40",
    "wave_4": "80",
    "spread": "3",
    "raisers": "members",
}


@given(
    st.sampled_from(Pace),
    st.lists(st.none() | st.integers(0, 3000), min_size=4, max_size=4).map(lambda later: [0, *later]),
)
def test_whatever_the_rule_lets_through_makes_a_plan_that_widens_and_leaves_time(pace, minutes):
    if rules.refusal(pace, minutes) is not None:
        return
    waves = plan(minutes, NOW, NOW + timedelta(days=30))
    due = [wave.due_at for wave in waves]
    assert due == sorted(set(due))
    assert waves[0].due_at == NOW
    assert waves[-1].due_at <= NOW + timedelta(minutes=rules.latest_minute(pace))


@pytest.mark.parametrize("pace", Pace)
def test_the_usual_way_of_every_pace_is_a_way_that_may_be_kept(pace):
    assert rules.refusal(pace, DEFAULT_MINUTES[pace]) is None


@pytest.fixture
def eviction(db):
    return KindFactory(key="eviction")


@pytest.fixture
def pod(db):
    return PodFactory(members=6)


@pytest.fixture
def member(client, pod):
    person = pod.memberships.get(seat=1).person
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


@pytest.fixture
def keeper(client, db):
    person = organizer(PersonFactory(), now=clock.now())
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


@pytest.mark.django_db
def test_four_kinds_are_built_in():
    from importlib import import_module

    from django.apps import apps

    CallKind.objects.all().delete()
    import_module("pods.migrations.0003_built_in_kinds").add(apps, None)
    kinds = CallKind.objects.values_list("key", "pace", "needs_second", "emergency_first", "police_likely")
    assert list(kinds) == [
        ("eviction", "day", False, False, False),
        ("raid", "now", True, False, True),
        ("medical", "now", False, True, False),
        ("arrest", "now", True, False, True),
    ]


def test_what_is_kept_holds_for_later_calls_only(client, pod, member, eviction):
    now = clock.now()

    def raised(key):
        call = raise_call(
            by=member, pod=pod, kind=eviction, block=pod.block, cross_street="Franklin & 4th", details="", key=key,
            needed_at=now + timedelta(hours=20), needs=[(None, 1)], now=now,
        )  # fmt: skip
        waves = CallWave.objects.filter(call=call).order_by("ordinal")
        return [round((wave.due_at - call.opened_at).total_seconds() / 60) for wave in waves]

    before = raised("one")
    url = reverse("pod_protocol_kind", args=[pod.ref, "eviction"])
    assert client.post(url, TYPED | {"do": "keep"}).url == reverse("pod_protocol", args=[pod.ref])
    kept = Protocol.objects.get()
    assert (kept.minutes, kept.spread, kept.pace) == ([0, 10, None, 40, 80], 3, "day")
    assert before == [0, 15, 30, 45, 90]
    assert raised("two") == [0, 10, 40, 80]
    client.post(url, {"do": "reset"})
    assert raised("three") == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"wave_3": "5"}, "later than the one before"),
        ({"wave_4": "900"}, "half of the call"),
        ({"wave_4": "-4"}, "greater than or equal to 1"),
        ({"spread": "9"}, "not one of the available choices"),
        ({"pace": "soon"}, "not one of the available choices"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_in_words_and_stays_typed(client, pod, member, eviction, typed, words):
    url = reverse("pod_protocol_kind", args=[pod.ref, "eviction"])
    answer = client.post(url, TYPED | typed | {"do": "keep"})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'value="10"' in answer.content.decode()
    assert not Protocol.objects.exists()


def test_looking_keeps_nothing(client, pod, member, eviction):
    url = reverse("pod_protocol_kind", args=[pod.ref, "eviction"])
    html = client.post(url, TYPED | {"do": "look"}).content.decode()
    assert "As you typed it" in html
    assert "80 min" in html
    part = client.post(url, TYPED | {"do": "look"}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert "80 min" in part
    assert not Protocol.objects.exists()


def test_another_pace_brings_its_own_minutes(client, pod, member, eviction):
    url = reverse("pod_protocol_kind", args=[pod.ref, "eviction"])
    same = {f"wave_{index}": str(minute) for index, minute in enumerate(DEFAULT_MINUTES[Pace.DAY]) if index}
    client.post(url, TYPED | same | {"pace": "now", "do": "keep"})
    assert Protocol.objects.get().minutes == list(DEFAULT_MINUTES[Pace.NOW])


def test_another_pods_protocol_stays_as_it_is(client, member, eviction):
    other = PodFactory(members=5)
    url = reverse("pod_protocol_kind", args=[other.ref, "eviction"])
    assert client.post(url, TYPED | {"do": "keep"}).status_code == 403
    assert client.post(reverse("pod_protocol_kind", args=["zzzzzzzzzz", "eviction"]), TYPED).status_code == 404
    assert not Protocol.objects.exists()


def test_who_may_raise_a_kind_is_the_protocols_to_say(pod, eviction):
    plain, keeper = (seat.person for seat in pod.memberships.filter(seat__in=[1, 2]).order_by("seat"))
    outside = organizer(PersonFactory(), now=clock.now())
    organizer(keeper, now=clock.now())

    def may():
        return [access.may_raise(person, pod, eviction.pk) for person in (plain, keeper, outside)]

    assert may() == [True, True, False]
    Protocol.objects.create(pod=pod, kind=eviction, pace="day", minutes=[0, 1, 2, 3, 4], raisers="organizers")
    assert may() == [False, True, False]


def test_the_pages_of_the_protocol_and_an_unknown_kind(client, pod, member, eviction):
    assert "Those who fit best" in client.get(reverse("pod_protocol", args=[pod.ref])).content.decode()
    assert client.get(reverse("pod_protocol_kind", args=[pod.ref, "flood"])).status_code == 404


def test_the_protocol_and_the_kinds_cost_the_same_for_one_kind_and_for_thirty(client, pod, member, eviction):
    organizer(member, now=clock.now())
    CallKind.objects.exclude(pk=eviction.pk).delete()

    def cost(name, *args):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse(name, args=args)).status_code == 200
        return len(seen)

    pages = [("kinds",), ("pod_protocol", pod.ref), ("pod", pod.ref)]
    cost("kinds")
    one = [cost(*page) for page in pages]
    for index in range(29):
        kind = CallKind.objects.create(key=f"own-{index}", own_name=f"kind {index}")
        Protocol.objects.create(pod=pod, kind=kind, pace="now", minutes=[0, 3, None, None, 9])
    assert [cost(*page) for page in pages] == one


def test_only_organizers_keep_kinds(client, member, eviction):
    assert client.get(reverse("kinds")).status_code == 403
    assert client.post(reverse("kinds"), {"own_name": "flood", "pace": "now"}).status_code == 403


def test_an_own_kind_is_added_renamed_retired_and_brought_back(client, keeper, eviction):
    client.post(reverse("kinds"), {"own_name": " power   cut ", "pace": "now", "police_likely": "on"})
    kind = CallKind.objects.exclude(own_name="").get()
    assert (kind.own_name, kind.pace, kind.police_likely, kind.needs_second) == ("power cut", "now", True, False)
    client.post(reverse("kind_rename", args=[kind.key]), {"own_name": "no light"})
    client.post(reverse("kind_use", args=[kind.key]), {"do": "no"})
    kind.refresh_from_db()
    assert (kind.name, kind.active) == ("no light", False)
    assert "no light" in client.get(reverse("kinds")).content.decode().lower()
    client.post(reverse("kind_use", args=[kind.key]), {"do": "yes"})
    kind.refresh_from_db()
    assert kind.active


def test_a_built_in_kind_stays_and_a_name_is_given_once(client, keeper, eviction):
    assert client.post(reverse("kind_use", args=["eviction"]), {"do": "no"}).status_code == 404
    assert client.get(reverse("kind_rename", args=["eviction"])).status_code == 404
    html = client.post(reverse("kinds"), {"own_name": "Eviction", "pace": "day"}).content.decode()
    assert "of this name already" in html
    assert CallKind.objects.filter(own_name="Eviction").count() == 0
