"""A station that changes: the weeks ahead follow, nobody is moved silently or thrown out, what has been stays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.notices.models import Delivery, Link
from commons.web.refusal import Refused
from sites.actions import moves, popups, shift_turn, shifts, supplies
from sites.actions.moves import Moved, Plan
from sites.actions.popups import Meanwhile, Rhythm
from sites.actions.shift_answers import answer
from sites.models import Popup, Shift, SignUp, StandInAsk, Supply
from sites.queries.reliability import rows_of
from sites.queries.stages import presence
from sites.rules import moves as rules
from sites.rules import shifts as shift_rules
from sites.states import ClosedFor, HostWord, Role, ShiftState, SignUpState
from tests.factories import PersonFactory
from tests.sites.stations import (
    DAY,
    HOUR,
    NOW,
    ROLES,
    WEEK,
    kinds,
    laundry,
    next_shift,
    planned,
    role,
    running,
    staffed,
    turned,
    willing,
)  # fmt: skip

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = Rhythm(1, time(18), 120)
THURSDAY = Rhythm(3, time(17, 30), 90)


@pytest.fixture
def popup() -> Popup:
    return running(NOW)


@pytest.fixture
def shift(popup) -> Shift:
    return next_shift(popup, NOW)


def moved(popup: Popup, rhythm: Rhythm = THURSDAY, *, now: datetime = NOW, **more) -> Moved:
    """The station as it is now, otherwise."""
    popup.refresh_from_db()
    first, version = more.pop("first", None), more.pop("version", popup.version)
    plan = Plan(more.pop("place", popup.place), rhythm, more.pop("roles", ROLES), **more)
    return moves.move(popup=popup, plan=plan, version=version, first=first, now=now)


def on_the_wall(popup: Popup) -> list[str]:
    return [one.starts_at.astimezone(NEW_YORK).strftime("%a %d %H:%M") for one in popup.shifts.order_by("starts_at")]


# --- rules ----------------------------------------------------------------------------------------

STATES = st.sampled_from(ShiftState)
HOURS = st.integers(-500, 500)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6))
def test_a_week_keeps_its_one_shift(day, weekday):
    there = rules.in_same_week(day, weekday)
    assert there.weekday() == weekday
    assert there.isocalendar()[:2] == day.isocalendar()[:2]
    assert rules.in_same_week(day + timedelta(days=7), weekday) - there == timedelta(days=7)


@given(STATES, HOURS, HOURS)
def test_only_what_can_be_announced_a_day_before_follows(state, old, new):
    follows = rules.follows(state, NOW + old * HOUR, NOW + new * HOUR, NOW)
    assert follows == (state in ("coming", "closed") and old >= 24 and new >= 24)


SLOTS = st.tuples(st.integers(0, 3), st.integers(3, 12))
SOME_ROLES = st.dictionaries(st.tuples(st.sampled_from(["lead", "server", "own"]), st.sampled_from(["", "Tea"])), SLOTS)


@given(SOME_ROLES, SOME_ROLES, st.data())
def test_roles_become_those_that_are_wanted_and_none_in_use_is_let_go(stand, wanted, data):
    used = frozenset(data.draw(st.lists(st.sampled_from(sorted(stand)), unique=True)) if stand else [])
    change = rules.role_change(stand, wanted, used)
    then = {key: slots for key, slots in stand.items() if key not in change.let_go} | change.change | change.add
    assert {key: slots for key, slots in then.items() if slots != (0, 0)} == wanted
    assert used <= set(then)
    assert not set(change.add) & set(stand)
    # What is as it should be is left alone.
    assert rules.role_change(then, wanted, used) == rules.RoleChange({}, {}, frozenset())


# --- weeks follow ---------------------------------------------------------------------------------


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


# --- whoever is on it -----------------------------------------------------------------------------


def test_whoever_is_on_a_week_that_moves_is_asked_by_their_link_and_keeps_the_place(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    assert moved(popup).told == 2
    assert set(kinds(shift)) == {("shift.moved", mina.pk), ("shift.moved", olga.pk)}
    assert set(SignUp.objects.values_list("state", flat=True)) == {"moved"}
    shift.refresh_from_db()
    link = Link.objects.get(person=mina, purpose="shift")
    assert link.expires_at == shift.ends_at
    # One can, and is asked again the day before like everybody; one can't.
    assert answer(shift=shift, person=mina.pk, say="yes", version=2, now=NOW + HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.HELD
    assert answer(shift=shift, person=olga.pk, say="no", version=2, now=NOW + HOUR)
    assert SignUp.objects.get(person=olga).state == SignUpState.DROPPED
    shift = turned(shift, shift.starts_at - DAY)
    assert kinds(shift)[2:] == [("shift.reminder", mina.pk)]


def test_who_never_answers_is_reminded_and_then_others_are_asked(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    shifts.confirm(shift=shift, person=olga, now=NOW)
    shift.refresh_from_db()
    shift = turned(shift, shift.starts_at - DAY)
    assert ("shift.reminder", mina.pk) in kinds(shift)
    turned(shift, shift.starts_at - 6 * HOUR)
    assert SignUp.objects.get(person=mina).state == SignUpState.LAPSED


def test_a_press_on_an_older_page_changes_nothing(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    for say in ("yes", "no"):
        assert not answer(shift=shift, person=mina.pk, say=say, version=1, now=NOW)
    assert SignUp.objects.get(person=mina).state == SignUpState.MOVED
    with pytest.raises(Refused, match="changed meanwhile"):
        shifts.confirm(shift=shift, person=mina, now=NOW, seen=0)
    with pytest.raises(Refused, match="changed meanwhile"):
        shifts.join(shift=shift, role=role(shift, Role.OWN), person=PersonFactory(), now=NOW, seen=0)
    shifts.confirm(shift=shift, person=mina, now=NOW, seen=1)


def test_moved_twice_each_hears_it_twice_and_what_was_not_sent_yet_only_once(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    moved(popup)
    Delivery.objects.filter(person=mina).update(state="handed_off", handed_off_at=NOW)
    moved(popup, Rhythm(4, time(17), 90))
    assert kinds(shift).count(("shift.moved", mina.pk)) == 2
    assert kinds(shift).count(("shift.moved", olga.pk)) == 1


def test_nothing_is_said_where_nothing_moves(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    assert moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 2), (Role.SERVER, "", 1, 2)]) == Moved()
    assert Delivery.objects.count() == 0
    assert set(SignUp.objects.values_list("state", flat=True)) == {"held"}


def test_who_brings_something_hears_it_too(popup, shift, mina):
    thing = Supply.objects.filter(shift=shift)[0]
    supplies.bring(shift=shift, ref=thing.ref, person=mina, willing=True, now=NOW)
    assert moved(popup).told == 1
    assert kinds(shift) == [("shift.moved", mina.pk)]


def test_stand_ins_who_were_asked_for_another_time_are_asked_anew(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    asked = StandInAsk.objects.values_list("person", flat=True)[0]
    moved(popup, now=at)
    assert set(StandInAsk.objects.values_list("state", flat=True)) == {"thanked"}
    # Withdrawn before it went out, and nobody is thanked for what they never heard of.
    assert {kind for kind, _who in kinds(shift)} == {"shift.moved"}
    assert not answer(shift=shift, person=asked, say="yes", version=1, now=at)
    shift.refresh_from_db()
    turned(shift, shift.starts_at - 47 * HOUR)
    assert set(StandInAsk.objects.values_list("state", "round")) == {("asked", 1)}


def test_a_closed_week_moves_unsaid_and_who_had_a_place_is_asked_when_it_is_on_after_all(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert moved(popup) == Moved(weeks=4)
    assert {kind for kind, _who in kinds(shift)} == {"shift.closed"}
    shifts.open_after_all(shift=shift, now=NOW)
    shift.refresh_from_db()
    assert shift.day == date(2026, 10, 22)
    # That it was off had not been sent yet, and need not be said any more.
    assert set(kinds(shift)) == {("shift.moved", mina.pk), ("shift.moved", olga.pk)}
    assert set(SignUp.objects.values_list("state", flat=True)) == {"moved"}
    Delivery.objects.update(state="handed_off", handed_off_at=NOW)
    # Closed once more it is said once more.
    shifts.close_week(shift=shift, why=ClosedFor.REST, now=NOW)
    assert kinds(shift).count(("shift.closed", mina.pk)) == 2


# --- roles ----------------------------------------------------------------------------------------


def test_a_smaller_role_throws_nobody_out_and_takes_nobody_in(popup, shift):
    server, people = role(shift, Role.SERVER), [PersonFactory() for _ in range(3)]
    for person in people:
        shifts.join(shift=shift, role=server, person=person, now=NOW)
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 1, 1)])
    assert set(SignUp.objects.filter(role=server).values_list("state", flat=True)) == {"held"}
    shifts.leave(shift=shift, person=people[0], now=NOW)
    for _ in range(2):
        with pytest.raises(Refused, match="Somebody was quicker"):
            shifts.join(shift=shift, role=server, person=PersonFactory(), now=NOW)
        if SignUp.objects.filter(role=server, state="held").count() == 2:
            shifts.leave(shift=shift, person=people[1], now=NOW)
    shifts.leave(shift=shift, person=people[2], now=NOW)
    shifts.join(shift=shift, role=server, person=people[0], now=NOW)


def test_a_role_that_is_gone_stays_for_who_is_in_it_and_new_ones_come(popup, shift, mina):
    own = role(shift, Role.OWN)
    shifts.join(shift=shift, role=own, person=mina, now=NOW)
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 2, 4), (Role.GREETER, "", 0, 1)])
    weeks = [[(one.role, one.least, one.most) for one in week.roles.all()] for week in popup.shifts.order_by("day")]
    new = [("lead", 1, 1), ("server", 2, 4), ("greeter", 0, 1)]
    assert weeks[0] == [*new[:2], ("own", 0, 0), new[2]]
    assert weeks[1:] == [new] * 3
    assert SignUp.objects.get(person=mina).state == "held"
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.join(shift=shift, role=own, person=PersonFactory(), now=NOW)
    # A week counts by what it needed in the end.
    others = {one.pk: one.least for one in shift.roles.all()}
    state = shifts.check_in(
        shift=shift, opened=True, came=[], others=others, count=shifts.Count(), now=shift.ends_at
    )  # fmt: skip
    assert state is ShiftState.KEPT


def test_a_role_that_needs_more_has_stand_ins_asked_at_once_where_the_shift_is_near(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 40 * HOUR
    shift_turn.turn_due(now=at)
    assert not StandInAsk.objects.exists()
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 2, 3)], now=at)
    assert StandInAsk.objects.filter(state="asked").count() == 2


@pytest.mark.parametrize(
    "roles",
    [[(Role.SERVER, "", 1, 3)], [(Role.LEAD, "", 1, 1), (Role.SERVER, "", 3, 2)], [(Role.LEAD, "", 1, 13)]],
)
def test_roles_that_nobody_could_hold_are_refused(popup, roles):
    with pytest.raises(Refused):
        moved(popup, roles=roles)
    assert on_the_wall(popup)[0] == "Tue 20 18:00"


# --- another place --------------------------------------------------------------------------------


def test_another_place_has_to_be_listened_to_and_its_host_to_agree(popup, shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    with pytest.raises(Refused, match="Listening comes first"):
        moved(popup, place=laundry(NOW, heard=False, name="Unheard"), host=HostWord.AGREED)
    other = laundry(NOW, name="Other")
    with pytest.raises(Refused, match="host of the other place"):
        moved(popup, place=other)
    for number in range(3):
        planned(NOW, place=other, name=f"Station {number}")
    with pytest.raises(Refused, match="Three stations"):
        moved(popup, place=other, host=HostWord.AGREED)
    assert Delivery.objects.count() == 0
    free = laundry(NOW, name="Free")
    assert moved(popup, TUESDAY, place=free, host=HostWord.PUBLIC, now=NOW + DAY) == Moved(weeks=4, told=1)
    popup.refresh_from_db()
    assert (popup.place, popup.host, popup.host_on) == (free, "public", (NOW + DAY).date())
    assert set(popup.shifts.values_list("place", flat=True)) == {free.pk}


def test_kept_weeks_stay_with_their_place_and_count_again_when_it_comes_back(popup):
    old, new = popup.place, laundry(NOW, name="New")
    popup.shifts.update(state="kept")
    now = popup.shifts.last().ends_at
    assert rows_of([popup.pk])[popup.pk].kept == 4
    moved(popup, TUESDAY, place=new, host=HostWord.AGREED, now=now)
    assert rows_of([popup.pk]) == {}
    assert presence([old.pk]) == {}
    assert presence([new.pk])[new.pk].kept_weeks == 0
    moved(popup, TUESDAY, place=old, host=HostWord.AGREED, now=now)
    assert rows_of([popup.pk])[popup.pk].kept == 4
    assert shift_rules.WEEKS_AHEAD == 4
