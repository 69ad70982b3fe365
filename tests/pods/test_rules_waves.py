"""When a call widens, until when it looks for people, when it may be raised, and who sleeps meanwhile."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pods.rules import raising
from pods.rules.protocol import latest_minute
from pods.rules.protocol import refusal as protocol_refusal
from pods.rules.quiet import asleep_until
from pods.rules.raising import Raising, Refusal
from pods.rules.waves import DEFAULT_MINUTES, LASTS, PART_FOR_WAVES, deadline, plan, urgent
from pods.states import WAVE_ORDER, Pace, WaveRule

OPENED = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("pace", "needed_in", "looks_for"),
    [
        (Pace.NOW, timedelta(), HOUR),
        (Pace.NOW, 10 * MINUTE, HOUR),
        (Pace.NOW, 30 * MINUTE, 30 * MINUTE),
        (Pace.NOW, 5 * HOUR, HOUR),
        (Pace.DAY, timedelta(), HOUR),
        (Pace.DAY, 5 * HOUR, 5 * HOUR),
        (Pace.DAY, 30 * HOUR, 24 * HOUR),
        (Pace.TWO_DAYS, 30 * HOUR, 30 * HOUR),
        (Pace.TWO_DAYS, 100 * HOUR, 48 * HOUR),
    ],
)
def test_until_when_a_call_looks_for_people(pace, needed_in, looks_for):
    assert deadline(pace, OPENED, OPENED + needed_in) - OPENED == looks_for


@pytest.mark.parametrize(
    ("pace", "hours", "wakes"), [(Pace.NOW, 20, True), (Pace.DAY, 3, True), (Pace.DAY, 3.1, False), (Pace.DAY, 0, True)]
)
def test_what_may_wake_people(pace, hours, wakes):
    assert urgent(pace, OPENED, OPENED + timedelta(hours=hours)) is wakes


@pytest.mark.parametrize("pace", Pace)
def test_the_usual_plans_go_out_at_the_times_of_the_design(pace):
    waves = plan(DEFAULT_MINUTES[pace], OPENED, OPENED + 10 * LASTS[pace])
    assert [wave.rule for wave in waves] == list(WAVE_ORDER)
    assert [(wave.due_at - OPENED) / MINUTE for wave in waves] == list(DEFAULT_MINUTES[pace])


minutes_of = st.lists(st.one_of(st.none(), st.integers(0, 1440)), min_size=5, max_size=5)


@given(minutes_of, st.integers(1, 3000))
def test_every_plan_begins_at_once_keeps_its_order_and_leaves_time_to_come(minutes, lasts):
    kept = [minute for minute in minutes if minute is not None]
    end = OPENED + lasts * MINUTE
    if not kept or kept != sorted(kept):
        with pytest.raises(ValueError, match="follow"):
            plan(minutes, OPENED, end)
        return
    waves = plan(minutes, OPENED, end)
    assert waves[0].due_at == OPENED
    assert [wave.ordinal for wave in waves] == list(range(len(kept)))
    assert all(one.due_at <= other.due_at for one, other in pairwise(waves))
    assert [wave.rule for wave in waves] == [r for r, m in zip(WAVE_ORDER, minutes, strict=True) if m is not None]
    # A plan whose first wave is not at zero is moved to the front as a whole.
    room = (end - OPENED) * PART_FOR_WAVES
    assert all(wave.due_at - OPENED <= room + timedelta(seconds=1) for wave in waves)


def test_a_plan_of_another_length_is_none():
    with pytest.raises(ValueError, match="one time for each wave"):
        plan([0, 5], OPENED, OPENED + HOUR)


def test_a_wave_can_be_left_out():
    waves = plan([0, None, None, 30, None], OPENED, OPENED + 24 * HOUR)
    assert [wave.rule for wave in waves] == [WaveRule.BEST_FIT, WaveRule.SISTERS]


@pytest.mark.parametrize("night", [datetime(2026, 3, 8, 6, 55, tzinfo=UTC), datetime(2026, 11, 1, 5, 55, tzinfo=UTC)])
def test_nights_in_which_the_clocks_change_change_no_wave(night):
    """Waves are stretches of real time, whatever the clocks on the wall do in between."""
    waves = plan(DEFAULT_MINUTES[Pace.NOW], night, night + HOUR)
    assert [(wave.due_at - night) / MINUTE for wave in waves] == [0, 3, 5, 8, 15]


# --- who may raise what -----------------------------------------------------------------------

FINE = Raising(members=5, live=0, raised_today=0, needs=1, kind_active=True, may_by_protocol=True, street="Oak & 3rd")


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, None),
        ({"members": 4}, Refusal.FORMING),
        ({"kind_active": False}, Refusal.KIND_RETIRED),
        ({"may_by_protocol": False}, Refusal.ORGANIZERS_ONLY),
        ({"street": "  "}, Refusal.NO_STREET),
        ({"needs": 0}, Refusal.NO_NEEDS),
        ({"needs": 8}, None),
        ({"needs": 9}, Refusal.TOO_MANY_NEEDS),
        ({"live": 5}, None),
        ({"live": 6}, Refusal.TOO_MANY_LIVE),
        ({"raised_today": 4}, None),
        ({"raised_today": 5}, Refusal.TOO_MANY_TODAY),
    ],
)
def test_why_a_call_can_not_be_raised(change, refused):
    given_ = Raising(**{**vars(FINE), **change})
    assert raising.refusal(given_, now=OPENED, needed_at=OPENED + HOUR) is refused


@pytest.mark.parametrize(
    ("needed_in", "refused"),
    [
        (-5 * MINUTE, None),
        (-6 * MINUTE, Refusal.IN_THE_PAST),
        (timedelta(days=14), None),
        (timedelta(days=14, minutes=1), Refusal.TOO_FAR_OFF),
    ],
)
def test_for_when_a_call_can_be_raised(needed_in, refused):
    assert raising.refusal(FINE, now=OPENED, needed_at=OPENED + needed_in) is refused


# --- protocols --------------------------------------------------------------------------------


@pytest.mark.parametrize("pace", Pace)
def test_the_usual_plans_could_be_written_by_a_pod(pace):
    assert protocol_refusal(pace, DEFAULT_MINUTES[pace]) is None
    late = [0, 1, 2, 3, latest_minute(pace) + 1]
    assert protocol_refusal(pace, late) is not None
    assert protocol_refusal(pace, [0, 5, 5, None, None]) is not None
    assert protocol_refusal(pace, [1, 2, 3, 4, 5]) is not None


# --- quiet hours ------------------------------------------------------------------------------

NIGHT = {"time_zone": "America/New_York", "quiet_from": time(22), "quiet_until": time(7)}


def at(*when, fold=0):
    return datetime(*when, tzinfo=NEW_YORK, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 3, 4, 21, 59), None),
        (at(2026, 3, 4, 22, 0), at(2026, 3, 5, 7)),
        (at(2026, 3, 5, 6, 59), at(2026, 3, 5, 7)),
        (at(2026, 3, 5, 7, 0), None),
        # The night that is an hour short, and the one that is an hour long.
        (at(2026, 3, 7, 23, 0), at(2026, 3, 8, 7)),
        (at(2026, 3, 8, 3, 1), at(2026, 3, 8, 7)),
        (at(2026, 11, 1, 1, 30), at(2026, 11, 1, 7)),
        (at(2026, 11, 1, 1, 30, fold=1), at(2026, 11, 1, 7)),
    ],
)
def test_until_when_somebody_sleeps(now, until):
    assert asleep_until(now=now, **NIGHT, urgent=False, may_wake=False) == until
    assert asleep_until(now=now, **NIGHT, urgent=True, may_wake=False) == until
    assert asleep_until(now=now, **NIGHT, urgent=False, may_wake=True) == until
    assert asleep_until(now=now, **NIGHT, urgent=True, may_wake=True) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.times(), st.times())
def test_nobody_sleeps_longer_than_a_day_and_an_hour(now, begins, ends):
    until = asleep_until(
        now=now, time_zone="America/New_York", quiet_from=begins, quiet_until=ends, urgent=False, may_wake=False
    )
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        again = asleep_until(
            now=until, time_zone="America/New_York", quiet_from=begins, quiet_until=ends, urgent=False, may_wake=False
        )
        assert again is None
