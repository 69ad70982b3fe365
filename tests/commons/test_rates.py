"""Rates: no parallel client and no forged header gets more than its share, and nothing says whose share it was."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from commons.people.models import RateBucket
from commons.web.client import client_key, keyed
from commons.web.rates import take

HOUR = timedelta(hours=1)


def later(seconds: float) -> None:
    """Let time pass for every bucket."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_ratebucket SET touched_at = touched_at - make_interval(secs => %s)", [float(seconds)]
        )


@pytest.mark.django_db
def test_a_bucket_is_empty_after_its_tokens():
    assert [take("alice", 3, HOUR) for _ in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db
def test_buckets_know_nothing_of_each_other():
    assert [take(key, 1, HOUR) for key in ("alice", "bob", "alice", "bob")] == [True, True, False, False]


@pytest.mark.django_db
def test_tokens_come_back_evenly_and_no_more_than_the_bucket_holds():
    for _ in range(4):
        take("alice", 4, HOUR)
    later(14 * 60)
    assert take("alice", 4, HOUR) is False
    later(61)
    assert (take("alice", 4, HOUR), take("alice", 4, HOUR)) == (True, False)
    later(100 * 3600)
    assert [take("alice", 4, HOUR) for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.django_db
def test_a_clock_that_was_set_back_locks_nobody_out():
    take("alice", 1, HOUR)
    later(-3601)
    assert (take("alice", 1, HOUR), take("alice", 1, HOUR)) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("capacity", "per"), [(0, HOUR), (1, timedelta())])
def test_a_bucket_without_a_bottom_is_refused(capacity, per):
    with pytest.raises(ValueError, match="bucket"):
        take("alice", capacity, per)


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_exactly_what_there_is():
    granted, start = [], threading.Barrier(50)

    def client() -> None:
        start.wait(20)
        granted.extend(take("alice", 7, timedelta(days=1)) for _ in range(4))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(granted), sum(granted)) == (200, 7)


@pytest.mark.django_db
def test_the_table_does_not_say_whose_bucket_it_is():
    take("203.0.113.9", 3, HOUR)
    bucket = RateBucket.objects.get()
    assert (len(bucket.key), "203.0.113.9" in bucket.key) == (64, False)


# --- where a request comes from ----------------------------------------------------------------


def key_of(remote: str, forwarded: str | None = None) -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return client_key(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers))


def test_a_forged_header_changes_nothing(settings):
    settings.TRUSTED_PROXIES = 0
    assert key_of("203.0.113.9", "198.51.100.1") == key_of("203.0.113.9")
    settings.TRUSTED_PROXIES = 1
    assert key_of("127.0.0.1", "198.51.100.1, 203.0.113.9") == key_of("127.0.0.1", "203.0.113.9")
    assert key_of("127.0.0.1", "198.51.100.1, 203.0.113.9") != key_of("127.0.0.1", "198.51.100.1")


def test_behind_two_proxies_the_outer_one_is_believed(settings):
    settings.TRUSTED_PROXIES = 2
    assert key_of("127.0.0.1", "x, 203.0.113.9, 10.0.0.2") == key_of("127.0.0.1", "203.0.113.9, 10.0.0.3")
    # A header that is too short was not written by both: the connection itself is all that is known.
    assert key_of("203.0.113.9", "198.51.100.1") == key_of("203.0.113.9")


def test_a_household_is_one_client(settings):
    settings.TRUSTED_PROXIES = 0
    assert key_of("2001:db8::1") == key_of("2001:db8::ffff:1") != key_of("2001:db8:0:1::1")
    assert key_of("::ffff:203.0.113.9") == key_of("203.0.113.9")


@pytest.mark.parametrize("remote", ["", "unix:", "nonsense"])
def test_what_has_no_address_has_a_key_all_the_same(settings, remote):
    settings.TRUSTED_PROXIES = 0
    assert len(key_of(remote)) == 64


def test_keys_change_with_the_day(monkeypatch):
    from commons.web import client

    class Tomorrow(client.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(days=1)

    today = keyed("bucket", "alice")
    monkeypatch.setattr(client, "datetime", Tomorrow)
    assert keyed("bucket", "alice") != today
