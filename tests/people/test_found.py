"""Founding: one command, one link, one organizer for a year."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commons import clock
from commons.people import access
from commons.people.actions import joining, sessions
from commons.people.models import Invitation, Person
from sites.models import Neighbourhood


def found(name: str = "Mill Row", zone: str = "America/New_York", organizer: str = "olga@example.org") -> str:
    said = StringIO()
    call_command("found", name, "--time-zone", zone, "--organizer", organizer, stdout=said)
    return said.getvalue()


def come_in(said: str) -> Person:
    token = re.search(r"http://localhost:8000/join/([\w-]+)/", said)[1]
    newcomer = joining.Newcomer(handle="Olga", email="olga@example.org", password=None, language="en", time_zone="UTC")
    person = joining.join(newcomer=newcomer, token=token, now=clock.now())
    assert person is not None
    sessions.seen(person=person, today=clock.now().date())  # they type the code
    return person


@pytest.mark.django_db
def test_whoever_opens_the_link_organizes():
    olga = come_in(found())
    assert access.is_organizer(olga)
    here = Neighbourhood.objects.get()
    assert (here.name, here.time_zone) == ("Mill Row", "America/New_York")


@pytest.mark.django_db
def test_a_link_that_was_lost_is_replaced():
    first, second = found(), found("Mill Row North")
    assert Neighbourhood.objects.get().name == "Mill Row North"
    assert Invitation.objects.usable(clock.now()).count() == 1
    assert first != second
    assert access.is_organizer(come_in(second))


@pytest.mark.django_db
def test_where_somebody_organizes_the_command_changes_nothing():
    come_in(found())
    with pytest.raises(CommandError, match="has organizers already"):
        found("Elsewhere")
    assert Neighbourhood.objects.get().name == "Mill Row"


@pytest.mark.django_db
def test_where_every_term_has_ended_a_member_is_named_again():
    olga = come_in(found())
    olga.organizer_terms.all().delete()
    assert "organizes until" in found()
    assert access.is_organizer(olga)
    assert not Invitation.objects.usable(clock.now()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 61}, {"zone": "Mill/Row"}, {"organizer": "not an address"}]
)
def test_mistakes_are_named_before_anything_is_written(wrong):
    with pytest.raises(CommandError):
        found(**wrong)
    assert not Neighbourhood.objects.exists()


@pytest.mark.django_db
def test_a_founder_who_never_proves_the_address_blocks_nobody():
    Person.objects.filter(pk=come_in(found()).pk).update(unproven_since=clock.now().date())
    assert "http://localhost:8000/join/" in found(organizer="other@example.org")
