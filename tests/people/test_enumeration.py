"""Who is a member can't be told from outside: not by a page (see test_signing_in), not by a clock (S-8).

What is timed is this thread's own work, which a busy machine hardly changes; what PostgreSQL works is counted.
"""

import gc
import statistics
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from commons.people.actions import invitations
from commons.people.models import Invitation, Person
from commons.web import rates
from tests.factories import PersonFactory

ROUNDS = 40
ROUNDS_OF_SCRYPT = 10  # each costs a quarter of a second
WITHIN = 0.10


@pytest.fixture
def unlimited(monkeypatch):
    """Hundreds of tries, which the buckets would stop; taking a token still costs what it costs."""
    monkeypatch.setattr(rates, "take", lambda key, capacity, per, take=rates.take: take(key, 10**6, per))


@pytest.fixture(autouse=True)
def _real_hashers(settings):
    """As on a real server: the time that a password takes is what is asked about here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]


def two_hundred() -> None:
    """Two hundred members, in few statements."""
    people = [PersonFactory.build(email=f"known{number}@example.org", channel=False) for number in range(200)]
    for person in people:
        person.set_unusable_password()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in Person.objects.bulk_create(people)
    )


def gap(known: Callable[[int], float], unknown: Callable[[int], float], rounds: int = ROUNDS) -> float:
    """How far the lower quartiles lie apart, as a share: what else the machine does only ever adds to a time.

    By turns, and each first as often as the other, so that a slow moment meets both.
    """
    best = 1.0
    for attempt in range(4):  # a busy machine may spoil a series, never the same way each time
        times: tuple[list[float], list[float]] = ([], [])
        gc.collect()
        for n in range(attempt * rounds, (attempt + 1) * rounds):
            for which in (0, 1) if n % 2 else (1, 0):
                times[which].append((known, unknown)[which](n))
        quartiles = [statistics.quantiles(column[3:], n=4)[0] for column in times]
        best = min(best, abs(quartiles[0] - quartiles[1]) / max(quartiles))
        if best <= WITHIN:
            break
    return best


def timed(client: Client, url: str, data: dict[str, str]) -> float:
    began = time.thread_time()
    answer = client.post(url, data)
    took = time.thread_time() - began
    assert answer.status_code in (200, 302)
    return took


def statements(ask: Callable[[str], float], email: str) -> int:
    """How many statements it takes, once it has been asked before."""
    ask(f"warm-{email}")
    with CaptureQueriesContext(connection) as said:
        ask(email)
    return len(said)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("password", ["", "wrong words entirely"])
def test_signing_in_takes_as_long_for_a_stranger(neighbourhood, unlimited, password):
    two_hundred()

    def sign_in(email: str) -> float:
        return timed(Client(), reverse("account_login"), {"login": email, "password": password})

    more = statements(sign_in, "nobody199@example.org") - statements(sign_in, "known199@example.org")
    assert more == (1 if password else 0)  # beside a quarter of a second for the password, one is nothing
    rounds = ROUNDS_OF_SCRYPT if password else ROUNDS
    assert (
        gap(lambda n: sign_in(f"known{n}@example.org"), lambda n: sign_in(f"nobody{n}@example.org"), rounds) <= WITHIN
    )


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_new_password_takes_as_long_for_a_stranger(neighbourhood, unlimited):
    two_hundred()

    def ask(email: str) -> float:
        return timed(Client(), reverse("account_reset_password"), {"email": email})

    assert statements(ask, "known199@example.org") == statements(ask, "nobody199@example.org")
    assert gap(lambda n: ask(f"known{n}@example.org"), lambda n: ask(f"nobody{n}@example.org")) <= WITHIN


@pytest.mark.django_db(transaction=True)
def test_joining_takes_as_long_with_a_taken_address(neighbourhood, ana, unlimited):
    two_hundred()
    made = invitations.invite(by=ana, seats=30, language="en", days=14, now=clock.now())

    def join(email: str) -> float:
        Invitation.objects.update(used=0)
        client = Client()
        client.post(reverse("join", args=[made.token()]))
        said = {"username": "Bo", "email": email, "language": "en", "password1": ""}
        return timed(client, reverse("account_signup"), said)

    assert abs(statements(join, "known199@example.org") - statements(join, "new199@example.org")) <= 1
    assert gap(lambda n: join(f"known{n}@example.org"), lambda n: join(f"new{n}@example.org")) <= WITHIN
    assert Person.objects.filter(email__startswith="new").count() >= ROUNDS
