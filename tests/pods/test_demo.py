"""The demo neighbourhood: whole, alive, consistent."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Q
from django.test import Client

from commons import clock
from commons.notices.models import Delivery
from commons.notices.states import DeliveryState
from commons.people.models import Person
from commons.people.queries import organizer_ids
from pods.management import demo
from pods.management.demo.people import PASSWORD, SIGN_IN, address, roll
from pods.management.demo.pods import FORMING, FULL, TIRED
from pods.models import Call, Invite, Joining, Pod
from pods.queries import health
from pods.states import CallState, WaveState
from sites.models import Neighbourhood
from tests.factories import built_in_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_demo_house(settings):
    settings.DEMO = True


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """Made once, and rolled back after the last of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Before any test of its own: a journey may have emptied the tables.
        built_in_rows()
        demo.fill(now=clock.now())
        yield
        transaction.set_rollback(True)


def run(**options: bool) -> str:
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def test_it_is_whole(made):
    assert Neighbourhood.objects.get().demo
    assert Person.objects.count() == len(roll()) == 60
    seats = Count("memberships", filter=Q(memberships__left_at=None))
    assert dict(Pod.objects.annotate(n=seats).values_list("name", "n")) == {FULL: 12, TIRED: 7, FORMING: 4}
    assert set(Person.objects.values_list("language", flat=True)) == {"en", "es"}
    assert len(organizer_ids(clock.now())) == 2
    assert Joining.objects.filter(state="open").count() == 3
    ended = Call.objects.filter(ended_at__isnull=False)
    assert ended.filter(covered_at__isnull=False).count() >= 5
    assert ended.filter(drill=True).count() == ended.filter(state=CallState.CANCELLED).count() == 1
    assert ended.filter(log__word="expired").count() == 1


def test_the_tired_pod_is_tired(made):
    now = clock.now()
    pod = Pod.objects.get(name=TIRED)
    seated = health.view(pod, inside=True, now=now).health
    assert (seated.members, seated.resting, seated.tired) == (7, 3, True)
    assert (
        Invite.objects.filter(
            person__handle="Mei", answer__in=["coming", "afar"], invited_at__gt=now - timedelta(days=7)
        ).count()
        >= Person.objects.get(handle="Mei").calls_per_week
    )


def test_a_call_is_going_on_and_its_alerts_are_about_to_go_out(made):
    now = clock.now()
    call = Call.objects.get(pod__name=FULL, state=CallState.OPEN)
    assert call.deadline_at > now + timedelta(hours=1)
    lacking = [need for need in call.needs.all() if need.counted.count() < need.count]
    assert [need.skill.key for need in lacking if need.skill] == ["interpreter_es"]
    waves = list(call.waves.values_list("state", flat=True))
    assert waves == [WaveState.FIRED] * 3 + [WaveState.PLANNED] * 2
    waiting = Delivery.objects.filter(subject=call.subject, kind="call.alert", state=DeliveryState.QUEUED)
    assert waiting.count() >= 11
    assert Invite.objects.filter(call=call, person__handle="Marisol", answer="").exists()
    assert Call.objects.get(pod__name=TIRED, state=CallState.OPEN).unconfirmed


def test_nothing_is_late_and_nothing_lies_ahead(made):
    now = clock.now()
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lt=now - timedelta(seconds=20)).exists()
    assert not Delivery.objects.filter(handed_off_at__gt=now).exists()
    assert not Call.objects.due(now).exists()
    for call in Call.objects.all():
        times = list(call.log.order_by("id").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[-1] <= now


def test_who_to_sign_in_as(made):
    said = run(who=True)
    for handle, _why in SIGN_IN:
        assert address(handle) in said
        answer = Client().post("/sign-in/", {"login": address(handle), "password": PASSWORD})
        assert answer.status_code == 302, handle


def test_a_second_time_changes_nothing(made):
    before = Person.objects.count(), Call.objects.count()
    assert run(if_empty=True) == ""
    with pytest.raises(CommandError, match="already"):
        run()
    assert (Person.objects.count(), Call.objects.count()) == before
