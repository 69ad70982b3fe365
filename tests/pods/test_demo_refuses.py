"""The demo goes nowhere near somebody real."""

import pytest
from django.core.management import CommandError, call_command

from commons.people.models import Person
from sites.models import Neighbourhood
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_demo_house(settings):
    settings.DEMO = True


@pytest.mark.parametrize("options", [{}, {"if_empty": True}])
def test_it_goes_nowhere_near_a_real_neighbourhood(options):
    PersonFactory()
    with pytest.raises(CommandError, match="not the demo"):
        call_command("demo", **options)
    assert Person.objects.count() == 1
    assert not Neighbourhood.objects.exists()


def test_it_needs_a_demo_house(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("demo")


def test_nobody_is_named_where_there_is_no_demo():
    with pytest.raises(CommandError, match="no demo"):
        call_command("demo", who=True)
