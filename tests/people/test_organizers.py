"""Terms: given by organizers, for a year at most; they end by themselves, and never all at once by hand."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from commons.people import access, queries
from commons.people.actions import organizers as actions
from commons.people.models import OrganizerTerm
from commons.web.refusal import Refused
from tests.factories import PersonFactory, organizer


@pytest.fixture
def today(db):
    return clock.now().date()


@pytest.fixture
def olga(member, today):
    return organizer(member(handle="Olga", email="olga@example.org"), now=clock.now())


@pytest.fixture
def as_olga(olga):
    client = Client()
    client.force_login(olga)
    return client


def test_a_term_holds_from_its_first_day_until_the_day_it_ends(ana, today):
    for starts, ends, holds in [(-1, 1, True), (0, 1, True), (1, 2, False), (-2, 0, False)]:
        OrganizerTerm.objects.all().delete()
        OrganizerTerm.objects.create(
            person=ana, starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=ends)
        )
        assert access.is_organizer(ana) is holds
        assert queries.organizers().filter(pk=ana.pk).exists() is holds


def test_an_organizer_finds_a_member_and_makes_them_an_organizer(as_olga, ana, today):
    page = as_olga.get(reverse("organizers"), {"q": "an"}).content.decode()
    assert reverse("organizer_appoint", args=[ana.ref]) in page
    until = today + timedelta(days=100)
    answer = as_olga.post(reverse("organizer_appoint", args=[ana.ref]), {"until": until.isoformat()})
    assert answer.url == reverse("organizers")
    assert access.is_organizer(ana)
    assert "Ana" in as_olga.get(answer.url).content.decode()


@pytest.mark.parametrize(("days", "sentence"), [(0, "after today"), (367, "a year at most"), (-5, "after today")])
def test_a_term_of_no_length_or_of_years_is_refused(as_olga, ana, today, days, sentence):
    until = today + timedelta(days=days)
    answer = as_olga.post(reverse("organizer_appoint", args=[ana.ref]), {"until": until.isoformat(), "q": "Ana"})
    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not access.is_organizer(ana)


def test_what_is_no_day_is_refused(as_olga, ana):
    answer = as_olga.post(reverse("organizer_appoint", args=[ana.ref]), {"until": "soon", "q": "Ana"})
    assert answer.status_code == 200
    assert "Enter a valid date" in answer.content.decode()
    assert not access.is_organizer(ana)


def test_members_see_and_cant_change(as_ana, ana, olga, today):
    page = as_ana.get(reverse("organizers"), {"q": "Ana"}).content.decode()
    assert "Olga" in page
    assert "Make organizer" not in page
    assert as_ana.post(reverse("organizer_appoint", args=[ana.ref]), {"until": "2030-01-01"}).status_code == 403
    answer = as_ana.post(reverse("organizer_end", args=[olga.ref]))
    assert answer.status_code == 403
    assert "Organizers can." in answer.content.decode()
    assert access.is_organizer(olga)


def test_the_last_organizer_stays(as_olga, olga):
    answer = as_olga.post(reverse("organizer_end", args=[olga.ref]), follow=True)
    assert "the last organizer" in answer.content.decode()
    assert access.is_organizer(olga)


def test_ones_own_term_can_end_while_another_remains(as_olga, olga, ana, today):
    actions.appoint(person=ana, until=today + timedelta(days=10), today=today)
    as_olga.post(reverse("organizer_end", args=[olga.ref]))
    assert not access.is_organizer(olga)
    assert access.is_organizer(ana)
    term = OrganizerTerm.objects.get(person=olga)
    assert term.ends_on == today


def test_a_term_given_and_ended_on_one_day_leaves_nothing(olga, ana, today):
    actions.appoint(person=ana, until=today + timedelta(days=10), today=today)
    actions.end_term(person=ana, today=today)
    assert not OrganizerTerm.objects.filter(person=ana).exists()


def test_giving_again_changes_the_day(olga, today):
    actions.appoint(person=olga, until=today + timedelta(days=3), today=today)
    assert OrganizerTerm.objects.get(person=olga).ends_on == today + timedelta(days=3)


def test_somebody_who_does_not_organize_has_no_term_to_end(as_olga, ana):
    assert as_olga.post(reverse("organizer_end", args=[ana.ref])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_organizers_end_each_others_term_at_once_and_one_remains():
    now = clock.now()
    pair = [organizer(PersonFactory(), now=now), organizer(PersonFactory(), now=now)]
    start = threading.Barrier(2)
    refused: list[str] = []

    def end(person) -> None:
        try:
            start.wait()
            actions.end_term(person=person, today=now.date())
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    both = [threading.Thread(target=end, args=[person]) for person in pair]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(refused) == 1
    assert queries.organizers().count() == 1


def test_the_page_asks_as_often_for_thirty_as_for_one(as_olga, today):
    counts = []
    for more in (0, 29):
        for number in range(more):
            actions.appoint(
                person=PersonFactory(handle=f"Sister {number}"), until=today + timedelta(days=9), today=today
            )
            PersonFactory(handle=f"Searched {number}")
        with CaptureQueriesContext(connection) as asked:
            assert as_olga.get(reverse("organizers"), {"q": "searched"}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
