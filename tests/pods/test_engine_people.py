"""Whom a call leaves in peace, whom it waits for, and what a clock that jumps does to it: nothing (G3, G4, R-10)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from commons import clock
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Channel, Delivery, Link
from commons.people.models import Absence
from pods.actions.answers import answer_call
from pods.actions.calls import cancel_call, raise_call
from pods.actions.turn import turn_due
from pods.models import Call, CallWave, Invite
from pods.queries.answers import asked_by
from pods.states import Answer, Via
from tests.factories import KindFactory, PersonFactory, PodFactory, organizer

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    return clock.now()


def people_of(pod):
    return [seat.person for seat in pod.memberships.order_by("seat").select_related("person")]


def call_from(pod, now, *, need=2, kind="eviction", hours=5.0, **more):
    return raise_call(
        **{
            "by": people_of(pod)[0],
            "pod": pod,
            "kind": KindFactory(key=kind),
            "block": pod.block,
            "cross_street": "Franklin & 4th",
            "details": "",
            "needed_at": now + timedelta(hours=hours),
            "needs": [(None, need)],
            "now": now,
            **more,
        }
    )


def say(call, person, answer, now, key=""):
    return answer_call(
        call_id=call.pk, person_id=person.pk, answer=Answer(answer), minutes=20, via=Via.LINK,
        key=key or f"{person.pk}-{answer}-{now}"[:40], now=now,
    )  # fmt: skip


def asked(call):
    return [invite.person for invite in Invite.objects.filter(call=call).select_related("person").order_by("id")]


def of(call, person, **more):
    return Delivery.objects.filter(subject=call.subject, person=person, **more)


def addresses(sink):
    return [mail.recipients[0] for mail in sink.received]


# --- left in peace ------------------------------------------------------------------------------


def test_who_rests_after_being_asked_gets_nothing(now, smtp_sink):
    call = call_from(PodFactory(members=6), now)
    tired = asked(call)[0]
    Absence.objects.create(person=tired, days=((now - DAY).date(), (now + 3 * DAY).date()))
    carry_due()
    let_go()
    assert tired.email not in addresses(smtp_sink)
    assert of(call, tired).get().state == "suppressed"
    turn_due(now=now + 31 * MINUTE)
    assert not of(call, tired, round=1).exists()


def test_who_rests_is_never_asked_by_any_wave(now):
    pod = PodFactory(members=6)
    boss = organizer(people_of(pod)[5], now=now)
    Absence.objects.create(person=boss, days=((now - DAY).date(), (now + 3 * DAY).date()))
    call = call_from(pod, now, need=10, hours=30)
    for minutes in (15, 30, 45, 90):
        turn_due(now=now + minutes * MINUTE)
    assert not CallWave.objects.filter(call=call).exclude(state="fired").exists()
    assert boss not in asked(call)


def test_who_said_cant_hears_nothing_more(now, smtp_sink):
    call = call_from(PodFactory(members=8), now)
    carry_due()
    cannot, first, second = asked(call)[:3]
    say(call, cannot, "cant", now)
    before = addresses(smtp_sink).count(cannot.email)
    turn_due(now=now + 31 * MINUTE)
    say(call, first, "coming", now)
    say(call, second, "coming", now)
    carry_due()
    say(call, first, "cant", now + MINUTE)
    carry_due()
    cancel_call(by=people_of(call.pod)[0], call=call, now=clock.now())
    carry_due()
    let_go()
    assert addresses(smtp_sink).count(cannot.email) == before <= 1
    assert not of(call, cannot).exclude(kind="call.alert", round=0).exists()


def test_who_left_the_network_gets_nothing(now, smtp_sink):
    call = call_from(PodFactory(members=6), now)
    gone = asked(call)[0]
    gone.is_active = False
    gone.save()
    carry_due()
    let_go()
    assert gone.email not in addresses(smtp_sink)


def test_who_comes_to_another_call_is_not_asked(now):
    pod = PodFactory(members=6)
    first = call_from(pod, now)
    busy = asked(first)[0]
    say(first, busy, "coming", now)
    other = call_from(pod, now + MINUTE, need=10, hours=30)
    for minutes in (16, 31, 46, 91):
        turn_due(now=now + minutes * MINUTE)
    assert busy not in asked(other)
    assert len(asked(other)) == 5


def carry_calls(person, now, *, count=2, drill=False):
    """Let this person have come to so many calls in these days, which are over."""
    for _ in range(count):
        pod = PodFactory(members=[PersonFactory() for _ in range(4)] + [person])
        past = call_from(pod, now - DAY, need=9, hours=1, drill=drill)
        if person not in asked(past):
            turn_due(now=now - DAY + 40 * MINUTE)
        say(past, person, "coming", now - DAY + 41 * MINUTE)
        Call.objects.filter(pk=past.pk).update(state="closed", next_due_at=None, ended_at=now - DAY + HOUR)


def test_who_carried_enough_this_week_is_asked_last(now):
    pod = PodFactory(members=6)
    weary = people_of(pod)[3]
    carry_calls(weary, now)
    call = call_from(pod, now, need=10, hours=30)
    for minutes in (15, 30, 45):
        turn_due(now=now + minutes * MINUTE)
        assert weary not in asked(call)
    turn_due(now=now + 90 * MINUTE)
    assert Invite.objects.get(call=call, person=weary).wave.rule == "organizers"


@pytest.mark.parametrize("how", ["drill", "own_limit", "long_ago"])
def test_what_does_not_make_weary(now, how):
    """A drill, calls of more than a week ago, and fewer calls than somebody said are enough."""
    pod = PodFactory(members=6)
    person = people_of(pod)[3]
    if how == "own_limit":
        person.calls_per_week = 5
        person.save()
    carry_calls(person, now - 8 * DAY if how == "long_ago" else now, drill=how == "drill")
    call = call_from(pod, now, need=10, hours=30)
    turn_due(now=now + 15 * MINUTE)
    assert person in asked(call)


# --- quiet hours --------------------------------------------------------------------------------


def quiet(person, *, may_wake=False):
    person.time_zone, person.quiet_from, person.quiet_until = "America/New_York", time(22), time(7)
    person.urgent_may_wake = may_wake
    person.save()


NIGHTS = {
    "usual": datetime(2026, 3, 4, 23, 30, tzinfo=NEW_YORK),
    "clocks go forward": datetime(2026, 3, 8, 0, 30, tzinfo=NEW_YORK),
    "clocks go back": datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK),
}


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
def test_the_sleeping_are_reached_when_their_night_ends_and_once(night):
    now, seven = night.astimezone(UTC), night.replace(hour=7, minute=0, fold=0)
    seven = (seven + DAY if night.hour > 12 else seven).astimezone(UTC)
    pod = PodFactory(members=6)
    for person in people_of(pod):
        quiet(person)
    call = call_from(pod, now, need=3, hours=20)
    for minutes in range(0, 120, 5):
        turn_due(now=now + minutes * MINUTE)
    alerts = Delivery.objects.filter(subject=call.subject, kind="call.alert")
    assert set(alerts.values_list("due_at", flat=True)) == {seven}
    # Nobody was asked a second time while asleep, nobody is left out.
    assert sorted(alerts.values_list("person_id", flat=True)) == sorted(p.pk for p in people_of(pod))


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
def test_the_urgent_wakes_those_who_said_so_alone(night):
    now = night.astimezone(UTC)
    pod = PodFactory(members=6)
    people = people_of(pod)
    for person in people:
        quiet(person, may_wake=person in people[:2])
    call = call_from(pod, now, kind="medical", need=5, hours=0.2)
    turn_due(now=now + 3 * MINUTE)
    at_once = {d.person_id for d in Delivery.objects.filter(subject=call.subject) if d.due_at <= now + 3 * MINUTE}
    assert at_once == {person.pk for person in people[:2]}


def test_a_night_longer_than_the_call_ends_without_a_word(smtp_sink):
    """Whoever sleeps until after the end is not woken by it, and not told of it in the morning."""
    now = NIGHTS["usual"].astimezone(UTC)
    pod = PodFactory(members=6)
    for person in people_of(pod):
        quiet(person)
    call = call_from(pod, now, need=3, hours=4)
    turn_due(now=now + 5 * HOUR)
    assert Call.objects.get(pk=call.pk).state == "expired"
    assert not Delivery.objects.filter(subject=call.subject, kind="call.alert").exclude(state="suppressed").exists()


# --- clocks that jump ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", [-HOUR, HOUR])
@pytest.mark.parametrize("before", [0, 10, 20])
def test_a_clock_that_jumps_asks_nobody_twice_and_loses_nobody(now, step, before):
    """The clock is set by an hour in the middle of a call; the waves come all the same, each once."""
    call = call_from(PodFactory(members=8), now, need=8, hours=30)
    for minutes in range(0, before + 1, 5):
        turn_due(now=now + minutes * MINUTE)
    for minutes in range(before, 200, 5):
        turn_due(now=now + minutes * MINUTE + step)
    assert not CallWave.objects.filter(call=call).exclude(state="fired").exists()
    rounds = list(Delivery.objects.filter(subject=call.subject, kind="call.alert").values_list("person_id", "round"))
    assert len(rounds) == len(set(rounds)) == 16
    assert len(asked(call)) == 8


def test_an_answer_given_while_the_clock_ran_ahead_is_kept(now):
    call = call_from(PodFactory(members=8), now, need=2)
    first, second = asked(call)[:2]
    say(call, first, "coming", now + HOUR)
    say(call, second, "coming", now)
    assert Call.objects.get(pk=call.pk).state == "covered"
    counted = Invite.objects.filter(call=call, counted_for__isnull=False)
    assert set(counted.values_list("person_id", flat=True)) == {first.pk, second.pk}


def test_a_link_that_was_taken_back_stays_so_when_the_clock_is_set_back(now):
    call = call_from(PodFactory(members=6), now)
    person = asked(call)[0]
    token = Link.objects.get(subject=call.subject, person=person).token()
    assert asked_by(token, now) is not None
    Link.objects.filter(subject=call.subject).update(revoked_at=now)
    for step in (timedelta(), -HOUR, -400 * DAY, HOUR):
        assert asked_by(token, now + step) is None


def test_a_link_ends_with_its_call_by_the_database_s_clock(now, client):
    """No time stands in the token itself: only the row says until when, and a forged clock of ours is not asked."""
    call = call_from(PodFactory(members=6), now)
    link = Link.objects.get(subject=call.subject, person=asked(call)[0])
    assert link.expires_at == call.closes_at
    assert asked_by(link.token(), call.closes_at - MINUTE) is not None
    assert asked_by(link.token(), call.closes_at) is None
    Link.objects.filter(pk=link.pk).update(expires_at=clock.now() - MINUTE)
    assert client.get(f"/a/{link.token()}/").status_code == 404


# --- channels that fail -------------------------------------------------------------------------


def test_a_refused_address_is_given_up_and_a_passing_trouble_is_not(now, smtp_sink):
    call = call_from(PodFactory(members=6), now, need=1)
    first, second = asked(call)[:2]
    smtp_sink.answers = ["550 no such user", "451 later"]
    carry_due()
    let_go()
    states = sorted(Delivery.objects.filter(subject=call.subject).values_list("state", "error"))
    assert [state for state, _error in states] == ["failed", "queued"]
    assert {error for _state, error in states} == {"smtp_550", "smtp_451"}
    assert Channel.objects.filter(person__in=[first, second], disabled_at__isnull=False).count() <= 1
