"""Carrying: the next claim beside the sending, no more unrecorded than promised, leases given back, hands kept free."""

import threading
import time
from collections import Counter

import pytest
from django.db import OperationalError, connection
from django.db.models import Count

from commons import clock
from commons.notices.actions import carry, crew
from commons.notices.actions.carry import Carrier
from commons.notices.actions.claims import claim, give_back
from commons.notices.models import Delivery, DeliveryAttempt
from tests.factories import queue_letters

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
END_OTHERS = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def queue(number: int) -> None:
    queue_letters(number, now=clock.now())


def ask(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


@pytest.fixture
def carrier():
    one = Carrier()
    yield one
    one.close()


@pytest.fixture
def elsewhere():
    """Run something in a thread with a connection of its own; return what it returned or raised."""
    threads = []

    def start(deed):
        said = []

        def run():
            try:
                said.append(deed())
            except Exception as error:  # noqa: BLE001 - what was raised is what the test asks about
                said.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        threads.append(thread)
        thread.start()

        def wait():
            thread.join(30)
            assert said, "it did not end"
            return said[0]

        return wait

    yield start
    for thread in threads:
        thread.join(30)


def test_many_go_out_once_each_with_the_next_claim_beside_the_sending(host, carrier, monkeypatch):
    claims = []
    whole = Carrier._load

    def load(self, name, size):
        claims.append(threading.current_thread().name)
        return whole(self, name, size)

    monkeypatch.setattr(Carrier, "_load", load)
    # However slow this machine is just now.
    monkeypatch.setattr(crew, "BRISK", 60.0)
    queue(700)
    before = ask(SESSIONS)
    assert carrier.carry() == 700
    assert Counter(host.recipients) == {f"neighbour{n}@example.org": 1 for n in range(700)}
    assert any(name.startswith("loader") for name in claims)
    assert Delivery.objects.filter(state="handed_off", attempts=1).count() == 700
    assert (
        DeliveryAttempt.objects.filter(outcome="handed_off")
        .values("delivery")
        .annotate(n=Count("id"))
        .filter(n=1)
        .count()
        == 700
    )
    # A mail's content and the next one's envelope share a write wherever there is enough to do.
    assert sum(verbs[:2] == [".", "MAIL"] for verbs in host.writes) > 100
    end = time.monotonic() + 5
    while ask(SESSIONS) > before and time.monotonic() < end:
        time.sleep(0.05)
    assert ask(SESSIONS) <= before, "the second connection is not kept"


def test_a_few_need_no_second_connection(host, carrier):
    queue(5)
    assert carrier.carry() == 5
    assert carrier._loader is None


def test_a_slow_provider_has_every_hand_at_work(host, carrier, settings):
    host.delay = 0.3
    queue(settings.MAIL_CONNECTIONS + 2)
    began = time.monotonic()
    assert carrier.carry() == settings.MAIL_CONNECTIONS + 2
    assert host.connections == settings.MAIL_CONNECTIONS
    assert time.monotonic() - began < 3 * 0.3 + 2
    assert not [verbs for verbs in host.writes if verbs[:2] == [".", "MAIL"]], "nothing waits behind a busy hand"


def test_no_more_than_the_window_is_sent_and_not_recorded(host, carrier, settings, monkeypatch, elsewhere):
    """While nothing can be recorded, sending stops: that is all that a crash could send twice."""
    stuck, go_on = threading.Event(), threading.Event()
    whole = carry.finish

    def finish(*args, **more):
        stuck.set()
        assert go_on.wait(20)
        return whole(*args, **more)

    monkeypatch.setattr(carry, "finish", finish)
    queue(200)
    done = elsewhere(carrier.carry)
    assert stuck.wait(20)
    time.sleep(1)
    assert 0 < len(host.taken) <= crew.WINDOW * settings.MAIL_CONNECTIONS
    go_on.set()
    assert done() == 200
    assert len(host.taken) == 200


def test_what_a_fault_left_unsent_is_given_back_at_once(host, carrier, settings, elsewhere):
    """PostgreSQL ends every connection midway: nothing waits for the end of a lease, little is sent twice."""
    host.delay = 0.02
    queue(600)
    done = elsewhere(carrier.carry)
    end = time.monotonic() + 20
    while len(host.taken) < 150 and time.monotonic() < end:
        time.sleep(0.01)
    assert ask(END_OTHERS) >= 1
    assert isinstance(done(), OperationalError)
    leased = Delivery.objects.filter(state="leased").count()
    assert leased > 0, "nobody could say anything yet"
    began = time.monotonic()
    carrier.carry()
    assert time.monotonic() - began < settings.LEASE_SECONDS - crew.MARGIN
    assert Delivery.objects.filter(state="handed_off").count() == 600
    assert len(set(host.recipients)) == 600
    assert len(host.recipients) - 600 <= crew.WINDOW * settings.MAIL_CONNECTIONS
    assert not Delivery.objects.filter(attempts__gt=2).exists()


def test_a_fault_of_the_one_who_claims_ahead_is_everybodys(host, carrier, monkeypatch):
    whole = carry.claim

    def fails(**asked):
        if threading.current_thread().name.startswith("loader"):
            raise OperationalError("gone")
        return whole(**asked)

    monkeypatch.setattr(carry, "claim", fails)
    queue(400)
    with pytest.raises(OperationalError, match="gone"):
        carrier.carry()
    monkeypatch.setattr(carry, "claim", whole)
    carrier.carry()
    assert Counter(host.recipients) == {f"neighbour{n}@example.org": 1 for n in range(400)}
    assert Delivery.objects.filter(state="handed_off", attempts=1).count() == 400


def test_what_could_not_be_recorded_beside_is_recorded_later(host, carrier, monkeypatch):
    """The thread that records every other batch loses the database: nothing that was sent is sent again."""
    whole, failed = carry.finish, []

    def fails(told, **more):
        if threading.current_thread().name.startswith("noter"):
            failed.append(len(told))
            raise OperationalError("gone")
        return whole(told, **more)

    monkeypatch.setattr(carry, "finish", fails)
    queue(400)
    with pytest.raises(OperationalError, match="gone"):
        carrier.carry()
    assert failed, "every batch was recorded by one thread"
    monkeypatch.setattr(carry, "finish", whole)
    carrier.carry()
    assert Counter(host.recipients) == {f"neighbour{n}@example.org": 1 for n in range(400)}
    assert Delivery.objects.filter(state="handed_off", attempts=1).count() == 400
    assert not DeliveryAttempt.objects.values("delivery").annotate(times=Count("id")).filter(times__gt=1).exists()


@pytest.mark.parametrize("by", ["MainThread", "loader"])
def test_what_was_claimed_and_could_not_be_worded_for_want_of_the_database_is_given_back(
    host, carrier, monkeypatch, by
):
    whole = carry.addresses_of

    def fails(claimed):
        if threading.current_thread().name.startswith(by):
            raise OperationalError("gone")
        return whole(claimed)

    monkeypatch.setattr(carry, "addresses_of", fails)
    queue(400)
    with pytest.raises(OperationalError, match="gone"):
        carrier.carry()
    monkeypatch.setattr(carry, "addresses_of", whole)
    carrier.carry()
    assert Counter(host.recipients) == {f"neighbour{n}@example.org": 1 for n in range(400)}
    assert Delivery.objects.filter(state="handed_off", attempts=1).count() == 400


def test_only_who_holds_a_lease_gives_it_back(db):
    queue(3)
    now = clock.now()
    claimed = claim(now=now, limit=2, channels=["email"])
    assert [(one.attempts, one.is_letter) for one in claimed] == [(1, True), (1, True)]
    assert "Letter 0" in (claimed[0].payload or "")
    late = claimed[1]._replace(lease_token="00000000-0000-0000-0000-000000000000")
    give_back([claimed[0], late])
    given, kept = (Delivery.objects.get(pk=one.pk) for one in claimed)
    assert (given.state, given.attempts, given.lease_token) == ("queued", 0, None)
    assert now <= given.due_at <= clock.now()
    assert (kept.state, kept.attempts) == ("leased", 1)
    assert not DeliveryAttempt.objects.exists(), "what was not tried is no attempt"


def test_what_was_held_too_long_is_given_back_and_not_tried(host, carrier, settings, monkeypatch):
    monkeypatch.setattr(crew, "MARGIN", float(settings.LEASE_SECONDS))
    queue(3)
    runs = []
    whole = carry.give_back

    def once(unsent):
        runs.append(len(unsent))
        monkeypatch.setattr(crew, "MARGIN", 5.0)
        whole(unsent)

    monkeypatch.setattr(carry, "give_back", once)
    assert carrier.carry() == 3
    assert sum(runs) >= 1
    assert Delivery.objects.filter(state="handed_off", attempts=1).count() == 3


def test_within_a_transaction_it_sees_what_only_that_transaction_sees(host, carrier):
    from django.db import transaction

    with transaction.atomic():
        queue(300)
        assert carrier.carry() == 300
    assert len(set(host.recipients)) == 300
