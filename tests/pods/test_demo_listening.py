"""The demo's listening: places mapped, being listened at, listened to, and one whose gate was opened early."""

import pytest
from django.db import transaction

from commons import clock
from pods.management import demo
from sites.models import ListeningRound, Place, StageOverride, Visit
from sites.queries import needs, stages
from sites.states import Stage
from tests.factories import built_in_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        built_in_rows()
        demo.fill(now=clock.now())
        yield
        transaction.set_rollback(True)


def test_places_stand_at_different_points_of_the_road(made):
    now = clock.now()
    found = stages.standings(Place.objects.standing().exclude(name="").values_list("pk", flat=True), now)
    heard = [one for one in found.values() if one.stage is not Stage.MAPPED]
    assert len(heard) >= 5
    assert [one.round is not None for one in found.values()].count(True) == 2
    assert [one.stage for one in found.values() if one.override] == [Stage.MAPPED]
    assert StageOverride.objects.exclude(taken_back_at=None).exists()


def test_old_notes_are_gone_and_their_needs_are_counted(made):
    old = ListeningRound.objects.get(place__name="Lavandería La Esperanza")
    assert not any(visit.rhythms or visit.there.exists() for visit in old.visits.all())
    assert old.heard_at
    assert Visit.objects.filter(rhythms__isnull=False).count() >= 4
    shown = needs.with_places(needs.tally())
    assert len(shown) >= 12
    assert shown[0].places >= 4
    assert any(one.need.own_name for one in shown)
