"""Stations and shifts as pages show them: what, when next, which places are free; who is on it, for those on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext

from commons.people.models import Person
from commons.web import phrases
from sites.models import Need, Place, Popup, Shift, ShiftRole, SignUp, StandInAsk, StandInOffer, Supply
from sites.models.shifts import HOLDING
from sites.queries.neighbourhood import local_zone
from sites.queries.reliability import Row, rows_of
from sites.rules import shifts as rules
from sites.states import HOLDING as HOLDS
from sites.states import AskState, PopupState, ShiftState, SignUpState

PAST_SHOWN = 12
# Stations of a place on the place's page; three at a time can be planned there.
AT_A_PLACE = 6


def popups_of(_person: Any = None) -> models.QuerySet[Popup]:
    """Return every station; they are every member's."""
    return Popup.objects.select_related("place", "need")


def shifts_of(_person: Any = None) -> models.QuerySet[Shift]:
    """Return every shift of every station; they are every member's."""
    return Shift.objects.select_related("popup__need", "place")


def listed() -> models.QuerySet[Popup]:
    """Return the stations as the list has them: those that run, those that are planned, those that have ended."""
    order = models.Case(
        models.When(state=PopupState.RUNNING.value, then=0),
        models.When(state=PopupState.PLANNED.value, then=1),
        default=2,
        output_field=models.SmallIntegerField(),
    )
    return popups_of().order_by(order, "name", "id")


def every_week(popup: Popup) -> str:
    """Return when a station is there, on the neighbourhood's clocks: "Every Tuesday, 18:00–20:00"."""
    begins = datetime.combine(date.min, popup.starts)
    ends = begins + timedelta(minutes=popup.minutes)
    said = {"weekday": popup.get_weekday_display(), "from": f"{begins:%H:%M}", "until": f"{ends:%H:%M}"}
    return gettext("Every %(weekday)s, %(from)s–%(until)s") % said


@dataclass(frozen=True)
class RoleView:
    """A role of a shift: how many it takes, how many it has."""

    role: ShiftRole
    held: int
    # Who, for those who may know.
    people: tuple[tuple[str, bool], ...] = ()

    @property
    def free(self) -> int:
        """Return how many places nobody holds."""
        return max(0, self.role.most - self.held)

    @property
    def lacking(self) -> int:
        """Return how many are missing to open."""
        return max(0, self.role.least - self.held)


@dataclass(frozen=True)
class ShiftView:
    """One shift, as somebody looks at it."""

    shift: Shift
    roles: tuple[RoleView, ...]
    mine: SignUp | None
    when: str
    until: str
    open: bool

    @property
    def holds(self) -> bool:
        """Whether the reader has a place on it."""
        return self.mine is not None and self.mine.state in HOLDS

    @property
    def confirmed(self) -> bool:
        """Whether the reader said that it holds."""
        return self.mine is not None and self.mine.state == SignUpState.CONFIRMED

    @property
    def moved(self) -> bool:
        """Whether it has moved since the reader said yes."""
        return self.mine is not None and self.mine.state == SignUpState.MOVED

    @property
    def to_confirm(self) -> bool:
        """Whether the reader is waited for: asked a day before, or since it moved, and has not answered."""
        asked = self.moved or self.shift.reminded_at is not None
        return self.open and self.holds and not self.confirmed and asked

    @property
    def free(self) -> int:
        """Return how many places are free."""
        return sum(one.free for one in self.roles)

    @property
    def lacking(self) -> int:
        """Return how many are missing to open."""
        return sum(one.lacking for one in self.roles)

    @property
    def wanted(self) -> int | None:
        """Return the role (its id) to offer before the others: one that is missing to open, else any that is free."""
        free = sorted((one for one in self.roles if one.free), key=lambda one: not one.lacking)
        return free[0].role.pk if free else None

    @property
    def closed(self) -> bool:
        """Whether it was announced that there is none this week, or said on its last day that it can't open."""
        return self.shift.state in (ShiftState.CLOSED, ShiftState.MISSED)


def shift_views(shifts: Sequence[Shift], person: Any, now: datetime, *, named: bool = False) -> list[ShiftView]:
    """Return the shifts with their places, in two statements; with the names of who is on them in three."""
    ids = [shift.pk for shift in shifts]
    holding = Count("sign_ups", filter=Q(sign_ups__state__in=sorted(HOLDS)))
    roles: dict[int, list[RoleView]] = {}
    people = _people(ids, person) if named else {}
    for role in ShiftRole.objects.filter(shift__in=ids).annotate(held=holding).order_by("id"):
        view = RoleView(role, role.held, tuple(people.get(role.pk, ())))
        # A role that the station has no longer is on the page as long as somebody has a place in it, or had.
        if role.most or role.held or role.came:
            roles.setdefault(role.shift_id, []).append(view)
    mine = {one.shift_id: one for one in SignUp.objects.filter(shift__in=ids, person=person).select_related("role")}
    return [
        ShiftView(
            shift=shift,
            roles=tuple(roles.get(shift.pk, ())),
            mine=mine.get(shift.pk),
            when=phrases.capital(phrases.day_and_time(shift.starts_at, now)),
            until=phrases.time_of(shift.ends_at),
            open=shift.state == ShiftState.COMING and now < shift.starts_at,
        )
        for shift in shifts
    ]


def _people(ids: list[int], reader: Any) -> dict[int, list[tuple[str, bool]]]:
    """Return by role who has a place in it, and whether they said that it holds."""
    found: dict[int, list[tuple[str, bool]]] = {}
    rows = SignUp.objects.filter(HOLDING, shift__in=ids).select_related("person").order_by("slot")
    for one in rows:
        name = gettext("you") if one.person_id == reader.pk else one.person.handle
        found.setdefault(one.role_id, []).append((name, one.state == SignUpState.CONFIRMED))
    return found


@dataclass(frozen=True)
class Station:
    """A station with its weeks and its next shift, for lists."""

    popup: Popup
    every: str
    row: Row
    next: ShiftView | None


def stations(popups: Iterable[Popup], person: Any, now: datetime) -> list[Station]:
    """Return stations with their reliability and next shift, in a fixed number of statements."""
    shown = list(popups)
    ids = [popup.pk for popup in shown]
    rows = rows_of(ids, now.astimezone(local_zone()).date())
    soonest = Shift.objects.coming(now).filter(popup=OuterRef("popup"), state=ShiftState.COMING.value)
    nexts = Shift.objects.filter(popup__in=ids, pk=Subquery(soonest.values("pk")[:1]))
    views = {view.shift.popup_id: view for view in shift_views(list(nexts), person, now)}
    return [
        Station(popup, every_week(popup), rows.get(popup.pk, Row()), views.get(popup.pk)) for popup in shown
    ]  # fmt: skip


def stations_at(place: Place, person: Any, now: datetime) -> list[Station]:
    """Return the stations that run or are planned at a place, or were merged into it with their place."""
    here = Q(place=place) | Q(place__merged_into=place)
    return stations(popups_of().filter(here).exclude(state=PopupState.ENDED.value)[:AT_A_PLACE], person, now)


def needs_for(place: Place) -> models.QuerySet[Need]:
    """Return every need, those that were named at this place first."""
    named = Need.objects.filter(pk=OuterRef("pk"), visits__visit__round__place=place)
    return Need.objects.annotate(named=Exists(named)).order_by("-named", "sort_key", "id")


def coming_shifts(popup: Popup, person: Any, now: datetime) -> list[ShiftView]:
    """Return the shifts of the weeks ahead, and one that goes on now."""
    return shift_views(list(Shift.objects.coming(now).filter(popup=popup)[: rules.WEEKS_AHEAD + 1]), person, now)


def past_shifts(popup: Popup, now: datetime) -> list[Shift]:
    """Return the latest shifts that are over, the newest first, each with how many came as `there`."""
    over = Shift.objects.filter(popup=popup, ends_at__lte=now).annotate(there=models.Sum("roles__came"))
    return list(over.order_by("-starts_at")[:PAST_SHOWN])


def offers_to_stand_in(popup: Popup, person: Any) -> bool:
    """Whether somebody may be asked when a place is free."""
    return StandInOffer.objects.filter(popup=popup, person=person).exists()


def asked_now(shift: Shift) -> int:
    """Return how many are being asked to stand in just now; who they are is nobody's business."""
    return StandInAsk.objects.filter(shift=shift, state=AskState.ASKED.value).count()


def supplies_of(shift: Shift) -> models.QuerySet[Supply]:
    """Return what is on a shift's list, with who brings it."""
    return Supply.objects.filter(shift=shift).select_related("person")


def sign_ups_of(shift: Shift) -> list[SignUp]:
    """Return who had a place on a shift, those who let it go last, for whoever writes down who came."""
    rows = SignUp.objects.filter(shift=shift).select_related("person", "role")
    return sorted(rows.order_by("role", "slot"), key=lambda one: one.state not in HOLDS)


def knows_names(shift: Shift, person: Person, *, keeps: bool) -> bool:
    """Whether somebody may read who is on a shift: those who keep it, and those who are on it with them."""
    return keeps or SignUp.objects.filter(HOLDING, shift=shift, person=person).exists()


@dataclass(frozen=True)
class Sums:
    """What a station came to, in numbers that stay."""

    shifts: int = 0
    helped: int = 0
    given: int = 0
    cost: Any = None


def sums_of(popup: Popup) -> Sums:
    """Return what a station's shifts came to, in one statement."""
    opened = Q(state__in=[ShiftState.KEPT.value, ShiftState.SHORT.value])
    found = Shift.objects.filter(popup=popup).aggregate(
        shifts=Count("pk", filter=opened),
        helped=models.Sum("helped"),
        given=models.Sum("given"),
        cost=models.Sum("cost"),
    )
    return Sums(found["shifts"], found["helped"] or 0, found["given"] or 0, found["cost"])
