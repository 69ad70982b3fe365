"""Changing a station: its day, time, length, place and roles. The weeks ahead follow; whoever is on one is asked."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused
from sites.actions import shift_news
from sites.actions.popups import Rhythm, Roles, demand_plan, fill, has_room, keep_roles, locked, may_start
from sites.actions.shift_turn import release, turn_locked
from sites.models import Place, Popup, Shift, ShiftRole
from sites.queries.neighbourhood import local_zone
from sites.rules import moves as rules
from sites.rules.moves import Key, Slots
from sites.rules.shifts import span
from sites.states import HostWord, PopupState, ShiftState


@dataclass(frozen=True)
class Plan:
    """What a station is to be from now on; `host` is what the host of another place said."""

    place: Place
    rhythm: Rhythm
    roles: Roles
    host: HostWord = HostWord.ASKED


@dataclass
class Moved:
    """What came of it: how many weeks moved, how many were too near to, and how many people were asked about theirs."""

    weeks: int = 0
    stayed: int = 0
    told: int = 0


@transaction.atomic
def move(*, popup: Popup, plan: Plan, version: int, now: datetime, first: date | None = None) -> Moved:
    """Change a station from the week of `first` on, or from the next week that can still follow.

    Raises `Refused` where it can't be like this, or where the host of another place has not agreed; `Meanwhile` when
    the station is not the one (`version`) that was read. Locked are, in this order, the station, its place, each shift.
    """
    popup = locked(popup, version)
    # Nobody takes the last room at the place meanwhile; new weeks, which name their place, are not held up.
    place = Place.objects.select_for_update(no_key=True).get(pk=plan.place.pk)
    demand_plan(plan.rhythm, plan.roles)
    if place.pk != popup.place_id:
        _move_to(popup, place, plan.host, now)
    runs = popup.state == PopupState.RUNNING
    if runs:
        # Every week that this page showed is there before it moves.
        fill(popup, now)
    popup.weekday, popup.starts, popup.minutes = plan.rhythm.weekday, plan.rhythm.starts, plan.rhythm.minutes
    if popup.filled_until is not None:
        popup.filled_until = rules.in_same_week(popup.filled_until, popup.weekday)
    popup.version += 1
    popup.save(
        update_fields=[
            "place", "host", "host_on", "weekday", "starts", "minutes", "filled_until", "version",
        ]
    )  # fmt: skip
    keep_roles(popup, plan.roles)
    return _follow(popup, plan.roles, first, now) if runs else Moved()


def _move_to(popup: Popup, place: Place, host: HostWord, now: datetime) -> None:
    """Take it to another place: people have listened there as well, and its host is asked like the first (S5, S6)."""
    may_start(place, now)
    has_room(place)
    if popup.state == PopupState.RUNNING:
        if host not in (HostWord.AGREED, HostWord.PUBLIC):
            raise Refused(_("Ask the host of the other place first. It moves once they agreed."), field="host")
        popup.host, popup.host_on = host.value, now.astimezone(local_zone()).date()
    popup.place = place


def _follow(popup: Popup, roles: Roles, first: date | None, now: datetime) -> Moved:
    """Let the weeks ahead follow their station, each under a lock of its own, the nearest first."""
    zone, done = local_zone(), Moved()
    ahead = Shift.objects.filter(popup=popup, starts_at__gt=now, state__in=sorted(rules.MOVABLE))
    if first is not None:
        ahead = ahead.filter(day__gte=first)
    wanted = {(role.value, own): (least, most) for role, own, least, most in roles}
    for shift in ahead.select_for_update(of=("self",)).select_related("popup").order_by("starts_at", "pk"):
        _one(shift, popup, wanted, zone, done, now)
    return done


def _one(shift: Shift, popup: Popup, wanted: dict[Key, Slots], zone: tzinfo, done: Moved, now: datetime) -> None:
    day = rules.in_same_week(shift.day, popup.weekday)
    starts_at, ends_at = span(day, popup.starts, popup.minutes, zone)
    if not rules.follows(ShiftState(shift.state), shift.starts_at, starts_at, now):
        done.stayed += 1
        return
    moves = (shift.place_id, shift.starts_at, shift.ends_at) != (popup.place_id, starts_at, ends_at)
    _refit(shift, wanted)
    if moves:
        shift.place_id, shift.day, shift.starts_at, shift.ends_at = popup.place_id, day, starts_at, ends_at
        shift.moves += 1
        shift.reminded_at = shift.lapsed_at = shift.ask_at = shift.alone_at = None
        shift.save(update_fields=["place", "day", "starts_at", "ends_at", "moves"])
        done.weeks += 1
        # Who was asked to stand in was asked for another time.
        release(shift, keep=(), now=now, quietly=True)
        if shift.state == ShiftState.COMING:
            done.told += shift_news.tell_moved(shift, now)
    turn_locked(shift, now)


def _refit(shift: Shift, wanted: dict[Key, Slots]) -> None:
    """Give a shift the roles of its station; nobody who has a place loses it."""
    stand = {(one.role, one.own_name): one for one in shift.roles.all()}
    used = {key for key, one in stand.items() if one.sign_ups.exists() or one.asks.exists()}
    change = rules.role_change({key: (one.least, one.most) for key, one in stand.items()}, wanted, used)
    for key, (least, most) in change.change.items():
        role = stand[key]
        role.least, role.most = least, most
        role.save(update_fields=["least", "most"])
    ShiftRole.objects.filter(pk__in=[stand[key].pk for key in change.let_go]).delete()
    ShiftRole.objects.bulk_create(
        ShiftRole(shift=shift, role=role, own_name=own, least=least, most=most)
        for (role, own), (least, most) in change.add.items()
    )
