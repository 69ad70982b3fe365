"""Who is a member can't be told from outside: not by a page (see test_signing_in), not by a clock (S-8)."""

import gc
import statistics
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
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
    """How far the medians lie apart, as a share; taken in turns, so that a slow moment meets both."""
    best = 1.0
    for attempt in range(4):  # a busy machine may spoil a series, never the same way each time
        gc.collect()
        pairs = [(known(n), unknown(n)) for n in range(attempt * rounds, (attempt + 1) * rounds)]
        medians = [statistics.median(column) for column in zip(*pairs[3:], strict=True)]
        best = min(best, abs(medians[0] - medians[1]) / max(medians))
        if best <= WITHIN:
            break
    return best


def timed(client: Client, url: str, data: dict[str, str]) -> float:
    began = time.perf_counter()
    answer = client.post(url, data)
    took = time.perf_counter() - began
    assert answer.status_code in (200, 302)
    return took


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("password", ["", "wrong words entirely"])
def test_signing_in_takes_as_long_for_a_stranger(neighbourhood, unlimited, password):
    two_hundred()

    def sign_in(email: str) -> float:
        return timed(Client(), reverse("account_login"), {"login": email, "password": password})

    rounds = ROUNDS_OF_SCRYPT if password else ROUNDS
    assert (
        gap(lambda n: sign_in(f"known{n}@example.org"), lambda n: sign_in(f"nobody{n}@example.org"), rounds) <= WITHIN
    )


@pytest.mark.django_db(transaction=True)
def test_asking_for_a_new_password_takes_as_long_for_a_stranger(neighbourhood, unlimited):
    two_hundred()

    def ask(email: str) -> float:
        return timed(Client(), reverse("account_reset_password"), {"email": email})

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

    assert gap(lambda n: join(f"known{n}@example.org"), lambda n: join(f"new{n}@example.org")) <= WITHIN
    assert Person.objects.filter(email__startswith="new").count() >= ROUNDS
