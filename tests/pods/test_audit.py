"""The watch over the engine: whatever breaks, it is found, set right where it can be, and told."""

import http.server
import threading
from datetime import timedelta

import pytest

from commons import clock
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.actions.outbox import expire
from commons.notices.models import Channel, Delivery, Heartbeat
from pods.actions import audit as watch
from pods.actions import turn
from pods.actions.answers import answer_call
from pods.actions.audit import audit
from pods.actions.calls import raise_call
from pods.models import CallEvent, CallWave, Invite
from pods.states import Answer, Via
from tests.factories import KindFactory, PersonFactory, PodFactory, organizer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def boss(now):
    return organizer(PersonFactory(handle="Olga", email="olga@example.org"), now=now)


@pytest.fixture
def alive(now):
    """Everybody who is watched shows that they are there."""
    for component in watch.WATCHED:
        Heartbeat.objects.create(component=component, at=now + 60 * MINUTE)


@pytest.fixture
def call(now, boss, alive):
    pod = PodFactory(members=6)
    return raise_call(
        by=pod.memberships.first().person, pod=pod, kind=KindFactory(key="eviction"), block=pod.block,
        cross_street="Franklin & 4th", details="", needed_at=now + timedelta(hours=5), needs=[(None, 2)], now=now,
    )  # fmt: skip


def alarms(person):
    return Delivery.objects.filter(kind="call.alarm", person=person).count()


def sent_out():
    Delivery.objects.filter(kind="call.alert").update(state="handed_off")


def test_a_clean_house_alarms_nobody(call, boss, now):
    sent_out()
    assert audit(now=now + 2 * MINUTE).clean
    assert alarms(boss) == 0


def test_a_call_that_stopped_is_taken_on_and_told(call, boss, now):
    sent_out()
    found = audit(now=now + 16 * MINUTE)
    assert found.overdue == [call.pk]
    assert CallWave.objects.get(call=call, ordinal=1).state == "fired"
    assert CallEvent.objects.filter(call=call, word="repaired").exists()
    assert alarms(boss) == 1


def test_alerts_that_nobody_takes_are_told_once(call, boss, now):
    for minutes in (1, 2, 3):
        assert audit(now=now + minutes * MINUTE).late == [call.pk]
    assert alarms(boss) == 1


def test_somebody_whom_nothing_reaches_is_told(call, boss, now):
    sent_out()
    one = Delivery.objects.filter(kind="call.alert").first()
    Delivery.objects.filter(pk=one.pk).update(state="failed")
    assert audit(now=now + MINUTE).unreached == [call.pk]
    assert alarms(boss) == 1


def test_a_refused_address_gives_the_channel_up_and_the_watch_tells(call, boss, now, smtp_sink):
    invite = Invite.objects.filter(call=call).select_related("person").first()

    async def refuse(server, session, envelope, address, _options):
        if address == invite.person.email:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    smtp_sink.handle_RCPT = refuse
    carry_due()
    let_go()
    channel = Channel.objects.get(person=invite.person)
    assert (channel.disabled_at is not None, channel.disabled_why) == (True, "smtp_550")
    assert Delivery.objects.get(person=invite.person, kind="call.alert").state == "failed"
    assert not Channel.objects.exclude(pk=channel.pk).filter(disabled_at__isnull=False).exists()
    Invite.objects.filter(call=call).update(invited_at=now - MINUTE)
    assert audit(now=clock.now()).unreached == [call.pk]
    carry_due()
    let_go()
    assert [mail["Subject"] for mail in smtp_sink.to(boss.email)] == ["Please look after the alerts"]


def test_a_covered_call_whose_rest_was_not_stood_down_is_set_right(call, boss, now):
    sent_out()
    for invite in Invite.objects.filter(call=call)[:2]:
        answer_call(
            call_id=call.pk, person_id=invite.person_id, answer=Answer.COMING, minutes=9, via=Via.LINK,
            key=f"key-{invite.pk}", now=now,
        )  # fmt: skip
    left = Invite.objects.filter(call=call, state="stood_down")
    assert left
    people = set(left.values_list("person_id", flat=True))
    Delivery.objects.filter(kind="call.standdown").delete()
    left.update(state="invited")
    assert audit(now=now + MINUTE).unthanked == [call.pk]
    assert set(Delivery.objects.filter(kind="call.standdown").values_list("person_id", flat=True)) == people
    assert not Invite.objects.filter(call=call, state="invited").exists()
    Delivery.objects.filter(kind="call.standdown").update(state="handed_off")
    assert audit(now=now + 2 * MINUTE).clean


@pytest.mark.parametrize("component", watch.WATCHED)
def test_a_part_that_went_silent_is_found(call, now, component):
    sent_out()
    Heartbeat.objects.filter(component=component).update(at=now - 2 * MINUTE)
    found = audit(now=now)
    assert found.silent == [component]
    assert not found.clean


def test_a_call_that_breaks_the_engine_is_told_and_holds_up_no_other(call, boss, now, monkeypatch):
    sent_out()
    pod = PodFactory(members=6)
    whole = raise_call(
        by=pod.memberships.first().person, pod=pod, kind=call.kind, block=pod.block, cross_street="Oak & 3rd",
        details="", needed_at=now + timedelta(hours=5), needs=[(None, 2)], now=now,
    )  # fmt: skip
    sent_out()
    step = turn.step

    def breaks(one, **more):
        if one.pk == call.pk:
            raise RuntimeError("broken")
        return step(one, **more)

    monkeypatch.setattr(turn, "step", breaks)
    assert audit(now=now + 16 * MINUTE).overdue == [call.pk, whole.pk]
    assert CallWave.objects.get(call=whole, ordinal=1).state == "fired"
    assert CallWave.objects.get(call=call, ordinal=1).state == "planned"
    assert set(Delivery.objects.filter(kind="call.alarm", person=boss).values_list("subject", flat=True)) == {
        call.subject,
        whole.subject,
    }


def test_alerts_that_ran_out_of_time_do_not_come_late(call, now):
    assert expire(now=call.deadline_at) == Delivery.objects.filter(kind="call.alert", state="expired").count() > 0
    assert audit(now=call.deadline_at - MINUTE).unreached == [call.pk]


@pytest.fixture
def outside(settings):
    """An outside dead man's switch, which counts how often it was told that all is well."""
    told = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            told.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DEAD_MAN_URL = f"http://127.0.0.1:{server.server_port}/alive"
    yield told
    server.shutdown()
    server.server_close()


def test_the_outside_is_told_only_while_all_is_well(call, now, outside, monkeypatch):
    """Only over HTTPS: to a plain address nothing is sent, clean or not."""
    sent_out()
    pressed = []
    monkeypatch.setattr(watch, "_tell_outside", lambda: pressed.append(1))
    audit(now=now + MINUTE)
    assert pressed == [1]
    Delivery.objects.filter(kind="call.alert").update(state="failed")
    audit(now=now + MINUTE)
    assert pressed == [1]


def test_nothing_is_told_to_a_plain_address(outside):
    watch._tell_outside()
    assert outside == []
