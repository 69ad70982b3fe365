"""A station that changes: the weeks ahead follow, what has been and what is too near stays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from commons.web.refusal import Refused
from sites.actions import popups, shifts
from sites.actions.moves import Moved
from sites.actions.popups import Meanwhile, Rhythm
from sites.models import Shift
from sites.states import HostWord
from tests.sites.stations import (
    HOUR,
    NOW,
    TUESDAY,
    WEEK,
    laundry,
    moved,
    on_the_wall,
    planned,
    running,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_weeks_ahead_follow_in_their_own_week_at_the_hour_on_the_wall_also_when_clocks_change(popup):
    assert moved(popup) == Moved(weeks=4)
    assert on_the_wall(popup) == ["Thu 22 17:30", "Thu 29 17:30", "Thu 05 17:30", "Thu 12 17:30"]
    starts = [one.starts_at.hour for one in popup.shifts.order_by("starts_at")]
    # Clocks go back between the second and the third: in the world it is an hour later.
    assert starts == [21, 21, 22, 22]
    assert {one.ends_at - one.starts_at for one in popup.shifts.all()} == {timedelta(minutes=90)}
    # The weeks to come follow as well, one each.
    assert popups.fill_due(now=NOW + 2 * WEEK) == 2
    assert on_the_wall(popup)[4:] == ["Thu 19 17:30", "Thu 26 17:30"]
    assert moved(popup, TUESDAY, now=NOW + 2 * WEEK).weeks == 4
    assert popups.fill_due(now=NOW + 4 * WEEK) == 2
    assert on_the_wall(popup)[2:] == [f"Tue {day} 18:00" for day in ("03", "10", "17", "24", "01", "08")]


def test_a_time_that_a_spring_night_leaves_out_is_the_moment_of_the_jump():
    now = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
    popup = running(now)
    moved(popup, Rhythm(6, time(2, 30), 60), now=now)
    jump = popup.shifts.get(day=date(2027, 3, 14))
    assert jump.starts_at == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)
    assert jump.ends_at - jump.starts_at == HOUR


def test_what_has_been_and_what_is_too_near_stays_as_it_is(popup, shift):
    before = Shift.objects.filter(pk=shift.pk).values().get()
    near = shift.starts_at - 23 * HOUR
    assert moved(popup, now=near) == Moved(weeks=3, stayed=1)
    assert on_the_wall(popup)[:2] == ["Tue 20 18:00", "Thu 29 17:30"]
    # A day before it would still follow; but not to a moment that is itself less than a day away.
    later = popup.shifts.order_by("starts_at")[1]
    assert moved(popup, Rhythm(0, time(18), 120), now=later.starts_at - 48 * HOUR).stayed == 1
    shifts.check_in(
        shift=shift, opened=True, came=[], others={}, count=shifts.Count(helped=4), now=shift.ends_at
    )  # fmt: skip
    kept = Shift.objects.filter(pk=shift.pk).values().get()
    moved(popup, place=laundry(NOW, name="Other"), host=HostWord.AGREED, now=shift.ends_at)
    assert Shift.objects.filter(pk=shift.pk).values().get() == kept
    same = ("place_id", "day", "starts_at", "ends_at", "moves")
    assert {key: kept[key] for key in same} == {key: before[key] for key in same}


def test_from_a_chosen_week_on(popup):
    third = popup.shifts.order_by("starts_at")[2]
    assert moved(popup, first=third.day).weeks == 2
    assert on_the_wall(popup) == ["Tue 20 18:00", "Tue 27 18:00", "Thu 05 17:30", "Thu 12 17:30"]


def test_a_station_that_is_only_planned_changes_without_weeks():
    popup = planned(NOW)
    other = laundry(NOW, name="Other")
    assert moved(popup, place=other) == Moved()
    popup.refresh_from_db()
    assert (popup.weekday, popup.place, popup.host, popup.shifts.count()) == (3, other, "asked", 0)


def test_two_who_change_at_once_are_told_and_an_ended_station_stays(popup):
    moved(popup)
    with pytest.raises(Meanwhile, match="changed this station meanwhile"):
        moved(popup, TUESDAY, version=popup.version - 1)
    with pytest.raises(Meanwhile):
        popups.change(popup=popup, said=popups.Said("Soap", "Ours"), version=0)
    assert on_the_wall(popup)[0] == "Thu 22 17:30"
    popups.end(popup=popup, now=NOW)
    with pytest.raises(Refused, match="has ended"):
        moved(popup, TUESDAY)
