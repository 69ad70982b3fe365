"""Weekly shifts as rules: times over the nights in which clocks change, what is due when, reliability, stand-ins."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.rules import shifts, stand_ins
from sites.rules.shifts import NoPlan, NoShift, Step, Times
from sites.rules.stand_ins import Candidate
from sites.states import SHIFT_NEXT, Role, ShiftState

NEW_YORK, MADRID = ZoneInfo("America/New_York"), ZoneInfo("Europe/Madrid")
ZONES = st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]).map(
    ZoneInfo
)
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START - timedelta(hours=hours)


def times(**done: datetime) -> Times:
    return Times(START, START + 2 * HOUR, **done)


# --- on the wall and in the world -------------------------------------------------------------------


def test_a_weekly_shift_keeps_its_hour_on_the_wall_when_clocks_change():
    days = [date(2026, 3, 3), *shifts.days(date(2026, 3, 3), date(2026, 3, 17))]
    spans = [shifts.span(day, time(18), 120, NEW_YORK) for day in days]
    assert [begins.astimezone(NEW_YORK).hour for begins, _ends in spans] == [18, 18, 18]
    # Clocks went forward on the 8th: in the world it is an hour earlier from then on.
    assert [begins.hour for begins, _ends in spans] == [23, 22, 22]
    assert spans[1][0] - spans[0][0] == 7 * DAY - HOUR


def test_a_time_that_a_spring_night_leaves_out_is_the_moment_of_the_jump():
    begins, ends = shifts.span(date(2026, 3, 8), time(2, 30), 60, NEW_YORK)
    assert begins == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert begins.astimezone(NEW_YORK).time() == time(3, 0)
    assert ends - begins == HOUR


def test_a_time_that_an_autumn_night_has_twice_is_the_first_of_the_two():
    begins, ends = shifts.span(date(2026, 11, 1), time(1, 30), 120, NEW_YORK)
    assert begins == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert ends - begins == 2 * HOUR
    # Two hours later the wall shows only an hour more.
    assert ends.astimezone(NEW_YORK).time() == time(2, 30)


@given(DAYS, st.times().map(lambda one: one.replace(second=0, microsecond=0)), st.integers(30, 720), ZONES)
def test_a_shift_begins_at_its_time_or_at_the_jump_and_lasts_as_long_as_it_says(day, starts, minutes, zone):
    begins, ends = shifts.span(day, starts, minutes, zone)
    assert ends - begins == timedelta(minutes=minutes)
    shown = begins.astimezone(zone).replace(tzinfo=None)
    meant = datetime.combine(day, starts)
    if shown != meant:
        assert shown > meant
        # The minute before, the wall had not come to it.
        assert (begins - MINUTE).astimezone(zone).replace(tzinfo=None) < meant


@given(DAYS, st.integers(0, 6), st.integers(0, 400))
def test_there_is_one_day_each_week_and_always_the_same(on, weekday, more):
    first = shifts.first_day(on, weekday)
    assert 0 <= (first - on).days < 7
    assert first.weekday() == weekday
    found = shifts.days(first, first + timedelta(days=more))
    assert len(found) == more // 7
    assert all((after - before).days == 7 for before, after in zip([first, *found], found, strict=False))


# --- what is due ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "done", "missing", "due"),
    [
        (72, {}, True, []),
        (48, {}, True, [Step.ASK]),
        (48, {}, False, []),
        (40, {"ask_at": at(39)}, True, []),
        (39, {"ask_at": at(39)}, True, [Step.ASK]),
        (24, {}, False, [Step.REMIND]),
        (23, {"reminded_at": at(24)}, False, []),
        (6, {"reminded_at": at(24)}, False, [Step.LAPSE]),
        (5, {"reminded_at": at(24), "lapsed_at": at(6)}, False, []),
        # A server that was away: the reminder goes out late, and its reader has three hours.
        (5, {}, False, [Step.REMIND]),
        (4, {"reminded_at": at(5)}, False, []),
        (2, {"reminded_at": at(5)}, False, [Step.LAPSE]),
        (0, {}, True, []),
        (-3, {}, True, []),
        (-26, {}, True, [Step.SETTLE]),
    ],
)
def test_what_is_due(hours, done, missing, due):
    assert shifts.steps(times(**done), at(hours), missing=missing) == due


@given(st.integers(-60 * 40, 60 * 24 * 20), st.booleans(), st.data())
def test_whoever_looks_when_told_misses_nothing(minutes, missing, data):
    """Nothing is due before the moment that `next_due` names, and something (or a new wait) is due at it."""
    now = START - minutes * MINUTE
    state = times()
    for step in shifts.steps(state, now, missing=missing):
        assert step in Step
    if shifts.steps(state, now, missing=missing):
        return
    when = shifts.next_due(state, now, missing=missing)
    assert when > now or now >= START
    if when > now:
        between = now + (when - now) * data.draw(st.floats(0, 0.999))
        assert shifts.steps(state, between, missing=missing) == []
        assert shifts.steps(state, when, missing=missing) != []


@settings(deadline=None)
@given(st.integers(0, 60 * 24 * 9))
def test_a_shift_always_comes_to_its_end(minutes):
    """From any moment, with somebody always missing: doing what is due, when it is due, ends in the settling."""
    now, reminded, lapsed, ask_at, asked = START - minutes * MINUTE, None, None, None, 0
    told: datetime | None = None
    for _turn in range(200):
        state = times(reminded_at=reminded, lapsed_at=lapsed, ask_at=ask_at, alone_at=told)
        due = shifts.steps(state, now, missing=True)
        if Step.SETTLE in due:
            assert now == START + 2 * HOUR + shifts.SETTLE_AFTER
            assert reminded is not None or minutes == 0
            # Nobody begins short-handed without having been told, three hours before or as soon as anybody looked.
            assert told == (max(START - minutes * MINUTE, START - 3 * HOUR) if minutes else None)
            return
        if Step.REMIND in due:
            reminded = now
        if Step.LAPSE in due:
            lapsed = now
        if Step.TELL in due:
            told = now
        if Step.ASK in due:
            asked += 1
            ask_at = now + shifts.wait(START - now)
        state = times(reminded_at=reminded, lapsed_at=lapsed, ask_at=ask_at, alone_at=told)
        if not shifts.steps(state, now, missing=True):
            now = max(now, shifts.next_due(state, now, missing=True))
    raise AssertionError("it never ends")


def test_the_less_time_is_left_the_sooner_the_next_are_asked():
    waits = [shifts.wait(left * HOUR) for left in range(48, 0, -1)]
    assert waits == sorted(waits, reverse=True)


# --- what may be done -------------------------------------------------------------------------------


@given(st.sampled_from(ShiftState), st.integers(-60, 60 * 72))
def test_a_week_is_announced_as_closed_or_called_off_but_never_both(state, minutes):
    now = START - minutes * MINUTE
    closes = shifts.closing_refused(state, START, now) is None
    off = shifts.calling_off_refused(state, START, now) is None
    assert off == (state is ShiftState.COMING and 0 < minutes < 24 * 60)
    assert not (closes and off)


def test_when_a_place_can_be_taken():
    assert shifts.sign_up_refused(ShiftState.COMING, START, at(0.1)) is None
    assert shifts.sign_up_refused(ShiftState.COMING, START, START) is NoShift.BEGUN
    assert shifts.sign_up_refused(ShiftState.CLOSED, START, at(40)) is NoShift.CLOSED
    assert shifts.sign_up_refused(ShiftState.KEPT, START, at(1)) is NoShift.BEGUN


def test_a_closure_is_announced_a_day_before():
    assert shifts.closing_refused(ShiftState.COMING, START, at(24)) is None
    assert shifts.closing_refused(ShiftState.COMING, START, at(23.9)) is NoShift.TOO_LATE
    assert shifts.closing_refused(ShiftState.MISSED, START, at(99)) is NoShift.OVER


def test_how_it_went_is_written_from_its_beginning_and_corrected_for_two_weeks():
    late = times().ends_at + shifts.CORRECT_FOR
    assert shifts.check_in_refused(ShiftState.COMING, times(), at(3)) is NoShift.TOO_EARLY
    assert shifts.check_in_refused(ShiftState.COMING, times(), at(2)) is None
    assert shifts.check_in_refused(ShiftState.MISSED, times(), late) is None
    assert shifts.check_in_refused(ShiftState.MISSED, times(), late + MINUTE) is NoShift.OVER
    assert shifts.check_in_refused(ShiftState.CLOSED, times(), START) is NoShift.CLOSED


@pytest.mark.parametrize(
    ("roles", "minutes", "why"),
    [
        ([(Role.LEAD, 1, 1), (Role.SERVER, 1, 3)], 120, None),
        ([(Role.SERVER, 1, 3)], 120, NoPlan.LEAD),
        ([(Role.LEAD, 0, 1)], 120, NoPlan.LEAD),
        ([(Role.LEAD, 1, 1), (Role.SERVER, 4, 3)], 120, NoPlan.SLOTS),
        ([(Role.LEAD, 1, 1), (Role.SERVER, 1, 13)], 120, NoPlan.SLOTS),
        ([(Role.LEAD, 1, 1)] + [(Role.OWN, 0, 1)] * 6, 120, NoPlan.ROLES),
        ([(Role.LEAD, 1, 1)], 20, NoPlan.LENGTH),
        ([(Role.LEAD, 1, 1)], 800, NoPlan.LENGTH),
    ],
)
def test_what_a_station_needs(roles, minutes, why):
    assert shifts.plan_refused(minutes, roles) is why


@given(st.integers(1, 12), st.sets(st.integers(1, 12)))
def test_a_free_slot_is_the_lowest_that_nobody_holds(most, taken):
    slot = shifts.free_slot(most, taken)
    # A role that was made smaller while more were in it takes nobody either.
    assert (slot is None) == (len(taken) >= most)
    if slot is not None:
        assert 1 <= slot <= most
        assert slot not in taken
        assert set(range(1, slot)) <= taken


# --- how a shift went ---------------------------------------------------------------------------------


@given(st.booleans(), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6))
def test_kept_is_opened_with_the_minimum_of_every_role(opened, roles):
    state = shifts.outcome(opened=opened, roles=roles)
    assert (state is ShiftState.KEPT) == (opened and not any(came < least for least, came in roles))
    assert (state is ShiftState.MISSED) == (not opened)


def test_every_state_of_a_shift_can_be_left():
    assert all(SHIFT_NEXT[state] for state in ShiftState)
    assert all(state not in SHIFT_NEXT[state] for state in ShiftState)


# --- stand-ins --------------------------------------------------------------------------------------


def made(lately: int = 0, **more: bool) -> Candidate:
    return Candidate(person=0, **{"came_before": True, "offered": False, "asked_lately": lately, **more})  # type: ignore[arg-type]


CANDIDATES = st.lists(
    st.builds(
        Candidate, st.integers(1, 10**6), st.booleans(), st.booleans(), st.integers(0, 9), st.booleans()
    ),
    max_size=30,
    unique_by=lambda one: one.person,
)  # fmt: skip


@given(st.sampled_from(Role), st.integers(-1, 12), CANDIDATES)
def test_a_few_are_asked_and_only_who_may_be(role, missing, candidates):
    by_id = {one.person: one for one in candidates}
    few = stand_ins.next_few(role, missing, candidates)
    assert len(few) == len(set(few)) <= min(4, 2 * max(0, missing))
    assert all(stand_ins.may_stand_in(role, by_id[person]) for person in few)
    left = [one for one in candidates if one.person not in few and stand_ins.may_stand_in(role, one)]
    if few and left:
        worst = max((by_id[person].thanked, by_id[person].asked_lately) for person in few)
        assert worst <= min((one.thanked, one.asked_lately) for one in left)


def test_to_lead_only_who_was_here_before_is_asked():
    offered = made(came_before=False, offered=True)
    assert not stand_ins.may_stand_in(Role.LEAD, offered)
    assert stand_ins.may_stand_in(Role.SERVER, offered)
    assert stand_ins.may_stand_in(Role.LEAD, made())
    assert not stand_ins.may_stand_in(Role.SERVER, made(came_before=False))
