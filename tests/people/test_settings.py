"""A person's own settings."""

from datetime import time

import pytest

from commons.people.models import Person
from sites.models import Neighbourhood
from tests.factories import PersonFactory

GOOD = {
    "handle": "  Ana   María ",
    "language": "es",
    "time_zone": "America/Bogota",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "urgent_may_wake": "on",
    "calls_per_week": "3",
}


@pytest.fixture
def ana(db):
    return PersonFactory(handle="Ana")


@pytest.fixture
def signed_in(client, ana):
    client.force_login(ana)
    return client


def test_what_is_kept(signed_in, ana):
    assert signed_in.post("/settings/", GOOD).status_code == 302
    ana.refresh_from_db()
    assert (ana.handle, ana.language, ana.time_zone) == ("Ana María", "es", "America/Bogota")
    assert (ana.quiet_from, ana.quiet_until) == (time(22), time(7))
    assert (ana.urgent_may_wake, ana.calls_per_week) == (True, 3)


def test_nobody_is_woken_unless_they_say_so(signed_in, ana):
    assert ana.urgent_may_wake is False
    signed_in.post("/settings/", {key: value for key, value in GOOD.items() if key != "urgent_may_wake"})
    ana.refresh_from_db()
    assert ana.urgent_may_wake is False


def test_no_quiet_hours(signed_in, ana):
    signed_in.post("/settings/", GOOD)
    signed_in.post("/settings/", {**GOOD, "quiet_from": "", "quiet_until": ""})
    ana.refresh_from_db()
    assert (ana.quiet_from, ana.quiet_until) == (None, None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"quiet_until": ""}, "Quiet hours need a beginning and an end"),
        ({"quiet_from": ""}, "Quiet hours need a beginning and an end"),
        ({"quiet_until": "22:00"}, "would be none, or the whole day"),
        ({"time_zone": "../../etc/passwd"}, "Select a valid choice"),
        ({"time_zone": "Nowhere/Atlantis"}, "Select a valid choice"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"handle": " \u202e "}, "Say what to call you"),
        ({"handle": "x" * 41}, "at most 40"),
        ({"calls_per_week": "0"}, "greater than or equal to 1"),
        ({"calls_per_week": "15"}, "less than or equal to 14"),
        ({"calls_per_week": "many"}, "whole number"),
        ({"quiet_from": "25:00"}, "valid time"),
    ],
)
def test_what_is_refused_changes_nothing(signed_in, ana, change, sentence):
    answer = signed_in.post("/settings/", {**GOOD, **change})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "Nothing is saved yet" in answer.content.decode()
    assert Person.objects.get(pk=ana.pk).handle == "Ana"


def test_the_neighbourhoods_own_zone_stands_first(signed_in):
    Neighbourhood.objects.create(name="Mill Row", time_zone="America/New_York")
    page = signed_in.get("/settings/").content.decode()
    choices = page[page.index('name="time_zone"') :]
    assert choices.index("America/New_York") < choices.index("UTC") < choices.index("Africa/Abidjan")


def test_the_page_is_short_and_says_what_waking_means(signed_in):
    answer = signed_in.get("/settings/")
    assert "a raid, an arrest, a medical need" in answer.content.decode()
    assert len(answer.content) < 60_000


def test_visitors_are_asked_to_sign_in(client, db):
    assert client.get("/settings/").status_code == 302
