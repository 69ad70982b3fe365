"""Stations as they go: planned after listening, opened with their host's word, filled week by week, counted on."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from commons.notices.models import Delivery
from commons.web.refusal import Refused
from sites.actions import popups, shifts
from sites.models import Popup, Shift, ShiftRole, StandInOffer
from sites.queries.reliability import Row, rows_of
from sites.queries.stages import Presence, presence, standing
from sites.states import HostWord, PopupState, Role, Stage
from sites.tasks import turn_shifts
from tests.sites.stations import (
    DAY,
    HOUR,
    NEW_YORK,
    NOW,
    WEEK,
    kinds,
    laundry,
    neighbourhood,
    planned,
    role,
    running,
)

pytestmark = pytest.mark.django_db


# --- planning ------------------------------------------------------------------------------------


def test_a_station_waits_for_listening_and_for_its_host():
    place = laundry(NOW, heard=False)
    with pytest.raises(Refused, match="Listening comes first"):
        planned(NOW, place=place)
    made = planned(NOW)
    assert (made.state, made.shifts.count()) == ("planned", 0)
    with pytest.raises(Refused, match="host agreed"):
        popups.open_station(popup=made, host=HostWord.ASKED, now=NOW)
    made = popups.open_station(popup=made, host=HostWord.AGREED, now=NOW)
    assert (made.state, made.host, made.host_on) == ("running", "agreed", NOW.date())
    assert made.shifts.count() == 4
    # Pressed twice it is open once.
    popups.open_station(popup=made, host=HostWord.PUBLIC, now=NOW + DAY)
    made.refresh_from_db()
    assert (made.host, made.shifts.count()) == ("agreed", 4)


def test_an_organizer_s_word_lets_it_start_before_and_three_are_the_most(olga):
    from sites.models import StageOverride

    place = laundry(NOW, heard=False)
    StageOverride.objects.create(place=place, by=olga, reason="It freezes.", made_at=NOW)
    for _ in range(3):
        planned(NOW, place=place)
    with pytest.raises(Refused, match="Three stations"):
        planned(NOW, place=place)


def test_a_place_becomes_present_and_then_a_tradition(popup):
    assert standing(popup.place, NOW).stage is Stage.PRESENT
    ShiftRole.objects.filter(shift__popup=popup).update(came=1)
    popup.shifts.update(state="kept")
    for number in range(4):
        day = popup.filled_until + WEEK * (number + 1)
        at = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
        popup.shifts.create(place=popup.place, day=day, starts_at=at, ends_at=at + HOUR, state="kept")
    assert presence([popup.place_id]) == {popup.place_id: Presence(True, 8, True)}
    assert standing(popup.place, NOW).stage is Stage.TRADITION
    popups.end(popup=popup, now=NOW)
    assert standing(popup.place, NOW).stage is Stage.LISTENED


# --- the weeks ahead -----------------------------------------------------------------------------


def test_four_weeks_stand_at_the_neighbourhood_s_hour_also_when_clocks_change(popup):
    starts = [shift.starts_at for shift in popup.shifts.all()]
    assert [one.astimezone(NEW_YORK).strftime("%a %d %H:%M") for one in starts] == [
        "Tue 20 18:00", "Tue 27 18:00", "Tue 03 18:00", "Tue 10 18:00",
    ]  # fmt: skip
    assert [one.hour for one in starts] == [22, 22, 23, 23]
    first = popup.shifts.first()
    assert [(one.role, one.least, one.most) for one in first.roles.all()] == [
        ("lead", 1, 1), ("server", 1, 3), ("own", 0, 1),
    ]  # fmt: skip
    assert [one.what for one in first.supplies.all()] == ["Detergent, two boxes", "Extension lead"]


def test_weeks_come_by_themselves_once_each_and_are_caught_up(popup):
    assert popups.fill_due(now=NOW) == 0
    assert popups.fill_due(now=NOW + WEEK) == 1
    assert popups.fill_due(now=NOW + WEEK) == 0
    # Nobody looked for ten weeks: what was missed is there, so that no week hides.
    assert popups.fill_due(now=NOW + 10 * WEEK) == 9
    days = list(popup.shifts.values_list("day", flat=True))
    assert len(days) == len(set(days)) == 14
    assert all((later - day).days == 7 for day, later in pairwise(days))


def test_the_task_can_run_twice(popup, monkeypatch):
    monkeypatch.setattr("commons.clock.now", lambda: NOW + WEEK)
    turn_shifts()
    before = (Shift.objects.count(), Delivery.objects.count())
    turn_shifts()
    assert (Shift.objects.count(), Delivery.objects.count()) == before


def test_an_ended_station_has_no_more_weeks_and_tells_who_had_a_place(popup, shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    popups.end(popup=popup, now=NOW)
    assert kinds(shift) == [("shift.closed", mina.pk)]
    assert popups.fill_due(now=NOW + 5 * WEEK) == 0
    assert not Shift.objects.due(NOW + 90 * DAY).exists()
    with pytest.raises(Refused, match="has ended"):
        popups.end(popup=popup, now=NOW)
    with pytest.raises(Refused, match="announced as closed"):
        shifts.join(shift=shift, role=role(shift, Role.LEAD), person=mina, now=NOW)


# --- offers --------------------------------------------------------------------------------------


def test_offering_to_stand_in_is_taken_back(popup, mina):
    for willing_ in (True, True, False, False):
        popups.offer(popup=popup, person=mina, willing=willing_, now=NOW)
    assert not StandInOffer.objects.exists()


# --- reliability ---------------------------------------------------------------------------------


def test_rows_are_one_statement_for_thirty_stations_as_for_one(django_assert_num_queries):
    neighbourhood()
    ids = []
    for number in range(30):
        made = running(NOW, place=laundry(NOW, name=f"Suds {number}"))
        made.shifts.update(state=["kept", "closed", "missed"][number % 3])
        ids.append(made.pk)
    with django_assert_num_queries(1):
        rows = rows_of(ids)
        assert [rows[pk].kept for pk in ids[:3]] == [4, 0, 0]
        assert Row().sentence
    assert Popup.objects.filter(state=PopupState.RUNNING.value).count() == 30
