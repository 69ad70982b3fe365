"""The demo's score cards: enough to begin with, and one of every sort of line."""

import pytest
from django.db import transaction

from commons import clock
from pods.management import demo
from sites.models import PlaceScore, ScoreCard
from sites.queries import scores as queries
from sites.rules import ranking
from sites.states import Rung
from tests.factories import built_in_rows


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        built_in_rows()
        demo.fill(now=clock.now())
        yield
        transaction.set_rollback(True)


def test_the_ranked_list_is_full(made):
    lines = queries.lines(queries.ladder(""), 0)
    rungs = [ranking.rung(line.means) for line in lines]
    assert rungs == sorted(rungs, key=list(Rung).index)
    assert rungs.count(Rung.LEADS) >= queries.START_WITH
    assert {Rung.HELD_BACK, Rung.INCOMPLETE} <= set(rungs)
    assert {1, 2, 3, 4} <= {line.observers for line in lines}
    assert any(column.apart for line in lines for column in line.columns)
    assert (clock.now().date() - min(line.newest for line in lines)).days > 180


def test_some_cards_count_no_more_and_none_was_reckoned_wrongly(made):
    assert set(ScoreCard.objects.filter(ended_at__isnull=False).values_list("withdrawn", flat=True)) == {True, False}
    assert PlaceScore.objects.count() == 15
    assert queries.stale(180, 10) == []
