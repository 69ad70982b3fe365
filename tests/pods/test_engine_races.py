"""Many at once, each on a connection of their own: what the call engine promises holds all the same (S-13)."""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from commons import clock
from commons.notices.actions.carry import Carrier
from commons.notices.actions.links import give
from commons.notices.actions.outbox import enqueue
from commons.notices.models import Delivery, DeliveryAttempt
from commons.notices.states import Urgency
from commons.web.refusal import Refused
from pods.actions.answers import answer_call, call_more
from pods.actions.calls import cancel_call, confirm_call, raise_call
from pods.actions.pods import leave_pod
from pods.actions.turn import turn_due
from pods.models import AnswerEvent, Call, CallEvent, CallWave, Invite, Membership
from pods.states import Answer, Via
from tests.factories import KindFactory, PersonFactory, PodFactory

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 20


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of it from as many connections as there are hands, begun together; errors are results too."""
    todo: queue.SimpleQueue[tuple[int, Callable[[], Any]]] = queue.SimpleQueue()
    for item in enumerate(work):
        todo.put(item)
    results: list[Any] = [None] * len(work)
    hands = min(HANDS, len(work))
    start = threading.Barrier(hands)

    def hand() -> None:
        connection.ensure_connection()
        start.wait(20)
        while True:
            try:
                place, deed = todo.get_nowait()
            except queue.Empty:
                break
            try:
                results[place] = deed()
            except Exception as error:  # noqa: BLE001 - what was raised is what the test asks about
                results[place] = error
        connection.close()

    threads = [threading.Thread(target=hand) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    unexpected = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert unexpected == []
    return results


def members(pod):
    return [seat.person for seat in Membership.objects.filter(pod=pod).order_by("seat").select_related("person")]


def raised(pod, *, need=3, kind="eviction", by=None, key=""):
    now = clock.now()
    return raise_call(
        by=by or members(pod)[0],
        pod=pod,
        kind=KindFactory(key=kind),
        block=pod.block,
        cross_street="Franklin & 4th",
        details="",
        needed_at=now + timedelta(hours=5),
        needs=[(None, need)],
        now=now,
        key=key,
    )


def ask_also(call, people):
    """Ask these people too, as the first wave did."""
    now, wave = clock.now(), CallWave.objects.get(call=call, ordinal=0)
    Invite.objects.bulk_create([Invite(call=call, person=one, wave=wave, invited_at=now) for one in people])
    ids = [one.pk for one in people]
    give(purpose="answer", subject=call.subject, people=ids, expires_at=call.closes_at)
    enqueue(
        subject=call.subject,
        kind="call.alert",
        people=ids,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.deadline_at,
    )


def saying(call, person_id, answer, key):
    def say():
        return answer_call(
            call_id=call.pk,
            person_id=person_id,
            answer=Answer(answer),
            minutes=20,
            via=Via.LINK,
            key=key,
            now=clock.now(),
        )

    return say


def words(call, word):
    return CallEvent.objects.filter(call=call, word=word).count()


def test_forty_answers_fill_three_places_and_everybody_else_is_thanked_once():
    call = raised(PodFactory(members=6))
    ask_also(call, [PersonFactory() for _ in range(40 - Invite.objects.filter(call=call).count())])
    Delivery.objects.filter(kind="call.alert").update(state="handed_off")
    people = list(Invite.objects.filter(call=call).values_list("person_id", flat=True))
    assert len(people) == 40
    at_once([saying(call, person, "coming", f"key-{person}") for person in people])
    invites = Invite.objects.filter(call=call)
    counted = invites.filter(counted_for__isnull=False)
    assert (counted.count(), counted.filter(state="coming").count()) == (3, 3)
    assert invites.filter(state="stood_down").count() == 37
    assert AnswerEvent.objects.filter(invite__call=call).count() == 40
    assert words(call, "covered") == 1
    thanked = Counter(Delivery.objects.filter(kind="call.standdown").values_list("person_id", flat=True))
    assert thanked == dict.fromkeys(set(people) - set(counted.values_list("person_id", flat=True)), 1)


def test_forty_presses_of_one_person_with_one_key_are_one_answer():
    call = raised(PodFactory(members=6))
    person = Invite.objects.filter(call=call).first().person_id
    said = at_once([saying(call, person, "coming", "the same key") for _ in range(40)])
    assert AnswerEvent.objects.count() == 1
    assert sum(not one.repeated for one in said) == 1
    assert Invite.objects.get(call=call, person=person).version == 1


def test_two_presses_of_raise_are_one_call():
    pod = PodFactory(members=6)
    KindFactory(key="eviction")
    by = members(pod)[0]
    made = at_once([lambda: raised(pod, by=by, key="k" * 22)] * 6)
    assert len({call.pk for call in made}) == Call.objects.count() == 1
    assert Delivery.objects.filter(kind="call.alert").count() == Invite.objects.count() > 0


def test_nobody_raises_more_than_five_a_day_however_many_pods_she_is_in():
    by = PersonFactory()
    KindFactory(key="eviction")
    pods = [PodFactory(members=[by, *(PersonFactory() for _ in range(4))]) for _ in range(4)]
    made = at_once([lambda pod=pod: raised(pod, by=by) for pod in pods for _ in range(3)])
    assert sum(isinstance(one, Call) for one in made) == Call.objects.count() == 5


def test_a_pod_has_six_calls_at_once_at_most():
    pod = PodFactory(members=6)
    KindFactory(key="eviction")
    made = at_once([lambda by=by: raised(pod, by=by) for by in members(pod) for _ in range(2)])
    assert sum(isinstance(one, Call) for one in made) == Call.objects.count() == 6


@pytest.mark.parametrize("turn", range(4))
def test_an_answer_and_the_end_at_once(turn):
    """Whichever comes first, it is called off, and whoever said that she comes is told."""
    call = raised(PodFactory(members=6))
    boss = members(call.pod)[0]
    people = [one for one in Invite.objects.filter(call=call).values_list("person_id", flat=True) if one != boss.pk]
    Delivery.objects.filter(kind="call.alert").update(state="handed_off")
    deeds = [saying(call, person, "coming", f"key-{person}") for person in people]
    deeds.insert(turn, lambda: cancel_call(by=boss, call=call, now=clock.now()))
    at_once(deeds)
    call.refresh_from_db()
    assert call.state == "cancelled"
    told = Counter(Delivery.objects.filter(kind="call.cancelled").values_list("person_id", flat=True))
    came = set(Invite.objects.filter(call=call, state="coming").values_list("person_id", flat=True)) - {boss.pk}
    assert came <= set(told)
    assert set(told.values()) <= {1}
    assert not Delivery.objects.filter(kind__in=["call.alert", "call.standdown"], state="queued").exists()
    assert call.came == Invite.objects.filter(call=call, counted_for__isnull=False).count()


def test_one_who_leaves_while_she_raises_a_call():
    """She was of the pod when it went out, or it did not go out."""
    pod = PodFactory(members=7)
    KindFactory(key="eviction")
    by = members(pod)[0]
    raising = lambda: raised(pod, by=by)  # noqa: E731
    leaving = lambda: leave_pod(by=by, pod=pod, now=clock.now())  # noqa: E731
    results = at_once([raising, leaving, raising, raising])
    assert results[1] is False
    calls = list(Call.objects.all())
    assert len(calls) == sum(isinstance(one, Call) for one in results)
    assert Membership.objects.get(pod=pod, person=by).left_at is not None
    with pytest.raises(Refused):
        raised(pod, by=by)


def test_one_who_leaves_while_she_answers_and_runs_the_call():
    call = raised(PodFactory(members=8), kind="raid")
    second, third = members(call.pod)[1:3]
    Invite.objects.get_or_create(
        call=call,
        person=second,
        defaults={"wave": CallWave.objects.get(call=call, ordinal=0), "invited_at": clock.now()},
    )
    at_once(
        [
            saying(call, second.pk, "coming", "k1"),
            lambda: leave_pod(by=second, pod=call.pod, now=clock.now()),
            lambda: confirm_call(by=second, call=call, now=clock.now()),
            saying(call, second.pk, "cant", "k2"),
        ]
    )
    assert AnswerEvent.objects.filter(invite__person=second).count() == 2
    with pytest.raises(Refused):
        cancel_call(by=second, call=call, now=clock.now())
    confirm_call(by=third, call=call, now=clock.now())
    call.refresh_from_db()
    assert call.confirmed_by in (second, third)
    assert words(call, "confirmed") == 1


def test_two_members_confirm_at_once():
    call = raised(PodFactory(members=8), kind="raid")
    at_once([lambda by=by: confirm_call(by=by, call=call, now=clock.now()) for by in members(call.pod)[1:]])
    call.refresh_from_db()
    assert call.confirmed_by is not None
    assert words(call, "confirmed") == 1


def test_asking_for_more_counts_once_for_each_person():
    call = raised(PodFactory(members=8))
    person = Invite.objects.filter(call=call).first().person_id
    more = at_once([lambda: call_more(call_id=call.pk, person_id=person, now=clock.now())] * 10)
    assert sum(more) == 1
    assert CallWave.objects.filter(call=call, state="fired").count() == 2


def test_four_turners_fire_each_wave_once():
    calls = [raised(PodFactory(members=8)) for _ in range(5)]
    later = clock.now() + timedelta(minutes=16)
    turned = at_once([lambda: turn_due(now=later)] * 4)
    while again := turn_due(now=later):
        turned.append(again)
    assert sum(turned) == len(calls)
    assert CallWave.objects.filter(ordinal=1, state="fired").count() == len(calls)
    assert [words(call, "wave") for call in calls] == [2] * len(calls)
    pairs = Counter(Delivery.objects.filter(kind="call.alert").values_list("subject", "person_id"))
    assert set(pairs.values()) == {1}


def test_two_carriers_send_each_of_two_hundred_once(smtp_sink):
    call = raised(PodFactory(members=5), need=40)
    ask_also(call, [PersonFactory() for _ in range(200 - Delivery.objects.count())])
    carriers = [Carrier() for _ in range(3)]
    try:
        sent = at_once([carrier.carry for carrier in carriers])
    finally:
        for carrier in carriers:
            carrier.close()
    assert sum(sent) == len(smtp_sink.received) == 200
    assert len({mail.recipients[0] for mail in smtp_sink.received}) == 200
    assert len({mail.mail["Message-ID"] for mail in smtp_sink.received}) == 200
    assert DeliveryAttempt.objects.filter(outcome="handed_off").count() == 200
    assert not Delivery.objects.exclude(state="handed_off").exists()


def test_carriers_and_an_end_at_once(smtp_sink):
    """Once it is called off nobody is asked any more; whoever was asked is told."""
    call = raised(PodFactory(members=5), need=40)
    boss = members(call.pod)[0]
    ask_also(call, [PersonFactory() for _ in range(60)])
    carriers = [Carrier(), Carrier()]
    try:
        at_once([carriers[0].carry, lambda: cancel_call(by=boss, call=call, now=clock.now()), carriers[1].carry])
        # Whoever's alert was under way at that moment is told a little later, once it is known whether it went out.
        end = time.monotonic() + 20
        while Delivery.objects.filter(state__in=["queued", "leased"]).exists() and time.monotonic() < end:
            carriers[0].carry()
            time.sleep(0.2)
    finally:
        for carrier in carriers:
            carrier.close()
    asked = {mail.recipients[0] for mail in smtp_sink.received if mail.mail["Subject"] == "Can you help?"}
    told = {mail.recipients[0] for mail in smtp_sink.received if mail.mail["Subject"] == "Called off"}
    assert asked - {boss.email} == told - {boss.email}
    assert len(smtp_sink.received) == len(asked) + len(told)
