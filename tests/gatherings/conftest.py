"""What the tests of gatherings share: a host, members, a gathering, and a way to hold others."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from commons import clock
from commons.gatherings.actions import plans
from commons.gatherings.models import Gathering
from commons.gatherings.rules import Plan
from commons.people.models import Person
from sites.models import Neighbourhood
from tests.factories import PersonFactory, organizer

ZONE = ZoneInfo("America/New_York")
Hold = Callable[..., Gathering]


@pytest.fixture
def now(db) -> datetime:
    Neighbourhood.objects.create(name="Mill Row", time_zone="America/New_York")
    return clock.now()


@pytest.fixture
def rosa(now) -> Person:
    """Rosa holds gatherings; she is no organizer."""
    return PersonFactory(handle="Rosa", email="rosa@example.org", time_zone="America/New_York")


@pytest.fixture
def olga(now) -> Person:
    """Olga organizes."""
    return organizer(PersonFactory(handle="Olga", email="olga@example.org"), now=now)


@pytest.fixture
def amal(now) -> Person:
    """Amal is a member."""
    return PersonFactory(handle="Amal", email="amal@example.org", time_zone="America/New_York")


def plan(now: datetime, **fields: Any) -> Plan:
    usual = {
        "kind": "asset_mapping",
        "title": "What we can share",
        "starts_at": now + timedelta(days=3),
        "minutes": 120,
        "place": "Church hall on Mill Row",
        "address": "12 Mill Row, ring at Boyle",
        "online": "https://talk.example/room",
    }
    return Plan(**{**usual, **fields})


@pytest.fixture
def hold(now, rosa) -> Hold:
    """Announce a gathering as Rosa, in three days, or as the fields say."""

    def made(by: Person | None = None, at: datetime | None = None, **fields: Any) -> Gathering:
        return plans.hold(by=by or rosa, plan=plan(now, **fields), time_zone="America/New_York", now=at or now)

    return made


@pytest.fixture
def gathering(hold) -> Gathering:
    return hold()


def over(gathering: Gathering, now: datetime, ago: timedelta = timedelta(hours=2)) -> Gathering:
    """Let it have ended so long ago."""
    length = gathering.ends_at - gathering.starts_at
    gathering.starts_at, gathering.ends_at = now - ago - length, now - ago
    gathering.save()
    return gathering


def signed_in(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
