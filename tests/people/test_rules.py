"""Quiet hours on the wall of a zone, across changes of clocks, and stretches of rest."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.people.rules import NoRest, merged, quiet_ends, rest_presets, rest_refused, touches

EAST = "America/New_York"
NIGHT = (time(22), time(7))


def at(text: str, zone: str = EAST, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def test_no_hours_no_quiet():
    assert quiet_ends(at("2026-01-10T03:00"), EAST, None, None) is None
    assert quiet_ends(at("2026-01-10T03:00"), EAST, time(3), time(3)) is None


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-01-10T21:59", None),
        ("2026-01-10T22:00", "2026-01-11T07:00"),
        ("2026-01-11T00:00", "2026-01-11T07:00"),
        ("2026-01-11T06:59", "2026-01-11T07:00"),
        ("2026-01-11T07:00", None),
    ],
)
def test_a_night_over_midnight(now: str, ends: str | None):
    assert quiet_ends(at(now), EAST, *NIGHT) == (at(ends) if ends else None)


def test_a_quiet_afternoon():
    assert quiet_ends(at("2026-01-10T14:30"), EAST, time(13), time(15)) == at("2026-01-10T15:00")
    assert quiet_ends(at("2026-01-10T15:30"), EAST, time(13), time(15)) is None


def test_it_is_the_persons_zone_that_counts():
    three_at_night = at("2026-01-10T03:00", "America/New_York")
    assert quiet_ends(three_at_night, "Asia/Tokyo", *NIGHT) is None
    assert quiet_ends(three_at_night, EAST, *NIGHT) == at("2026-01-10T07:00")


def test_the_spring_night_is_an_hour_shorter():
    ends = quiet_ends(at("2026-03-07T22:00"), EAST, *NIGHT)
    assert ends is not None
    assert ends - at("2026-03-07T22:00").astimezone(UTC) == timedelta(hours=8)
    assert ends.astimezone(ZoneInfo(EAST)).time() == time(7)


def test_an_hour_that_spring_leaves_out_means_the_jump():
    # At 02:00 the clocks jump to 03:00; there is no 02:30.
    ends = quiet_ends(at("2026-03-08T01:00"), EAST, time(22), time(2, 30))
    assert ends == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    assert quiet_ends(datetime(2026, 3, 8, 7, 0, tzinfo=UTC), EAST, time(22), time(2, 30)) is None
    begins = quiet_ends(datetime(2026, 3, 8, 7, 0, tzinfo=UTC), EAST, time(2, 30), time(8))
    assert begins == at("2026-03-08T08:00").astimezone(UTC)


def test_the_autumn_night_is_not_cut_in_two():
    # At 02:00 the clocks go back to 01:00; 01:30 comes twice, and the second one ends the night.
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    for now in (at("2026-11-01T00:30"), at("2026-11-01T01:45"), at("2026-11-01T01:10", fold=1)):
        assert quiet_ends(now, EAST, time(22), time(1, 30)) == second
    assert quiet_ends(second, EAST, time(22), time(1, 30)) is None
    assert quiet_ends(at("2026-11-01T01:40"), EAST, time(1, 30), time(5)) == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_an_unknown_zone_is_utc():
    now = datetime(2026, 1, 10, 23, tzinfo=UTC)
    assert quiet_ends(now, "Nowhere/Atlantis", *NIGHT) == datetime(2026, 1, 11, 7, tzinfo=UTC)
    assert quiet_ends(now, "../etc/passwd", *NIGHT) == datetime(2026, 1, 11, 7, tzinfo=UTC)


@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from([EAST, "UTC", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia"]),
    begins=st.times(),
    until=st.times(),
)
def test_the_end_is_ahead_soon_and_truly_the_end(now: datetime, zone: str, begins: time, until: time):
    ends = quiet_ends(now, zone, begins.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0))
    if ends is not None:
        assert now < ends <= now + timedelta(hours=26)
        again = quiet_ends(ends, zone, begins.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0))
        assert again is None or again > ends


WEDNESDAY = date(2026, 3, 4)


def test_the_usual_rests():
    assert rest_presets(WEDNESDAY) == {
        "weekend": (date(2026, 3, 7), date(2026, 3, 8)),
        "week": (WEDNESDAY, date(2026, 3, 10)),
        "month": (WEDNESDAY, date(2026, 4, 2)),
    }
    assert rest_presets(date(2026, 3, 7))["weekend"] == (date(2026, 3, 7), date(2026, 3, 8))
    assert rest_presets(date(2026, 3, 8))["weekend"] == (date(2026, 3, 8), date(2026, 3, 8))


def test_days_that_cannot_be_rested():
    day = timedelta(days=1)
    assert rest_refused(first=WEDNESDAY, last=WEDNESDAY, today=WEDNESDAY) is None
    assert rest_refused(first=WEDNESDAY - 5 * day, last=WEDNESDAY, today=WEDNESDAY) is None
    assert rest_refused(first=WEDNESDAY + 2 * day, last=WEDNESDAY + day, today=WEDNESDAY) is NoRest.BACKWARDS
    assert rest_refused(first=WEDNESDAY - day, last=WEDNESDAY - day, today=WEDNESDAY) is NoRest.PAST
    assert rest_refused(first=WEDNESDAY, last=WEDNESDAY + 366 * day, today=WEDNESDAY) is None
    assert rest_refused(first=WEDNESDAY, last=WEDNESDAY + 367 * day, today=WEDNESDAY) is NoRest.TOO_LONG


def test_rests_that_touch_become_one():
    day = timedelta(days=1)
    before = (WEDNESDAY - 3 * day, WEDNESDAY - day)
    apart = (WEDNESDAY + 9 * day, WEDNESDAY + 10 * day)
    assert touches((WEDNESDAY, WEDNESDAY), before)
    assert not touches((WEDNESDAY, WEDNESDAY), apart)
    assert merged(WEDNESDAY, WEDNESDAY + 7 * day, [before, apart]) == (WEDNESDAY - 3 * day, WEDNESDAY + 7 * day)
