"""What may happen among people: pure Python, without a database and without a clock of its own."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

SEATS_MOST = 30
DAYS_USUAL = 14
DAYS_MOST = 60
# More links than this at a time nobody keeps in view, and a forgotten link is an open door.
OPEN_LINKS_MOST = 10
TERM_DAYS_MOST = 366


class Closed(StrEnum):
    """Why nobody can join with an invitation any more."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    USED = "used"


class NoInvitation(StrEnum):
    """Why an invitation can't be made."""

    SEATS = "seats"
    DAYS = "days"
    TOO_MANY = "too_many"


class NoTerm(StrEnum):
    """Why a term of an organizer can't be given or ended."""

    PAST = "past"
    TOO_LONG = "too_long"
    LAST = "last"


def closed(*, revoked_at: datetime | None, expires_at: datetime, used: int, seats: int, now: datetime) -> Closed | None:
    """Return why an invitation is closed, or None while somebody can join with it."""
    if revoked_at is not None:
        return Closed.REVOKED
    if used >= seats:
        return Closed.USED
    return Closed.EXPIRED if expires_at <= now else None


def invitation_refused(*, seats: int, days: int, open_links: int) -> NoInvitation | None:
    """Return why a member can't make this link, or None."""
    if not 1 <= seats <= SEATS_MOST:
        return NoInvitation.SEATS
    if not 1 <= days <= DAYS_MOST:
        return NoInvitation.DAYS
    return NoInvitation.TOO_MANY if open_links >= OPEN_LINKS_MOST else None


def term_refused(*, today: date, until: date) -> NoTerm | None:
    """Return why nobody can be made an organizer until that day, or None. A year is the most at a time."""
    if until <= today:
        return NoTerm.PAST
    return NoTerm.TOO_LONG if until > today + timedelta(days=TERM_DAYS_MOST) else None


def ending_refused(*, person: int, organizers: Collection[int]) -> NoTerm | None:
    """Return why this person's term can't be ended now, or None. The last organizer stays."""
    return None if set(organizers) - {person} else NoTerm.LAST


# --- quiet hours ----------------------------------------------------------------------------


def zone(name: str) -> tzinfo:
    """Return the time zone of that name; UTC where it means nothing to this machine."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def quiet_ends(now: datetime, time_zone: str, quiet_from: time | None, quiet_until: time | None) -> datetime | None:
    """Return when the quiet hours that hold now end, or None outside of them.

    The hours are those on the wall of that zone. Each night is a stretch of real time, so that it is never cut in two
    when clocks go back (it begins at the first 01:30 and ends at the second), and an hour that a spring night leaves
    out means the moment at which the clocks jump over it.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return None
    tz = zone(time_zone)
    today = now.astimezone(tz).date()
    over_midnight = timedelta(days=1 if quiet_from > quiet_until else 0)
    for day in (today - timedelta(days=1), today):
        begins = wall_moment(day, quiet_from, tz, later=False)
        ends = wall_moment(day + over_midnight, quiet_until, tz, later=True)
        if begins <= now < ends:
            return ends
    return None


def wall_moment(day: date, wall: time, tz: tzinfo, *, later: bool) -> datetime:
    """Return the moment, in UTC, at which the wall clock shows this; of two, the earlier or the later."""
    shown = datetime.combine(day, wall)
    moments = sorted(shown.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if moments[0].astimezone(tz).replace(tzinfo=None) == shown:
        return moments[1 if later else 0]
    # The clocks jump over it: the first minute whose wall clock is past it.
    moment = moments[0]
    while moment.astimezone(tz).replace(tzinfo=None) < shown:
        moment += timedelta(minutes=1)
    return moment


# --- rest -----------------------------------------------------------------------------------

REST_DAYS_MOST = 366
SATURDAY = 5


class NoRest(StrEnum):
    """Why these days can't be days of rest."""

    PAST = "past"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


def rest_refused(*, first: date, last: date, today: date) -> NoRest | None:
    """Return why nobody can rest from `first` to `last`, or None. No reason is asked; a year is the most at a time."""
    if last < today:
        return NoRest.PAST
    if last < first:
        return NoRest.BACKWARDS
    return NoRest.TOO_LONG if last > today + timedelta(days=REST_DAYS_MOST) else None


def rest_presets(today: date) -> dict[str, tuple[date, date]]:
    """Return the usual rests by name, first and last day: what is left of this weekend, a week, a month."""
    saturday = today + timedelta(days=max(0, SATURDAY - today.weekday()))
    sunday = today + timedelta(days=6 - today.weekday())
    return {
        "weekend": (saturday, sunday),
        "week": (today, today + timedelta(days=6)),
        "month": (today, today + timedelta(days=29)),
    }


def merged(first: date, last: date, others: Collection[tuple[date, date]]) -> tuple[date, date]:
    """Return one stretch of days for this one and all others that it touches."""
    touching = [(first, last), *(other for other in others if touches((first, last), other))]
    return min(one[0] for one in touching), max(one[1] for one in touching)


def touches(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Return whether two stretches of days (first and last) overlap or follow each other without a day between."""
    day = timedelta(days=1)
    return one[0] <= other[1] + day and other[0] <= one[1] + day
