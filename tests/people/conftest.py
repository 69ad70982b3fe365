"""What the tests of people share: a founded neighbourhood, and the mails that were queued."""

import json
import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from commons.notices.models import Delivery
from commons.people.models import Person
from sites.models import Neighbourhood
from tests.factories import PersonFactory


@pytest.fixture
def neighbourhood(db) -> Neighbourhood:
    return Neighbourhood.objects.create(name="Mill Row", time_zone="America/New_York")


@pytest.fixture
def member(neighbourhood) -> Callable[..., Person]:
    """Make somebody who can sign in: their address is proven."""

    def make(**fields) -> Person:
        person = PersonFactory(**fields)
        person.set_unusable_password()
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return person

    return make


@pytest.fixture
def ana(member) -> Person:
    return member(handle="Ana", email="ana@example.org")


@pytest.fixture
def as_ana(ana) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def letters() -> list[dict[str, str]]:
    """The letters that wait to go out, the oldest first."""
    queued = Delivery.objects.filter(state="queued", payload__isnull=False).order_by("id")
    return [json.loads(one.payload) for one in queued]


def code_in(letter: dict[str, str]) -> str:
    found = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", letter["body"])
    assert found
    return found[0]
