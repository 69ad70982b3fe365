"""Two of a team who save at the same moment, and two who begin."""

import threading

import pytest
from django.db import connection

from commons import clock
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions import listening
from sites.actions.listening import Meanwhile
from sites.models import ListeningRound, Visit
from tests.factories import PersonFactory
from tests.sites.test_listening import said
from tests.sites.test_stages import a_place


@pytest.mark.django_db(transaction=True)
def test_two_who_save_the_same_visit_at_once_make_one_and_hear_of_it(mina):
    """Two connections at the same moment: one row, and the other is asked to put it together."""
    now = clock.now()
    theo = PersonFactory(handle="Theo", email="theo@example.org")
    one = listening.begin(place=a_place(now), by=mina, now=now)
    listening.answer(listener=listening.ask(one=one, by=theo, now=now), by=mina, yes=True, now=now)
    ready, came = threading.Barrier(2), []

    def save(person: Person) -> None:
        ready.wait()
        try:
            listening.write(one=one, by=person, said=said(now, person, notes={"unmet": person.handle}), now=now)
            came.append("kept")
        except Meanwhile:
            listening.write(
                one=one, by=person, said=said(now, person, notes={"unmet": person.handle}), now=now, add=True
            )
            came.append("added")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[person]) for person in (mina, theo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    visit = Visit.objects.get()
    assert (sorted(came), sorted(visit.unmet.split())) == (["added", "kept"], ["Mina", "Theo"])


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_at_once_begin_one_round(mina):
    now = clock.now()
    place, theo = a_place(now), PersonFactory(handle="Theo", email="theo@example.org")
    ready, came = threading.Barrier(2), []

    def begin(person: Person) -> None:
        ready.wait()
        try:
            listening.begin(place=place, by=person, now=now)
            came.append("begun")
        except Refused:
            came.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=[person]) for person in (mina, theo)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(came), ListeningRound.objects.count()) == (["begun", "refused"], 1)
