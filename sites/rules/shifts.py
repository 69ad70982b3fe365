"""Weekly shifts: when they are on the wall and in the world, what is due about each, and what may be done when (S6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from commons.people.rules import wall_moment
from sites.states import Role, ShiftState

WEEK = timedelta(days=7)
# So many weeks stand on the page to sign up for.
WEEKS_AHEAD = 4
MINUTES_FEWEST, MINUTES_MOST = 30, 12 * 60
SLOTS_MOST = 12
ROLES_MOST = 6

# "Confirm a day before, a stand-in if someone drops out" (mission S6). The hours are ours.
REMIND_BEFORE = timedelta(hours=24)
# Places that nobody holds are asked for from here on; before that the page has time to fill them.
ASK_BEFORE = timedelta(hours=48)
CONFIRM_BEFORE = timedelta(hours=6)
# So long before the shift whoever leads it hears at the latest that somebody is missing: a telephone call still helps.
TELL_BEFORE = timedelta(hours=3)
# However late a reminder went out, its reader has this long.
CONFIRM_WITHIN = timedelta(hours=3)
# A week that is announced as closed is announced while nobody has set out for it.
ANNOUNCE_BEFORE = timedelta(hours=24)
OPENS_BEFORE = timedelta(hours=2)
SETTLE_AFTER = timedelta(hours=24)
CORRECT_FOR = timedelta(days=14)


def span(day: date, starts: time, minutes: int, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when the shift of that day begins and ends, in UTC.

    It begins when the clocks on the wall of `zone` show `starts`: at the first of two such moments on an autumn night,
    and at the moment of the jump where a spring night leaves that time out. It lasts as long as it says, in real time.
    """
    begins = wall_moment(day, starts, zone, later=False)
    return begins, begins + timedelta(minutes=minutes)


def first_day(on_or_after: date, weekday: int) -> date:
    """Return the first such weekday (Monday is 0) from a day on."""
    return on_or_after + timedelta(days=(weekday - on_or_after.weekday()) % 7)


def days(after: date, until: date) -> list[date]:
    """Return one day a week later than `after`, on the same weekday, up to and including `until`."""
    return [after + WEEK * number for number in range(1, max(0, (until - after).days) // 7 + 1)]


@dataclass(frozen=True)
class Times:
    """A shift's times, and what was done about it so far; all moments are UTC."""

    starts_at: datetime
    ends_at: datetime
    reminded_at: datetime | None = None
    lapsed_at: datetime | None = None
    # When the next few are asked to stand in, as long as somebody is missing.
    ask_at: datetime | None = None
    # Since when it is known that somebody is missing and nobody is left to ask.
    alone_at: datetime | None = None

    @property
    def remind_at(self) -> datetime:
        """Return when those who signed up are asked whether it still holds."""
        return self.starts_at - REMIND_BEFORE

    @property
    def confirm_by(self) -> datetime:
        """Return until when they can say so before somebody else is asked; a late reminder moves it."""
        by = self.starts_at - CONFIRM_BEFORE
        return by if self.reminded_at is None else max(by, self.reminded_at + CONFIRM_WITHIN)

    @property
    def ask_from(self) -> datetime:
        """Return from when stand-ins are asked."""
        return self.starts_at - ASK_BEFORE

    @property
    def tell_at(self) -> datetime:
        """Return when whoever leads it is told that somebody is missing, whoever may still be asked."""
        return self.starts_at - TELL_BEFORE

    @property
    def settles_at(self) -> datetime:
        """Return when a shift that nobody wrote anything down about counts as not held."""
        return self.ends_at + SETTLE_AFTER


class Step(StrEnum):
    """What can be due about a coming shift."""

    REMIND = "remind"
    LAPSE = "lapse"
    ASK = "ask"
    TELL = "tell"
    SETTLE = "settle"


def steps(times: Times, now: datetime, *, missing: bool) -> list[Step]:
    """Return what is due about a coming shift now, in order. What a stopped server left undone is due as well.

    `missing` says whether a role has fewer people than it needs. Once a shift has begun nobody is asked for anything.
    """
    if now >= times.starts_at:
        return [Step.SETTLE] if now >= times.settles_at else []
    due = []
    if times.reminded_at is None and now >= times.remind_at:
        due.append(Step.REMIND)
    elif times.reminded_at is not None and times.lapsed_at is None and now >= times.confirm_by:
        due.append(Step.LAPSE)
    if missing and now >= (times.ask_at or times.ask_from):
        due.append(Step.ASK)
    if missing and times.alone_at is None and now >= times.tell_at:
        due.append(Step.TELL)
    return due


def next_due(times: Times, now: datetime, *, missing: bool) -> datetime:
    """Return when to look at a coming shift again: the earliest moment at which something new can be due."""
    moments = [times.settles_at]
    if times.reminded_at is None:
        moments.append(times.remind_at)
    elif times.lapsed_at is None:
        moments.append(times.confirm_by)
    if missing:
        moments.append(times.ask_at or times.ask_from)
        if times.alone_at is None:
            moments.append(times.tell_at)
    before = [moment for moment in moments if moment < times.starts_at]
    # Nothing but the settling is due once it has begun, however late somebody looks.
    return min(before) if before and now < times.starts_at else times.settles_at


def wait(left: timedelta) -> timedelta:
    """Return how long the few who were asked have before a few more are: the less time is left, the shorter."""
    if left > timedelta(hours=24):
        return timedelta(hours=4)
    return timedelta(hours=1) if left > timedelta(hours=6) else timedelta(minutes=20)


def lacking(needed: Mapping[int, int], held: Mapping[int, int]) -> dict[int, int]:
    """Return how many each role (by id) still needs to reach its minimum; those that have it are left out."""
    return {
        role: least - held.get(role, 0) for role, least in needed.items() if least > held.get(role, 0)
    }  # fmt: skip


def free_slot(most: int, taken: Iterable[int]) -> int | None:
    """Return the lowest slot of a role, from 1 up to `most`, that nobody holds, or None.

    A role that was made smaller while more people had a place in it has none before enough of them have left.
    """
    gone = set(taken)
    if len(gone) >= most:
        return None
    return next(slot for slot in range(1, most + 1) if slot not in gone)


def outcome(*, opened: bool, roles: Sequence[tuple[int, int]]) -> ShiftState:
    """Return how a shift went, of (needed, came) for each role: kept is opened with its minimum roles (mission S7)."""
    if not opened:
        return ShiftState.MISSED
    return ShiftState.KEPT if all(came >= least for least, came in roles) else ShiftState.SHORT


class NoShift(StrEnum):
    """Why something can't be done about a shift now."""

    BEGUN = "begun"
    CLOSED = "closed"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    OVER = "over"
    OFF = "off"
    NOT_YET_OFF = "not_yet_off"


def sign_up_refused(state: ShiftState, starts_at: datetime, now: datetime) -> NoShift | None:
    """Return why nobody can take or leave a place on this shift, or None."""
    if state is ShiftState.CLOSED:
        return NoShift.CLOSED
    if state is ShiftState.MISSED and now < starts_at:
        return NoShift.OFF
    return NoShift.BEGUN if state is not ShiftState.COMING or now >= starts_at else None


def closing_refused(state: ShiftState, starts_at: datetime, now: datetime) -> NoShift | None:
    """Return why this week can't be announced as closed, or as open after all; or None.

    Later than a day before it would not be an announcement but a shift that was not kept.
    """
    if state not in (ShiftState.COMING, ShiftState.CLOSED):
        return NoShift.OVER
    return NoShift.TOO_LATE if now > starts_at - ANNOUNCE_BEFORE else None


def check_in_refused(state: ShiftState, times: Times, now: datetime) -> NoShift | None:
    """Return why nobody can write down how it went, or None: from shortly before it begins until two weeks after."""
    if state is ShiftState.CLOSED:
        return NoShift.CLOSED
    if now < times.starts_at - OPENS_BEFORE:
        return NoShift.TOO_EARLY
    return NoShift.OVER if now > times.ends_at + CORRECT_FOR else None


def calling_off_refused(state: ShiftState, starts_at: datetime, now: datetime) -> NoShift | None:
    """Return why this week can't be called off on its last day, or None; before that it is announced as closed.

    It counts as not kept, as if nobody had opened; but whoever has a place doesn't come for nothing.
    """
    if state is ShiftState.CLOSED:
        return NoShift.CLOSED
    if state is not ShiftState.COMING or now >= starts_at:
        return NoShift.OVER
    return NoShift.NOT_YET_OFF if now <= starts_at - ANNOUNCE_BEFORE else None


class NoPlan(StrEnum):
    """Why a station can't be planned like this."""

    LEAD = "lead"
    ROLES = "roles"
    SLOTS = "slots"
    LENGTH = "length"


def plan_refused(minutes: int, roles: Sequence[tuple[Role, int, int]]) -> NoPlan | None:
    """Return why a station can't have these shifts, or None; roles are (role, at least, at most)."""
    if not MINUTES_FEWEST <= minutes <= MINUTES_MOST:
        return NoPlan.LENGTH
    if sum(role is Role.LEAD and least >= 1 for role, least, _most in roles) != 1:
        return NoPlan.LEAD
    if len(roles) > ROLES_MOST:
        return NoPlan.ROLES
    if any(not 0 <= least <= most or not 1 <= most <= SLOTS_MOST for _role, least, most in roles):
        return NoPlan.SLOTS
    return None
