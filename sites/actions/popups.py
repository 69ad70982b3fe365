"""Stations: planned where people have listened, opened once the host agreed, ended with thanks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions.shift_news import tell_called_off
from sites.models import Need, Place, Popup, PopupRole, Shift, ShiftRole, StandInOffer, Supply
from sites.queries.neighbourhood import local_zone
from sites.queries.stages import standing
from sites.rules import shifts as rules
from sites.rules.shifts import NoPlan, Times
from sites.states import HostWord, PopupState, Role, ShiftState

AT_A_PLACE_MOST = 3
DAY = timedelta(days=1)
SENTENCES = {
    NoPlan.LENGTH: _("A shift lasts from half an hour to twelve hours."),
    NoPlan.LEAD: _("Every shift needs a lead: at least one."),
    NoPlan.ROLES: _("Six roles are the most."),
    NoPlan.SLOTS: _("At least so many can't be more than at most so many, and twelve are the most."),
}


class Meanwhile(Refused):
    """Somebody changed the station since its page was opened; what was typed is kept to be looked at again."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this station meanwhile: look how it stands now. What you typed is still here.")
        )


@dataclass(frozen=True)
class Rhythm:
    """When a station is there each week, on the neighbourhood's clocks."""

    weekday: int
    starts: time
    minutes: int


@dataclass(frozen=True)
class Said:
    """What a station is, in words."""

    name: str
    becomes: str
    counted: str = ""
    supplies: tuple[str, ...] = ()


# Role, own words, at least, at most.
Roles = Sequence[tuple[Role, str, int, int]]


@transaction.atomic
def plan(*, by: Person, place: Place, need: Need, said: Said, rhythm: Rhythm, roles: Roles, now: datetime) -> Popup:
    """Plan a station at a place that was listened to; it opens once the host agreed.

    Raises `Refused` where listening is not done and no organizer said that it may start all the same (mission S5).
    """
    place = Place.objects.select_for_update().get(pk=place.pk)
    may_start(place, now)
    has_room(place)
    demand_plan(rhythm, roles)
    popup = Popup.objects.create(
        place=place,
        need=need,
        name=said.name,
        becomes=said.becomes,
        counted=said.counted,
        supplies=list(said.supplies),
        weekday=rhythm.weekday,
        starts=rhythm.starts,
        minutes=rhythm.minutes,
        planned_by=by,
        planned_at=now,
    )
    keep_roles(popup, roles)
    return popup


def keep_roles(popup: Popup, roles: Roles) -> None:
    """Give a station these roles and no others."""
    popup.roles.all().delete()
    PopupRole.objects.bulk_create(
        PopupRole(popup=popup, role=role.value, own_name=own, least=least, most=most)
        for role, own, least, most in roles
    )


def demand_plan(rhythm: Rhythm, roles: Roles) -> None:
    """Raise `Refused` for shifts that nobody could hold."""
    why = rules.plan_refused(rhythm.minutes, [(role, least, most) for role, _own, least, most in roles])
    if why is not None:
        raise Refused(SENTENCES[why])


def has_room(place: Place) -> None:
    """Raise `Refused` where as many stations stand already as one place takes."""
    if Popup.objects.filter(place=place).standing().count() >= AT_A_PLACE_MOST:
        raise Refused(_("Three stations are the most at one place. End one that is over."), field="place")


def may_start(place: Place, now: datetime) -> None:
    """Raise `Refused` where no station may be yet (mission S5)."""
    if place.merged_into_id is not None:
        raise Refused(_("This place was merged into another one meanwhile."))
    if not standing(place, now).may_start:
        raise Refused(
            _("Listening comes first: a week, two observers, a need named. An organizer may say why it can wait.")
        )


@transaction.atomic
def change(*, popup: Popup, said: Said, version: int) -> Popup:
    """Say it in other words; shifts that stand already keep their lists.

    Raises `Meanwhile` when the station is not the one (`version`) that was read.
    """
    popup = locked(popup, version)
    popup.name, popup.becomes, popup.counted = said.name, said.becomes, said.counted
    popup.supplies = list(said.supplies)
    popup.version += 1
    popup.save(update_fields=["name", "becomes", "counted", "supplies", "version"])
    return popup


@transaction.atomic
def open_station(*, popup: Popup, host: HostWord, now: datetime) -> Popup:
    """Note that the host agreed (or that there is none to ask) and put the first weeks on the page."""
    popup = locked(popup)
    if popup.state == PopupState.RUNNING:
        return popup
    if host not in (HostWord.AGREED, HostWord.PUBLIC):
        raise Refused(_("It opens once the site's host agreed, or where there is nobody to ask."), field="host")
    may_start(popup.place, now)
    today = now.astimezone(local_zone()).date()
    popup.state, popup.host, popup.host_on, popup.opened_on = PopupState.RUNNING.value, host.value, today, today
    popup.version += 1
    popup.save(update_fields=["state", "host", "host_on", "opened_on", "version"])
    fill(popup, now)
    return popup


@transaction.atomic
def end(*, popup: Popup, now: datetime) -> Popup:
    """End a station. What it kept stays; whoever is signed up for a week to come hears that it is off."""
    popup = locked(popup)
    coming = Shift.objects.filter(popup=popup, state=ShiftState.COMING.value, starts_at__gt=now)
    for shift in coming.select_for_update(of=("self",)).select_related("popup").order_by("pk"):
        shift.moves += 1
        shift.save(update_fields=["moves"])
        tell_called_off(shift, now)
    coming.update(state=ShiftState.CLOSED.value, next_due_at=None)
    popup.state, popup.ended_at = PopupState.ENDED.value, now
    popup.save(update_fields=["state", "ended_at"])
    return popup


def locked(popup: Popup, version: int | None = None) -> Popup:
    """Return the station as it stands now, with nobody else at it.

    Raises `Refused` for one that has ended, `Meanwhile` for one that changed since `version`.
    """
    popup = Popup.objects.select_for_update(of=("self",)).select_related("place").get(pk=popup.pk)
    if popup.state == PopupState.ENDED:
        raise Refused(_("This station has ended."))
    if version not in (None, popup.version):
        raise Meanwhile
    return popup


# --- the weeks ahead --------------------------------------------------------------------------------


def fill_due(*, now: datetime) -> int:
    """Put the weeks that have come near on the pages of their stations; return how many shifts were made.

    Safe to run twice and two at once: a station is locked while its weeks are made, and each day has one shift.
    """
    today = now.astimezone(local_zone()).date()
    short = Popup.objects.running().filter(filled_until__lte=today + (rules.WEEKS_AHEAD - 1) * rules.WEEK)
    made = 0
    for pk in list(short.values_list("pk", flat=True)):
        with transaction.atomic():
            popup = short.select_for_update(skip_locked=True).filter(pk=pk).first()
            made += fill(popup, now) if popup is not None else 0
    return made


def fill(popup: Popup, now: datetime) -> int:
    """Make the shifts that a station that is locked lacks up to four weeks from now; return how many."""
    zone = local_zone()
    today: date = now.astimezone(zone).date()
    assert popup.opened_on is not None  # a check of the database: it runs
    after = popup.filled_until or rules.first_day(popup.opened_on + DAY, popup.weekday) - rules.WEEK
    days = rules.days(after, today + rules.WEEKS_AHEAD * rules.WEEK)
    if not days:
        return 0
    shifts = []
    for day in days:
        starts_at, ends_at = rules.span(day, popup.starts, popup.minutes, zone)
        due = rules.next_due(Times(starts_at, ends_at), now, missing=True)
        shifts.append(
            Shift(
                popup=popup, place_id=popup.place_id, day=day, starts_at=starts_at, ends_at=ends_at, next_due_at=due
            )
        )  # fmt: skip
    Shift.objects.bulk_create(shifts)
    roles = list(popup.roles.all())
    ShiftRole.objects.bulk_create(
        ShiftRole(shift=shift, role=one.role, own_name=one.own_name, least=one.least, most=one.most)
        for shift in shifts
        for one in roles
    )
    Supply.objects.bulk_create(
        Supply(shift=shift, what=what) for shift in shifts for what in dict.fromkeys(popup.supplies)
    )
    popup.filled_until = days[-1]
    popup.save(update_fields=["filled_until"])
    return len(shifts)


# --- standing in, in general ------------------------------------------------------------------------


@transaction.atomic
def offer(*, popup: Popup, person: Person, willing: bool, now: datetime) -> None:
    """Let somebody be asked when a place is free, or be asked no more."""
    if willing:
        popup = locked(popup)
        StandInOffer.objects.get_or_create(popup=popup, person=person, defaults={"offered_at": now})
    else:
        StandInOffer.objects.filter(popup=popup, person=person).delete()
