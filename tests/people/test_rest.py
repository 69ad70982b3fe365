"""Rest: days without calls, on the person's own calendar."""

import threading
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commons.people.actions import rest as actions
from commons.people.models import Absence
from commons.people.queries import rests
from commons.web.refusal import Refused
from tests.factories import PersonFactory

DAY = timedelta(days=1)
TODAY = date(2026, 3, 4)


def stretches(person) -> list[tuple[date, date]]:
    return sorted(actions.days(absence) for absence in Absence.objects.filter(person=person))


@pytest.fixture
def ana(db):
    return PersonFactory(handle="Ana", time_zone="America/New_York")


@pytest.fixture
def signed_in(client, ana):
    client.force_login(ana)
    return client


def test_rests_that_touch_become_one(ana):
    actions.rest(person=ana, first=TODAY, last=TODAY + DAY, today=TODAY)
    actions.rest(person=ana, first=TODAY + 10 * DAY, last=TODAY + 12 * DAY, today=TODAY)
    assert len(stretches(ana)) == 2
    actions.rest(person=ana, first=TODAY + 2 * DAY, last=TODAY + 10 * DAY, today=TODAY)
    assert stretches(ana) == [(TODAY, TODAY + 12 * DAY)]


def test_somebody_elses_rest_is_left_alone(ana):
    other = PersonFactory()
    actions.rest(person=other, first=TODAY, last=TODAY + DAY, today=TODAY)
    actions.rest(person=ana, first=TODAY, last=TODAY + 9 * DAY, today=TODAY)
    assert stretches(other) == [(TODAY, TODAY + DAY)]


def test_a_refused_change_changes_nothing(ana):
    absence = actions.rest(person=ana, first=TODAY, last=TODAY + DAY, today=TODAY)
    with pytest.raises(Refused):
        actions.change_rest(absence=absence, last=TODAY - DAY, today=TODAY)
    assert stretches(ana) == [(TODAY, TODAY + DAY)]


def test_a_rest_changes_its_last_day_both_ways(ana):
    absence = actions.rest(person=ana, first=TODAY - 2 * DAY, last=TODAY + DAY, today=TODAY)
    absence = actions.change_rest(absence=absence, last=TODAY + 5 * DAY, today=TODAY)
    assert stretches(ana) == [(TODAY - 2 * DAY, TODAY + 5 * DAY)]
    actions.change_rest(absence=absence, last=TODAY, today=TODAY)
    assert stretches(ana) == [(TODAY - 2 * DAY, TODAY)]


def test_ending_early(ana):
    begun = actions.rest(person=ana, first=TODAY - 3 * DAY, last=TODAY + 3 * DAY, today=TODAY)
    actions.end_rest(absence=begun, today=TODAY)
    assert stretches(ana) == [(TODAY - 3 * DAY, TODAY - DAY)]
    later = actions.rest(person=ana, first=TODAY + 5 * DAY, last=TODAY + 6 * DAY, today=TODAY)
    actions.end_rest(absence=later, today=TODAY)
    assert stretches(ana) == [(TODAY - 3 * DAY, TODAY - DAY)]
    actions.end_rest(absence=begun, today=TODAY)
    assert stretches(ana) == [(TODAY - 3 * DAY, TODAY - DAY)]


def test_a_second_tap_on_a_rest_that_is_gone_is_told_so(ana):
    absence = actions.rest(person=ana, first=TODAY, last=TODAY + DAY, today=TODAY)
    Absence.objects.filter(pk=absence.pk).delete()
    for verb in (actions.end_rest, lambda **said: actions.change_rest(last=TODAY, **said)):
        with pytest.raises(Refused):
            verb(absence=absence, today=TODAY)


def test_what_the_page_shows(ana):
    for first, last in ((-9, -8), (-1, 1), (5, 6)):
        actions.rest(person=ana, first=TODAY + first * DAY, last=TODAY + last * DAY, today=TODAY - 20 * DAY)
    shown = rests(ana, TODAY)
    assert shown["current"].first == TODAY - DAY
    assert [rest.first for rest in shown["coming"]] == [TODAY + 5 * DAY]
    assert [rest.last for rest in shown["past"]] == [TODAY - 8 * DAY]


@pytest.mark.django_db(transaction=True)
def test_two_rests_at_once_become_one():
    ana = PersonFactory()
    start = threading.Barrier(2)

    def take(first: date) -> None:
        try:
            start.wait()
            actions.rest(person=ana, first=first, last=first + 6 * DAY, today=TODAY)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(TODAY + shift * DAY,)) for shift in (0, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stretches(ana) == [(TODAY, TODAY + 9 * DAY)]


def test_a_week_with_one_tap_on_ones_own_calendar(signed_in, ana):
    today = timezone.now().astimezone(ZoneInfo("America/New_York")).date()
    assert signed_in.post("/rest/", {"preset": "week"}).status_code == 302
    assert stretches(ana) == [(today, today + 6 * DAY)]
    page = signed_in.get("/rest/").content.decode()
    assert "You are resting" in page
    assert "Nobody asks why" in page


def test_days_of_ones_own_choice_and_what_is_typed_stays(signed_in, ana):
    answer = signed_in.post("/rest/", {"first": "", "last": "2020-01-01"})
    assert answer.status_code == 409
    assert "That day has passed" in answer.content.decode()
    assert 'value="2020-01-01"' in answer.content.decode()
    assert signed_in.post("/rest/", {"first": "x", "last": "y"}).status_code == 200
    assert stretches(ana) == []


def test_change_end_and_delete_in_the_browser(signed_in, ana):
    today = timezone.now().date()
    actions.rest(person=ana, first=today + 5 * DAY, last=today + 6 * DAY, today=today)
    day = (today + 5 * DAY).isoformat()
    signed_in.post(f"/rest/{day}/", {"last": (today + 9 * DAY).isoformat()})
    assert stretches(ana) == [(today + 5 * DAY, today + 9 * DAY)]
    signed_in.post(f"/rest/{day}/", {"last": "never"})
    assert stretches(ana) == [(today + 5 * DAY, today + 9 * DAY)]
    signed_in.post(f"/rest/{day}/end/")
    assert stretches(ana) == []
    actions.rest(person=ana, first=today - 9 * DAY, last=today - 8 * DAY, today=today - 20 * DAY)
    signed_in.post(f"/rest/{(today - 9 * DAY).isoformat()}/delete/")
    assert stretches(ana) == []


@pytest.mark.parametrize("day", ["2026-03-04", "nonsense", "2026-99-99", "' OR 1=1", "\x00"])
def test_rests_of_others_and_nonsense_do_not_exist(signed_in, day):
    other = PersonFactory()
    actions.rest(person=other, first=TODAY, last=TODAY, today=TODAY)
    for verb in ("", "end/", "delete/"):
        assert signed_in.post(f"/rest/{day}/{verb}", {"last": "2027-01-01"}).status_code == 404
    assert stretches(other) == [(TODAY, TODAY)]


def test_as_many_statements_for_thirty_rests_as_for_one(signed_in, ana):
    today = timezone.now().date()

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert signed_in.get("/rest/").status_code == 200
        return len(seen)

    actions.rest(person=ana, first=today, last=today, today=today)
    one = count()
    for number in range(1, 30):
        first = today + 3 * number * DAY
        actions.rest(person=ana, first=first, last=first, today=today)
    assert len(stretches(ana)) == 30
    assert count() == one


def test_visitors_are_asked_to_sign_in(client, db):
    assert client.get("/rest/").status_code == 302
    assert client.post("/rest/2026-03-04/end/").status_code == 302
