"""What may happen with a gathering: times and clocks that change, agendas, seats, children, addresses."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from commons.gatherings import rules
from commons.gatherings.queries.kinds import PROPOSALS
from commons.gatherings.rules import BadLine, NotNow
from commons.gatherings.states import Kind, Said, State

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
# By half hours and by whole ones, north and south, and one that left out a day.
ZONES = ["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Asia/Gaza"]


# --- when -------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)), st.sampled_from(ZONES))
def test_the_wall_shows_what_was_typed_or_never_does(wall, name):
    zone = ZoneInfo(name)
    found = rules.moment(wall, zone)
    if found is None:
        # No instant of that day or its neighbours shows it.
        around = datetime.combine(wall.date(), wall.time(), UTC) - timedelta(hours=30)
        shown = {(around + timedelta(minutes=15 * n)).astimezone(zone).replace(tzinfo=None) for n in range(4 * 60)}
        assert wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0) not in shown
    else:
        assert found.astimezone(zone).replace(tzinfo=None) == wall


def test_an_hour_that_spring_leaves_out_is_no_time_and_of_two_the_first_is_meant():
    assert rules.moment(datetime(2027, 3, 14, 2, 30), NEW_YORK) is None
    twice = rules.moment(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    assert twice == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_the_agenda_goes_on_through_the_night_in_which_clocks_change():
    begins = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)  # 00:30 there; at 2:00 it is 1:00 again
    walls = [
        at.astimezone(NEW_YORK).strftime("%H:%M") for at, _taken, _words in rules.clocked(((60, "a"),) * 4, begins)
    ]
    assert walls == ["00:30", "01:30", "01:30", "02:30"]


@pytest.mark.parametrize(
    ("starts_in", "minutes", "agenda", "begun", "why"),
    [
        (timedelta(minutes=1), 60, [], False, None),
        (timedelta(0), 60, [], False, NotNow.PAST),
        (timedelta(0), 60, [], True, None),
        (-timedelta(hours=1), 60, [(61, "x")], True, NotNow.AGENDA),
        (timedelta(days=551), 60, [], False, NotNow.TOO_FAR),
        (timedelta(days=1), 14, [], False, NotNow.LENGTH),
        (timedelta(days=1), 24 * 60 + 1, [], False, NotNow.LENGTH),
        (timedelta(days=1), 60, [(30, "x"), (30, "y")], False, None),
        (timedelta(days=1), 60, [(30, "x"), (31, "y")], False, NotNow.AGENDA),
    ],
)
def test_times_that_make_no_sense(starts_in, minutes, agenda, begun, why):
    assert rules.time_refused(starts_at=NOW + starts_in, minutes=minutes, agenda=agenda, now=NOW, begun=begun) is why


# --- the agenda -------------------------------------------------------------------------------------

WORDS = st.text("abzÑéØЖ中9", min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(1, 300), WORDS), max_size=rules.ITEMS_MOST))
def test_what_is_written_is_read_again(items):
    assume(all(not words.isdigit() for _minutes, words in items))
    assert rules.read_agenda(rules.write_agenda(items)) == items


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("20 Rounds", (20, "Rounds")),
        ("  20   min   Rounds  of names ", (20, "Rounds of names")),
        ("20' - Rounds", (20, "Rounds")),
        ("5 minutos: Bienvenida", (5, "Bienvenida")),
        ("10 m Tea", (10, "Tea")),
        ("10 2 questions", (10, "2 questions")),
    ],
)
def test_people_write_minutes_in_many_ways(line, item):
    assert rules.read_agenda(f"\n{line}\n\n") == [item]


@pytest.mark.parametrize(
    "text", ["Rounds", "20", "0 Rounds", "9999 Rounds", f"5 {'x' * 121}", "5 x\n" * 31, "twenty x"]
)
def test_what_is_no_item_is_quoted(text):
    with pytest.raises(BadLine) as refused:
        rules.read_agenda(text)
    assert 0 < len(refused.value.line) <= 60


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kinds_own_agenda_fits_its_length(kind):
    idea = PROPOSALS[kind]
    assert rules.time_refused(
        starts_at=NOW + timedelta(days=1),
        minutes=idea.minutes,
        agenda=[(minutes, str(words)) for minutes, words in idea.agenda],
        now=NOW,
    ) is None  # fmt: skip
    assert str(idea.what)


# --- who comes --------------------------------------------------------------------------------------


@given(
    st.none() | st.integers(1, 30),
    st.lists(st.tuples(st.sampled_from(["come", "leave"]), st.integers(0, 7), st.integers(1, 5)), max_size=60),
)
def test_seats_are_never_given_twice_and_nobody_who_fits_is_left_waiting(capacity, steps):
    """Parties come, grow, shrink and leave in any order, as `actions.seats` lets them."""
    parties: dict[int, tuple[Said, int, int]] = {}
    for turn, (step, who, size) in enumerate(steps):
        said, had, since = parties.get(who, (None, 0, turn))
        taken = sum(people for state, people, _since in parties.values() if state is Said.YES)
        if step == "leave":
            parties.pop(who, None)
        else:
            got = rules.seated(before=said, had=had, wants=size, capacity=capacity, taken=taken)
            if got is None:
                assert said is Said.YES
                assert size > had
                continue
            parties[who] = (got, size, since if got is said else turn)
        taken = sum(people for state, people, _since in parties.values() if state is Said.YES)
        waiting = sorted(
            (since, one, people) for one, (state, people, since) in parties.items() if state is Said.WAITING
        )
        free = None if capacity is None else capacity - taken
        for one in rules.called_up(free=free, waiting=[(one, people) for _since, one, people in waiting]):
            parties[one] = (Said.YES, parties[one][1], turn)
        taken = sum(people for state, people, _since in parties.values() if state is Said.YES)
        assert capacity is None or taken <= capacity
        left = None if capacity is None else capacity - taken
        for state, people, _since in parties.values():
            assert state is Said.YES or (left is not None and people > left)


def test_who_waited_longest_is_called_up_first_and_a_large_party_holds_up_nobody():
    assert rules.called_up(free=3, waiting=[(1, 4), (2, 1), (3, 2), (4, 1)]) == [2, 3]
    assert rules.called_up(free=None, waiting=[(1, 4), (2, 1)]) == [1, 2]
    assert rules.called_up(free=0, waiting=[(1, 1)]) == []


@pytest.mark.parametrize(
    ("children", "childcare", "places", "others", "why"),
    [
        (0, False, None, 0, None),
        (1, False, None, 0, NotNow.NO_CHILDCARE),
        (2, True, None, 90, None),
        (2, True, 8, 6, None),
        (3, True, 8, 6, NotNow.CHILDREN),
        (0, True, 8, 9, None),
    ],
)
def test_children_are_looked_after_where_there_is_room(children, childcare, places, others, why):
    assert rules.children_refused(children=children, childcare=childcare, places=places, others=others) is why


@pytest.mark.parametrize(
    ("said", "guest", "before", "opens"),
    [
        (Said.YES, False, timedelta(days=9), True),
        (Said.YES, True, timedelta(days=9), False),
        (Said.YES, True, timedelta(hours=24), True),
        (Said.YES, True, timedelta(hours=24, seconds=1), False),
        (Said.YES, False, -timedelta(hours=1), True),
        (Said.YES, False, -timedelta(hours=2), False),
        (Said.WAITING, False, timedelta(hours=1), False),
        (Said.NO, False, timedelta(hours=1), False),
        (None, False, timedelta(hours=1), False),
    ],
)
def test_the_address_opens_for_who_has_a_seat_for_guests_a_day_before(said, guest, before, opens):
    starts_at = NOW + before
    ends_at = starts_at + timedelta(hours=2)
    assert rules.address_open(said=said, guest=guest, starts_at=starts_at, ends_at=ends_at, now=NOW) is opens


@pytest.mark.parametrize(
    ("kind", "state", "since_end", "why"),
    [
        (Kind.DEBRIEF, State.PLANNED, timedelta(hours=1), None),
        (Kind.DEBRIEF, State.PLANNED, timedelta(days=30), None),
        (Kind.DEBRIEF, State.PLANNED, timedelta(days=30, seconds=1), NotNow.LATE),
        (Kind.DEBRIEF, State.PLANNED, -timedelta(hours=3), NotNow.NOT_OVER),
        (Kind.DEBRIEF, State.PLANNED, -timedelta(hours=1), None),
        (Kind.DEBRIEF, State.CANCELLED, timedelta(hours=1), NotNow.CANCELLED),
        (Kind.DECOMPRESSION, State.PLANNED, timedelta(hours=1), NotNow.UNRECORDED),
    ],
)
def test_what_can_be_written_down_and_until_when(kind, state, since_end, why):
    ends_at = NOW - since_end
    starts_at = ends_at - timedelta(hours=2)
    assert rules.record_refused(kind=kind, state=state, starts_at=starts_at, ends_at=ends_at, now=NOW) is why
