"""What Today shows about calls, and when it offers rest."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.people.models import Absence
from pods.models import Call, Invite
from pods.queries.waiting import cards
from pods.states import Answer
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import asked, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return scene()


def titles(person):
    return [card.title for card in cards(person, clock.now())]


def test_a_call_to_answer_comes_first_with_its_safe_line(at):
    call = at.raise_call()
    person = asked(call)[0]
    [card] = cards(person, clock.now())
    assert card.title.startswith("Franklin & 4th, ")
    assert card.url == f"/calls/{call.ref}/"
    assert "eviction" not in f"{card.kicker}{card.title}{card.body}".lower()


def test_who_said_yes_sees_where_and_who_cannot_sees_the_pod_s_call(at):
    call = at.raise_call()
    first, second = asked(call)[:2]
    at.answer(call, first.handle, Answer.COMING, minutes=10)
    at.answer(call, second.handle, Answer.CANT)
    assert titles(first)[0].startswith("You're coming: Franklin & 4th")
    assert titles(second)[0].startswith("Franklin & 4th")


def test_expired_calls_are_loud_for_organizers(at):
    call = at.raise_call()
    Call.objects.filter(pk=call.pk).update(state="expired")
    keeper = organizer(PersonFactory(), now=clock.now())
    [card] = cards(keeper, clock.now())
    assert card.title == "Time ran out before enough people came."
    assert card.urgency > 100


def test_organizers_are_left_alone_with_calls_that_run(at):
    at.raise_call()
    assert titles(organizer(PersonFactory(), now=clock.now())) == []


def test_strangers_and_ended_calls_wait_for_nobody(at):
    call = at.raise_call()
    Call.objects.filter(pk=call.pk).update(state="closed")
    assert titles(asked(call)[0]) == []
    assert titles(PersonFactory()) == []


def carried(at, name, times, *, drill=False, days_ago=1):
    """Let somebody have come to that many calls, some days ago."""
    when = clock.now() - timedelta(days=days_ago)
    for _ in range(times):
        call = at.raise_call(by="Rosa")
        Call.objects.filter(pk=call.pk).update(state="closed", drill=drill, opened_at=when - timedelta(days=3))
        Invite.objects.update_or_create(
            call=call,
            person=at[name],
            defaults={
                "state": "coming", "answer": "coming", "answered_at": when, "invited_at": when,
                "wave": call.waves.first(),
            },
        )  # fmt: skip


def test_rest_is_offered_after_a_heavy_week(at):
    carried(at, "Wei", 2)
    assert titles(at["Wei"]) == ["That was a heavy week. Would you like to rest?"]


@pytest.mark.parametrize(("times", "more"), [(1, {}), (2, {"drill": True}), (2, {"days_ago": 8})])
def test_rest_is_not_pressed_on_anyone(at, times, more):
    carried(at, "Wei", times, **more)
    assert titles(at["Wei"]) == []


def test_who_rests_already_is_not_asked(at):
    carried(at, "Wei", 2)
    day = clock.now().date()
    Absence.objects.create(person=at["Wei"], days=(day - timedelta(days=1), day + timedelta(days=2)))
    assert titles(at["Wei"]) == []


@pytest.mark.parametrize("number", [1, 4])
def test_the_same_statements_however_many_calls(at, number):
    for _ in range(number):
        at.raise_call()
    with CaptureQueriesContext(connection) as queries:
        assert len(titles(at["Nuria"])) == number
    # The clock, the calls, their keys, their needs, the week.
    assert len(queries) == 5, "\n".join(query["sql"][:160] for query in queries)
