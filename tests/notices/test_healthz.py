"""Whether the server says truly how it is, and within a second."""

import socket
import time
from datetime import timedelta

import pytest
from django.db import connections

from commons import clock
from commons.notices import queries
from commons.notices.models import Delivery, Heartbeat
from commons.notices.queries import health as probe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return clock.now()


def due(now, *, seconds: int, urgency: int = 0, state: str = "queued") -> Delivery:
    return Delivery.objects.create(
        subject="call:1",
        channel="email",
        kind="pods.alert",
        urgency=urgency,
        state=state,
        made_at=now,
        due_at=now - timedelta(seconds=seconds),
        expires_at=now + timedelta(hours=1),
    )


@pytest.fixture
def frozen_port():
    """A server that accepts and then says nothing, as a stopped process does."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(20)
        yield server.getsockname()[1]


def seen(client) -> tuple[int, dict]:
    began = time.monotonic()
    answer = client.get("/healthz")
    assert time.monotonic() - began < 1
    return answer.status_code, answer.json()


def test_well(client, now):
    Heartbeat.objects.create(component="beat", at=now)
    status, said = seen(client)
    assert status == 200
    assert (said["web"], said["database"], said["redis"], said["oldest_due_alert_s"]) == (True, True, True, None)
    assert list(said["workers"]) == ["beat"]
    assert 0 <= said["workers"]["beat"] < 10


@pytest.mark.parametrize(
    ("seconds", "urgency", "state", "status"),
    [
        (30, 0, "queued", 200),
        (70, 0, "queued", 503),
        (70, 0, "leased", 503),
        (70, 6, "queued", 200),
        (70, 0, "handed_off", 200),
        (-70, 0, "queued", 200),
    ],
)
def test_an_alert_that_is_a_minute_late(client, now, seconds, urgency, state, status):
    lease = {"lease_token": "00000000-0000-0000-0000-000000000001"} if state == "leased" else {}
    delivery = due(now, seconds=seconds, urgency=urgency, state="queued")
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **lease)
    assert seen(client)[0] == status


def test_redis_away_is_no_reason_to_stop(client, settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    status, said = seen(client)
    assert (status, said["redis"], said["database"]) == (200, False, True)


def test_a_silent_redis(client, settings, frozen_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{frozen_port}/0"
    status, said = seen(client)
    assert (status, said["redis"]) == (200, False)


def test_a_database_that_is_away(client, monkeypatch, tmp_path):
    monkeypatch.setattr(
        type(connections["default"]), "get_connection_params", lambda self: {"host": str(tmp_path), "dbname": "nowhere"}
    )
    status, said = seen(client)
    assert (status, said["database"]) == (503, False)


def test_a_silent_database_even_when_asked_again_and_again(client, monkeypatch, frozen_port):
    monkeypatch.setattr(
        type(connections["default"]),
        "get_connection_params",
        lambda self: {"host": "127.0.0.1", "port": frozen_port, "dbname": "silent", "user": "x"},
    )
    for _ in range(3):
        assert seen(client)[0] == 503
    # The one thread that hangs gives up by itself, and the next answer is true again.
    monkeypatch.undo()
    assert probe._asking[probe._database].acquire(timeout=5)
    probe._asking[probe._database].release()
    assert seen(client)[0] == 200


def test_nothing_is_kept_and_nothing_is_personal(client, now):
    due(now, seconds=5)
    answer = client.get("/healthz")
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"web", "database", "redis", "oldest_due_alert_s", "workers"}


def test_carrying_has_stopped_when_alerts_wait_and_nobody_was_seen(now):
    assert not queries.carrying_stopped(now)
    due(now, seconds=20)
    assert not queries.carrying_stopped(now)
    Delivery.objects.update(due_at=now - timedelta(seconds=40))
    assert queries.carrying_stopped(now)
    Heartbeat.objects.create(component="queue", at=now - timedelta(seconds=31))
    assert queries.carrying_stopped(now)
    Heartbeat.objects.create(component="beat", at=now - timedelta(seconds=5))
    assert not queries.carrying_stopped(now)
