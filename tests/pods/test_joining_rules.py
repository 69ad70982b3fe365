"""Who comes into a pod, and who can't: whatever is tried."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pods.rules import joining
from pods.rules.health import SEATS
from pods.rules.joining import Naming, Outcome, Refusal, Settling

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)

settlings = st.builds(
    Settling,
    members=st.integers(0, SEATS),
    agreed=st.booleans(),
    vouches=st.integers(0, SEATS),
    objections=st.integers(0, SEATS),
    seated_already=st.booleans(),
)
namings = st.builds(
    Naming,
    members=st.integers(1, SEATS),
    open_joinings=st.integers(0, 20),
    seated_already=st.booleans(),
    under_way=st.booleans(),
    refused_at=st.none() | st.integers(0, 90).map(lambda days: NOW - timedelta(days=days)),
    by_themselves=st.booleans(),
    founding=st.booleans(),
)


@given(settlings)
def test_a_seat_needs_a_yes_two_vouches_no_objection_and_room(settling):
    seated = joining.outcome(settling) is Outcome.SEAT
    # In a pod of one nobody else is left to vouch.
    enough = 2 if settling.members >= 2 else 1
    assert seated == (
        settling.agreed
        and settling.vouches >= enough
        and settling.objections == 0
        and not settling.seated_already
        and settling.members <= 11
    )


@given(settlings, st.integers(1, 12))
def test_one_objection_outweighs_every_vouch(settling, objections):
    assert joining.outcome(Settling(settling.members, True, 12, objections)) is Outcome.NOT_NOW


@given(namings)
def test_nobody_is_named_into_a_full_pod(naming):
    refusal = joining.naming_refusal(naming, now=NOW)
    if naming.members == SEATS:
        assert refusal in {Refusal.FULL, Refusal.SEATED_ALREADY, Refusal.UNDER_WAY}
    if refusal is None:
        assert naming.members < SEATS
        assert not naming.seated_already
        assert not naming.under_way


@given(namings)
def test_nobody_is_pressed_again_within_a_month(naming):
    if naming.refused_at and NOW - naming.refused_at < timedelta(days=30):
        assert joining.naming_refusal(naming, now=NOW) is not None


@given(st.sets(st.integers(1, SEATS)))
def test_the_lowest_free_seat_is_given_and_there_is_no_thirteenth(taken):
    seat = joining.free_seat(taken)
    if len(taken) == SEATS:
        assert seat is None
    else:
        assert seat == min(set(range(1, SEATS + 1)) - taken)


@given(st.integers(0, 60 * 24 * 30))
def test_the_day_is_one_of_seven(minutes):
    assert 1 <= joining.days_passed(NOW, NOW + timedelta(minutes=minutes)) <= 7


def test_the_seven_days_end_to_the_minute():
    closes = NOW + joining.OBJECTION_TIME
    assert joining.step_refusal(closes_at=closes, now=closes - timedelta(seconds=1)) is None
    assert joining.step_refusal(closes_at=closes, now=closes) is Refusal.OVER
    assert timedelta(days=7) == joining.OBJECTION_TIME


def test_a_pod_that_has_shrunk_still_vouches():
    shrunk = Settling(members=3, agreed=True, vouches=1, objections=0)
    assert joining.outcome(shrunk) is Outcome.NOT_NOW
    assert joining.outcome(replace(shrunk, vouches=2)) is Outcome.SEAT
    assert joining.outcome(replace(shrunk, members=1)) is Outcome.SEAT
    assert joining.outcome(replace(shrunk, members=1, vouches=0)) is Outcome.NOT_NOW
