"""A laundry where people have listened, a station there, and hands for its shifts."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commons.notices.models import Delivery, Link
from commons.people.models import Person
from sites.actions import moves, popups, shift_turn, shifts
from sites.actions.moves import Moved, Plan
from sites.actions.popups import Rhythm, Said
from sites.models import ListeningRound, Need, Neighbourhood, Place, Popup, Shift, ShiftRole, StandInOffer
from sites.states import HostWord, Role
from tests.factories import PersonFactory

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# A Thursday at noon in New York; clocks go back there on the first of November.
NOW = datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = Rhythm(1, time(18), 120)
THURSDAY = Rhythm(3, time(17, 30), 90)
ROLES = [(Role.LEAD, "", 1, 1), (Role.SERVER, "", 1, 3), (Role.OWN, "Sits with children", 0, 1)]


def neighbourhood() -> Neighbourhood:
    return Neighbourhood.objects.get_or_create(
        only=True, defaults={"name": "Mill Row Mutual Aid", "time_zone": "America/New_York", "emergency_number": "911"}
    )[0]


def laundry(now: datetime, *, heard: bool = True, name: str = "Suds") -> Place:
    """A place; `heard` says that a week of listening is behind it."""
    neighbourhood()
    place = Place.objects.create(
        kind="laundry", name=name, sort_key=name.lower(), latitude=39.3, longitude=-76.6, made_at=now, changed_at=now
    )
    if heard:
        before = now - timedelta(days=30)
        ListeningRound.objects.create(
            place=place, begun_at=before, closes_at=before + WEEK * 2, ended_at=before + WEEK, heard_at=before + WEEK
        )
    return place


def need(key: str = "detergent") -> Need:
    return Need.objects.get_or_create(key=key, defaults={"sort_key": key})[0]


def planned(now: datetime, *, by: Person | None = None, place: Place | None = None, **more: Any) -> Popup:
    said = {"weekday": 1, "starts": time(18), "minutes": 120, **more}
    return popups.plan(
        by=by or PersonFactory(handle="Planner"),
        place=place or laundry(now),
        need=need(),
        said=Said(
            said.pop("name", "Free detergent"),
            "A laundry of our own.",
            "loads washed",
            ("Detergent, two boxes", "Extension lead"),
        ),
        roles=said.pop("roles", ROLES),
        rhythm=Rhythm(**said),
        now=now,
    )


def running(now: datetime, **more: Any) -> Popup:
    return popups.open_station(popup=planned(now, **more), host=HostWord.AGREED, now=now)


def next_shift(popup: Popup, now: datetime) -> Shift:
    return Shift.objects.select_related("popup").filter(popup=popup, starts_at__gt=now).order_by("starts_at")[0]


def role(shift: Shift, key: Role) -> ShiftRole:
    return shift.roles.get(role=key.value)


def willing(popup: Popup, count: int, now: datetime) -> list[Person]:
    """So many who may be asked to stand in."""
    people = [PersonFactory() for _ in range(count)]
    StandInOffer.objects.bulk_create([StandInOffer(popup=popup, person=one, offered_at=now) for one in people])
    return people


def link_of(shift: Shift, person: Person) -> str:
    """The path of the link in this person's message."""
    return f"/s/{Link.objects.get(purpose='shift', subject=shift.subject, person=person).token()}/"


def staffed(popup: Popup, shift: Shift, lead: Person, server: Person) -> None:
    """Somebody leads this shift, and somebody serves."""
    shifts.join(shift=shift, role=role(shift, Role.LEAD), person=lead, now=NOW)
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=server, now=NOW)


def turned(shift: Shift, now: datetime) -> Shift:
    """The shift after all that was due was done."""
    shift_turn.turn_due(now=now)
    return Shift.objects.select_related("popup").get(pk=shift.pk)


def kinds(shift: Shift, *, but: str = "shift.alone") -> list[tuple[str, int]]:
    """What was queued about a shift and for whom; that nobody is left to ask has tests of its own."""
    rows = Delivery.objects.filter(subject=shift.subject).exclude(state="suppressed").exclude(kind=but)
    return list(rows.order_by("id").values_list("kind", "person_id"))


def moved(popup: Popup, rhythm: Rhythm = THURSDAY, *, now: datetime = NOW, **more: Any) -> Moved:
    """The station as it is now, otherwise."""
    popup.refresh_from_db()
    first, version = more.pop("first", None), more.pop("version", popup.version)
    plan = Plan(more.pop("place", popup.place), rhythm, more.pop("roles", ROLES), **more)
    return moves.move(popup=popup, plan=plan, version=version, first=first, now=now)


def on_the_wall(popup: Popup) -> list[str]:
    """The weeks of a station as a clock there shows them."""
    return [one.starts_at.astimezone(NEW_YORK).strftime("%a %d %H:%M") for one in popup.shifts.order_by("starts_at")]
