"""Two at once on one place: one card an observer, and a score that is that of the cards (S-13)."""

from datetime import date

import pytest
from django.db import connection

from commons import clock
from commons.web.refusal import Refused
from sites.actions import places, scores
from sites.actions.scores import Said
from sites.models import Double, PlaceScore, ScoreCard
from sites.queries.scores import stale
from tests.factories import PersonFactory
from tests.pods.test_engine_races import at_once
from tests.sites.test_scores import a_place

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 4)


def giving(person, place, mark, now):
    said = Said((mark, mark, mark), "", TODAY)
    return lambda: scores.give(by=person, place=place, said=said, today=TODAY, now=now)


def test_twenty_cards_at_once_all_count():
    now, people = clock.now(), [PersonFactory() for _ in range(20)]
    place = a_place(now)
    at_once([giving(person, place, 1 + n % 5, now) for n, person in enumerate(people)])
    row = PlaceScore.objects.get(pk=place.pk)
    assert (row.observers, row.means(), row.density_low, row.density_high) == (20, (30, 30, 30), 1, 5)


def test_ten_presses_of_one_observer_leave_one_card():
    now, person = clock.now(), PersonFactory()
    place = a_place(now)
    at_once([giving(person, place, 1 + n % 5, now) for n in range(10)])
    card = ScoreCard.objects.get(ended_at=None)
    assert PlaceScore.objects.get(pk=place.pk).density == 10 * card.density


def test_taken_back_while_another_is_given():
    now, mine, hers = clock.now(), PersonFactory(), PersonFactory()
    place = a_place(now)
    giving(mine, place, 5, now)()
    at_once([lambda: scores.withdraw(by=mine, place=place, now=now), giving(hers, place, 2, now)])
    row = PlaceScore.objects.get(pk=place.pk)
    assert (row.observers, row.density) == (1, 20)


def test_merged_while_cards_are_given():
    now, people = clock.now(), [PersonFactory() for _ in range(8)]
    kept, other = a_place(now), a_place(now, "Suds again")
    double = Double.objects.create(first=kept, second=other)
    done = at_once(
        [
            *(giving(person, other, 4, now) for person in people),
            lambda: places.decide(double=double, keep=kept.ref, now=now),
        ]
    )
    refused = sum(isinstance(one, Refused) for one in done)
    assert not ScoreCard.objects.filter(place=other).exists()
    assert ScoreCard.objects.filter(place=kept).count() == len(people) - refused
    assert stale(180, 10) == []
    assert connection.connection is None or not connection.needs_rollback
