"""The demo's map: places of every kind, streets with names, and something for an organizer to decide."""

import pytest

from commons import clock
from pods.management import demo
from sites.models import Backdrop, Double, Evidence, Place, PlaceImport
from sites.states import BackdropClass, EvidenceKind, PlaceKind

pytestmark = pytest.mark.django_db


def test_the_quarter_has_everything(settings):
    settings.DEMO = True
    demo.fill(now=clock.now())
    standing = Place.objects.standing()
    assert set(standing.values_list("kind", flat=True)) == {kind.value for kind in PlaceKind}
    assert 25 <= standing.count() <= 40
    assert standing.filter(added_by__isnull=False).count() == 3
    assert set(Evidence.objects.values_list("kind", flat=True)) == {kind.value for kind in EvidenceKind}
    assert set(Backdrop.objects.values_list("kind", flat=True)) == {kind.value for kind in BackdropClass}
    assert Backdrop.objects.filter(name="Franklin Avenue", kind="main").exists()
    assert Double.objects.get().first.name == "Mill Row Library"
    assert PlaceImport.objects.get().counts["laundry"] == [3, 0, 0]
