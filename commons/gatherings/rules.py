"""What may happen with a gathering: pure Python, without a database and without a clock of its own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from commons.gatherings.states import UNRECORDED, Kind, OpenTo, Said, State

MINUTES_LEAST, MINUTES_MOST = 15, 24 * 60
# Further ahead nobody plans, and a typing error in the year would be taken for a date.
AHEAD_MOST = timedelta(days=550)
# What one person has announced and not held yet.
HOSTED_MOST = 20
PARTY_MOST = 10
CHILDREN_MOST = 10
ITEMS_MOST = 30
ITEM_WORDS_MOST = 120
# A stranger learns where exactly only when little time is left to lie in wait there, and the host still sees how many
# guests there are and can close the link before (security.md T5: where people meet).
GUESTS_LEARN_BEFORE = timedelta(hours=24)
REMIND_BEFORE = timedelta(hours=24)
# What was made or said so long after the end still came of it: people write things down when they are home.
PRODUCED_UNTIL = timedelta(hours=12)
# A debrief's notes are read for a month (mission P11, security rule 11); so long can they be written, too.
NOTES_KEPT = timedelta(days=30)


class NotNow(StrEnum):
    """Why something can't be done with a gathering now."""

    CANCELLED = "cancelled"
    OVER = "over"
    NOT_OVER = "not_over"
    PAST = "past"
    TOO_FAR = "too_far"
    LENGTH = "length"
    AGENDA = "agenda"
    FULL_ALREADY = "full_already"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    NO_CHILDCARE = "no_childcare"
    CHILDREN = "children"
    UNRECORDED = "unrecorded"
    LATE = "late"


@dataclass(frozen=True)
class Plan:
    """All that a host says of a gathering."""

    kind: str
    title: str
    starts_at: datetime
    minutes: int
    place: str
    own_kind: str = ""
    purpose: str = ""
    address: str = ""
    online: str = ""
    agenda: tuple[tuple[int, str], ...] = ()
    languages: tuple[str, ...] = ()
    interpreted: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    food: str = ""
    childcare: bool = False
    childcare_places: int | None = None
    capacity: int | None = None
    open_to: str = OpenTo.MEMBERS.value


@dataclass(frozen=True)
class Party:
    """What somebody says who comes: for how many, with how many children, and what they need."""

    people: int = 1
    children: int = 0
    needs: tuple[str, ...] = ()
    language: str = ""
    name: str = ""
    note: str = ""


# --- when -------------------------------------------------------------------------------------------


def moment(wall: datetime, zone: tzinfo) -> datetime | None:
    """Return the instant, in UTC, at which the wall clock of that zone shows this; None where it never does.

    Where it shows it twice, as clocks go back, the first is meant.
    """
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None


def time_refused(
    *, starts_at: datetime, minutes: int, agenda: Iterable[tuple[int, str]], now: datetime, begun: bool = False
) -> NotNow | None:
    """Return why nobody can gather then, or None; one that has `begun` may still be made longer."""
    if starts_at <= now and not begun:
        return NotNow.PAST
    if starts_at > now + AHEAD_MOST:
        return NotNow.TOO_FAR
    if not MINUTES_LEAST <= minutes <= MINUTES_MOST:
        return NotNow.LENGTH
    return NotNow.AGENDA if sum(taken for taken, _words in agenda) > minutes else None


# --- the agenda -------------------------------------------------------------------------------------

_ITEM = re.compile(
    r"(?P<minutes>\d{1,4})\s*(?:min\.?|minutes|minutos|m|['′])?\s*[-–:.,]?\s+(?P<words>\S.*)", re.IGNORECASE
)


class BadLine(ValueError):
    """A line of an agenda that doesn't begin with its minutes, or is too long."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_agenda(text: str) -> list[tuple[int, str]]:
    """Return the items of an agenda as typed, one a line, minutes first: "20 Rounds of names"; raises `BadLine`."""
    items = []
    for line in text.splitlines():
        said = " ".join(line.split())
        if not said:
            continue
        found = _ITEM.fullmatch(said)
        if found is None or not 1 <= int(found["minutes"]) <= MINUTES_MOST or len(found["words"]) > ITEM_WORDS_MOST:
            raise BadLine(said[:60])
        items.append((int(found["minutes"]), found["words"]))
    if len(items) > ITEMS_MOST:
        raise BadLine(items[ITEMS_MOST][1][:60])
    return items


def write_agenda(items: Iterable[Sequence[int | str]]) -> str:
    """Return the items as they are typed."""
    return "\n".join(f"{minutes} {words}" for minutes, words in items)


def clocked(items: Iterable[tuple[int, str]], starts_at: datetime) -> list[tuple[datetime, int, str]]:
    """Return each item with the moment at which it begins."""
    at, said = starts_at, []
    for minutes, words in items:
        said.append((at, minutes, words))
        at += timedelta(minutes=minutes)
    return said


# --- who comes --------------------------------------------------------------------------------------


def answer_refused(*, state: State, ends_at: datetime, now: datetime) -> NotNow | None:
    """Return why nobody can say any more whether they come, or None."""
    if state is State.CANCELLED:
        return NotNow.CANCELLED
    return NotNow.OVER if ends_at <= now else None


def seated(*, before: Said | None, had: int, wants: int, capacity: int | None, taken: int) -> Said | None:
    """Return what a party that wants to come gets: seats, or the waiting list; None where it may not grow.

    `had` seats of `taken` are its own already. Whoever has seats keeps them: a party that grows beyond what is free
    is told so, and is not sent behind those who wait.
    """
    if capacity is None or taken - (had if before is Said.YES else 0) + wants <= capacity:
        return Said.YES
    return None if before is Said.YES else Said.WAITING


def called_up(*, free: int | None, waiting: Iterable[tuple[int, int]]) -> list[int]:
    """Return who of those waiting (id, size; the longest first) gets seats now that `free` are; None means no limit.

    In their order, whoever fits: a large party that doesn't fit yet keeps its place and holds up nobody.
    """
    called = []
    for one, size in waiting:
        if free is None:
            called.append(one)
        elif size <= free:
            called.append(one)
            free -= size
    return called


def children_refused(*, children: int, childcare: bool, places: int | None, others: int) -> NotNow | None:
    """Return why these children can't be looked after, beside the `others`, or None."""
    if not children:
        return None
    if not childcare:
        return NotNow.NO_CHILDCARE
    return NotNow.CHILDREN if places is not None and others + children > places else None


def address_open(*, said: Said | None, guest: bool, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Return whether somebody who said this may read the exact address and the online link now.

    Only who has a seat, until the end; members at once, guests a day before (see `GUESTS_LEARN_BEFORE`).
    """
    if said is not Said.YES or now >= ends_at:
        return False
    return not guest or now >= starts_at - GUESTS_LEARN_BEFORE


# --- after ------------------------------------------------------------------------------------------


def record_refused(*, kind: Kind, state: State, starts_at: datetime, ends_at: datetime, now: datetime) -> NotNow | None:
    """Return why nothing can be written about how it was, or None."""
    if kind in UNRECORDED:
        return NotNow.UNRECORDED
    if state is State.CANCELLED:
        return NotNow.CANCELLED
    if starts_at > now:
        return NotNow.NOT_OVER
    return NotNow.LATE if now > ends_at + NOTES_KEPT else None
