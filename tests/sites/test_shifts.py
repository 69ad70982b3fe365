"""Stations and shifts as they go: planned after listening, filled week by week, taken, reminded, stood in for, kept."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from commons.notices.models import Delivery, Link
from commons.people.actions import rest
from commons.people.actions.retention import purge
from commons.web.refusal import Refused
from sites.actions import popups, shift_turn, shifts, supplies
from sites.actions.shift_answers import answer
from sites.actions.shifts import Count
from sites.models import Popup, Shift, ShiftRole, SignUp, StandInAsk, StandInOffer, Supply
from sites.queries.reliability import Row, kept_at, rows_of
from sites.queries.stages import standing
from sites.states import ClosedFor, HostWord, PopupState, Role, ShiftState, SignUpState, Stage
from sites.tasks import turn_shifts
from tests.factories import PersonFactory
from tests.sites.stations import (
    DAY,
    HOUR,
    WEEK,
    laundry,
    neighbourhood,
    next_shift,
    planned,
    role,
    running,
    willing,
)

pytestmark = pytest.mark.django_db
# A Thursday at noon in New York; clocks go back there on the first of November.
NOW = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
NOTHING = Count()


def turned(shift: Shift, now: datetime) -> Shift:
    shift_turn.turn_due(now=now)
    return Shift.objects.select_related("popup").get(pk=shift.pk)


def kinds(shift: Shift) -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(subject=shift.subject).exclude(state="suppressed").order_by("id")
    return list(rows.values_list("kind", "person_id"))


@pytest.fixture
def popup() -> Popup:
    return running(NOW)


@pytest.fixture
def shift(popup) -> Shift:
    return next_shift(popup, NOW)


# --- planning -------------------------------------------------------------------------------------


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
        popup.shifts.create(day=day, starts_at=at, ends_at=at + HOUR, state="kept")
    assert kept_at([popup.place_id]) == {popup.place_id: 8}
    assert standing(popup.place, NOW).stage is Stage.TRADITION
    popups.end(popup=popup, now=NOW)
    assert standing(popup.place, NOW).stage is Stage.LISTENED


# --- the weeks ahead --------------------------------------------------------------------------------


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


# --- places ---------------------------------------------------------------------------------------


def test_a_place_is_taken_once_and_left(shift, mina, olga):
    server, lead = role(shift, Role.SERVER), role(shift, Role.LEAD)
    first = shifts.join(shift=shift, role=server, person=mina, now=NOW)
    assert shifts.join(shift=shift, role=server, person=mina, now=NOW).pk == first.pk
    with pytest.raises(Refused, match="a place on this shift already"):
        shifts.join(shift=shift, role=lead, person=mina, now=NOW)
    shifts.join(shift=shift, role=lead, person=olga, now=NOW)
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.join(shift=shift, role=lead, person=PersonFactory(), now=NOW)
    shifts.leave(shift=shift, person=olga, now=NOW)
    shifts.leave(shift=shift, person=olga, now=NOW)
    shifts.join(shift=shift, role=lead, person=PersonFactory(), now=NOW)
    assert SignUp.objects.filter(shift=shift, state="held").count() == 2


def test_nobody_signs_up_for_what_has_begun(shift, mina):
    with pytest.raises(Refused, match="has begun"):
        shifts.join(shift=shift, role=role(shift, Role.LEAD), person=mina, now=shift.starts_at)


# --- the day before -------------------------------------------------------------------------------


def test_the_day_before_each_is_asked_once_and_who_signs_up_later_is_not(shift, mina, olga):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    before = shift.starts_at - DAY
    shift = turned(shift, before - timedelta(minutes=1))
    assert kinds(shift) == []
    shift = turned(shift, before)
    turned(shift, before + HOUR)
    assert kinds(shift) == [("shift.reminder", mina.pk)]
    late = shifts.join(shift=shift, role=role(shift, Role.LEAD), person=olga, now=before + HOUR)
    assert late.state == SignUpState.CONFIRMED
    shifts.confirm(shift=shift, person=mina, now=before + 2 * HOUR)
    turned(shift, shift.starts_at - HOUR)
    assert set(SignUp.objects.values_list("state", flat=True)) == {"confirmed"}


def test_who_does_not_confirm_loses_the_place_and_gets_it_back_while_it_is_free(shift, mina):
    server = role(shift, Role.SERVER)
    shifts.join(shift=shift, role=server, person=mina, now=NOW)
    shift = turned(shift, shift.starts_at - DAY)
    shift = turned(shift, shift.starts_at - 6 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.LAPSED
    shifts.confirm(shift=shift, person=mina, now=shift.starts_at - 5 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.CONFIRMED
    for _ in range(2):
        shifts.join(shift=shift, role=server, person=PersonFactory(), now=shift.starts_at - 5 * HOUR)
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 4 * HOUR)
    shifts.join(shift=shift, role=server, person=PersonFactory(), now=shift.starts_at - 4 * HOUR)
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.confirm(shift=shift, person=mina, now=shift.starts_at - 3 * HOUR)


def test_a_server_that_was_away_reminds_late_and_gives_three_hours(shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    shift = turned(shift, shift.starts_at - 4 * HOUR)
    assert [kind for kind, _who in kinds(shift)] == ["shift.reminder"]
    assert SignUp.objects.get().state == "held"
    turned(shift, shift.starts_at - 1 * HOUR)
    assert SignUp.objects.get().state == "lapsed"


def test_messages_wait_for_quiet_hours_to_end(shift, mina):
    from datetime import time

    mina.time_zone, mina.quiet_from, mina.quiet_until = "America/New_York", time(17), time(20)
    mina.save()
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    turned(shift, shift.starts_at - DAY)
    assert Delivery.objects.get().due_at == shift.starts_at - DAY + 2 * HOUR


# --- stand-ins --------------------------------------------------------------------------------------


def staffed(popup: Popup, shift: Shift, lead, server) -> None:
    shifts.join(shift=shift, role=role(shift, Role.LEAD), person=lead, now=NOW)
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=server, now=NOW)


def test_a_few_are_asked_the_first_has_it_and_the_others_are_thanked(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    people = willing(popup, 10, NOW)
    at = shift.starts_at - 30 * HOUR
    turned(shift, shift.starts_at - 47 * HOUR)
    assert kinds(shift) == []
    shifts.leave(shift=shift, person=mina, now=at)
    asked = list(StandInAsk.objects.values_list("person", flat=True))
    # Two for the one who is missing, from among the willing, at once.
    assert len(asked) == 2
    assert set(asked) < {one.pk for one in people}
    assert [kind for kind, _who in kinds(shift)] == ["shift.standin"] * 2
    Delivery.objects.update(state="handed_off", handed_off_at=at)
    shift.refresh_from_db()
    # Silent for four hours: two more.
    turned(shift, at + 4 * HOUR)
    assert StandInAsk.objects.filter(state="asked").count() == 4
    assert answer(shift=shift, person=asked[0], say="yes", version=1, now=at + 5 * HOUR)
    assert SignUp.objects.get(person=asked[0]).state == "held"
    assert sorted(StandInAsk.objects.values_list("state", flat=True)) == ["thanked"] * 3 + ["took"]
    # Of the three others one question was handed off, two were not sent yet and are withdrawn.
    thanked = [who for kind, who in kinds(shift) if kind == "shift.thanks"]
    assert thanked == [asked[1]]
    assert not answer(shift=shift, person=asked[1], say="yes", version=1, now=at + 5 * HOUR)
    with pytest.raises(Refused, match="Somebody was quicker"):
        answer(shift=shift, person=asked[1], say="yes", version=2, now=at + 5 * HOUR)


def test_who_can_t_is_left_in_peace_and_the_next_are_asked_when_all_have_said_so(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 3, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    first, second = StandInAsk.objects.values_list("person", flat=True)
    answer(shift=shift, person=first, say="no", version=1, now=at + HOUR)
    assert StandInAsk.objects.count() == 2
    answer(shift=shift, person=second, say="no", version=1, now=at + HOUR)
    assert StandInAsk.objects.filter(state="asked").count() == 1
    assert kinds(shift).count(("shift.standin", first)) == 1


def test_asked_are_who_came_before_or_offered_and_never_who_rests_left_or_is_thrown_out(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    came, offered, resting, gone = willing(popup, 4, NOW)
    StandInOffer.objects.filter(person=came).delete()
    SignUp.objects.create(
        shift=popup.shifts.last(), role=role(popup.shifts.last(), Role.SERVER), person=came, slot=1,
        state="confirmed", at=NOW, came=True,
    )  # fmt: skip
    rest.rest(person=resting, first=shift.day, last=shift.day, today=NOW.date())
    gone.is_active = False
    gone.save()
    PersonFactory()
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 30 * HOUR)
    assert set(StandInAsk.objects.values_list("person", flat=True)) == {came.pk, offered.pk}


def test_nobody_new_is_asked_to_lead(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 5, NOW)
    shifts.leave(shift=shift, person=olga, now=shift.starts_at - 30 * HOUR)
    assert not StandInAsk.objects.exists()


def test_places_that_nobody_ever_held_are_asked_for_too(popup, shift):
    willing(popup, 2, NOW)
    turned(shift, shift.starts_at - 48 * HOUR)
    assert set(StandInAsk.objects.values_list("role__role", flat=True)) == {"server"}


def test_when_a_stand_in_leaves_who_was_thanked_can_be_asked_again(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    Delivery.objects.update(state="handed_off", handed_off_at=at)
    first, second = StandInAsk.objects.values_list("person", flat=True)
    answer(shift=shift, person=first, say="yes", version=1, now=at)
    shifts.leave(shift=shift, person=PersonFactory._meta.model.objects.get(pk=first), now=at + HOUR)
    again = StandInAsk.objects.get(person=second)
    assert (again.state, again.round) == ("asked", 1)
    assert kinds(shift).count(("shift.standin", second)) == 2


# --- closures -------------------------------------------------------------------------------------


def test_a_closed_week_is_announced_a_day_before_told_and_taken_back(popup, shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    with pytest.raises(Refused, match="a day before"):
        shifts.close_week(shift=shift, why=ClosedFor.REST, now=shift.starts_at - 23 * HOUR)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert kinds(shift) == [("shift.closed", mina.pk)]
    assert not Shift.objects.filter(pk=shift.pk, next_due_at__isnull=False).exists()
    shifts.open_after_all(shift=shift, now=NOW + HOUR)
    shift.refresh_from_db()
    assert (shift.state, shift.closed_for) == ("coming", "")
    assert shift.next_due_at is not None


# --- how it went ----------------------------------------------------------------------------------


def test_a_shift_is_kept_with_its_minimum_roles_and_can_be_corrected(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    lead, server = SignUp.objects.get(person=olga), SignUp.objects.get(person=mina)
    at = shift.ends_at
    count = Count(helped=14, given=9, cost=Decimal("12.50"))
    said = {"shift": shift, "opened": True, "count": count, "now": at}
    assert shifts.check_in(came=[lead.pk], others={}, **said) is ShiftState.SHORT
    assert shifts.check_in(came=[lead.pk], others={role(shift, Role.SERVER).pk: 2}, **said) is ShiftState.KEPT
    assert shifts.check_in(came=[lead.pk, server.pk], others={}, **said) is ShiftState.KEPT
    shift.refresh_from_db()
    assert (shift.helped, shift.given, shift.cost, shift.next_due_at) == (14, 9, Decimal("12.50"), None)
    assert dict(shift.roles.values_list("role", "came")) == {"lead": 1, "server": 1, "own": 0}
    with pytest.raises(Refused, match="is over"):
        shifts.check_in(came=[], others={}, **{**said, "now": at + 15 * DAY})


def test_what_nobody_wrote_down_was_not_kept_and_can_still_be_written(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    shift = turned(shift, shift.ends_at + DAY)
    assert (shift.state, shift.next_due_at) == ("missed", None)
    assert rows_of([popup.pk])[popup.pk].kept == 0
    ids = list(SignUp.objects.values_list("pk", flat=True))
    later = shift.ends_at + 3 * DAY
    assert shifts.check_in(shift=shift, opened=True, came=ids, others={}, count=NOTHING, now=later) is ShiftState.KEPT
    assert rows_of([popup.pk])[popup.pk].kept == 1


def test_after_thirty_days_only_numbers_are_left(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 1, NOW)
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 30 * HOUR)
    supplies.bring(shift=shift, ref=Supply.objects.filter(shift=shift)[0].ref, person=olga, willing=True, now=NOW)
    [lead] = SignUp.objects.filter(person=olga)
    others = {role(shift, Role.SERVER).pk: 2}
    shifts.check_in(
        shift=shift, opened=True, came=[lead.pk], others=others, count=Count(helped=7), now=shift.ends_at
    )  # fmt: skip
    purge(shift.ends_at + 29 * DAY)
    assert SignUp.objects.exists()
    purge(shift.ends_at + 31 * DAY)
    assert not SignUp.objects.filter(shift=shift).exists()
    assert not StandInAsk.objects.exists()
    assert not Supply.objects.filter(shift=shift, person__isnull=False).exists()
    assert not Link.objects.exists()
    shift.refresh_from_db()
    assert (shift.state, shift.helped) == ("kept", 7)
    assert dict(shift.roles.values_list("role", "came")) == {"lead": 1, "server": 2, "own": 0}


def test_a_person_who_leaves_takes_their_places_with_them(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    popup.planned_by.delete()
    mina.delete()
    popup.refresh_from_db()
    assert popup.planned_by is None
    assert SignUp.objects.filter(shift=shift).count() == 1


# --- supplies and offers ----------------------------------------------------------------------------


def test_who_brings_what(shift, mina, olga):
    thing = supplies.add(shift=shift, what="Cups", now=NOW)
    assert supplies.add(shift=shift, what="Cups", now=NOW) == thing
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=True, now=NOW)
    with pytest.raises(Refused, match="brings it already"):
        supplies.bring(shift=shift, ref=thing.ref, person=olga, willing=True, now=NOW)
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=False, now=NOW)
    supplies.bring(shift=shift, ref=thing.ref, person=olga, willing=True, now=NOW)
    with pytest.raises(Refused, match="over, or closed"):
        supplies.add(shift=shift, what="Plates", now=shift.ends_at)
    for number in range(17):
        supplies.add(shift=shift, what=f"Thing {number}", now=NOW)
    with pytest.raises(Refused, match="Twenty"):
        supplies.add(shift=shift, what="One more", now=NOW)


def test_offering_to_stand_in_is_taken_back(popup, mina):
    for willing_ in (True, True, False, False):
        popups.offer(popup=popup, person=mina, willing=willing_, now=NOW)
    assert not StandInOffer.objects.exists()


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
