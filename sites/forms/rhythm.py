"""When a station is there and with how many, as it is planned and as it is changed: made into clean values."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from babel.dates import format_skeleton
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.web import phrases
from sites.models import Place, Popup
from sites.models.popups import HOST, WEEKDAYS
from sites.queries.moves import WeekAhead
from sites.rules.shifts import SLOTS_MOST
from sites.rules.words import tidy
from sites.states import HostWord, PopupState, Role

LENGTHS = (60, 90, 120, 150, 180, 240, 300, 360)


def _count(label: Any, initial: int | None = None, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=SLOTS_MOST, initial=initial, required=False
    )  # fmt: skip


class RhythmForm(forms.Form):
    """On which day, from when, for how long, with how many in which role."""

    weekday = forms.TypedChoiceField(label=_("Every"), choices=WEEKDAYS, coerce=int)
    starts = forms.TimeField(
        label=_("From"), initial=time(18), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(label=_("For"), coerce=int, initial=120)
    leads = _count(_("Shift leads, at most"), 1, 1)
    servers_least = _count(_("Servers, at least"), 1)
    servers_most = _count(_("Servers, at most"), 3)
    greeters_least = _count(_("Greeters, at least"), 0)
    greeters_most = _count(_("Greeters, at most"), 1)
    own_name = forms.CharField(label=_("Another role, in your own words"), required=False, max_length=40)
    own_least = _count(_("Of these, at least"), 0)
    own_most = _count(_("Of these, at most"), 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes: Any = self.fields["minutes"]
        lengths = sorted({*LENGTHS, int(self.initial.get("minutes") or LENGTHS[0])})
        minutes.choices = [(length, phrases.lasting(length)) for length in lengths]

    def clean_own_name(self) -> str:
        """One line."""
        return tidy(self.cleaned_data["own_name"])

    def roles(self) -> list[tuple[Role, str, int, int]]:
        """Return the roles with how many each takes; those that take nobody are left out."""
        said = self.cleaned_data
        rows = [
            (Role.LEAD, "", 1, said["leads"] or 1),
            (Role.SERVER, "", said["servers_least"] or 0, said["servers_most"] or 0),
            (Role.GREETER, "", said["greeters_least"] or 0, said["greeters_most"] or 0),
        ]
        if said["own_name"]:
            rows.append((Role.OWN, said["own_name"], said["own_least"] or 0, said["own_most"] or 0))
        return [row for row in rows if row[2] or row[3]]


def _long(day: date) -> str:
    """Return a day as the reader's language writes it out: Tuesday, November 24."""
    return format_skeleton("MMMMEEEEd", day, locale=phrases.locale())


def _now_of(popup: Popup) -> dict[str, Any]:
    """Return what stands in the form at first: the station as it is."""
    said: dict[str, Any] = {
        "version": popup.version, "weekday": popup.weekday, "starts": popup.starts, "minutes": popup.minutes,
        "servers_least": 0, "servers_most": 0, "greeters_least": 0, "greeters_most": 0, "place": popup.place.ref,
    }  # fmt: skip
    for role in popup.roles.all():
        if role.role == Role.LEAD:
            said["leads"] = role.most
            continue
        what = "own" if role.role == Role.OWN else f"{role.role}s"
        said |= {f"{what}_least": role.least, f"{what}_most": role.most}
        if role.role == Role.OWN:
            said["own_name"] = role.own_name
    return said


class MoveForm(RhythmForm):
    """A station that changes: from which week on, when, with whom, and where."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    first = forms.ChoiceField(label=_("From which week on"), required=False)
    place = forms.ModelChoiceField(
        queryset=Place.objects.none(),
        to_field_name="ref",
        label=_("Where"),
        help_text=_("Places where people have listened. Kept weeks stay with the place where they were kept."),
    )
    host = forms.ChoiceField(
        label=_("The host of the other place"),
        choices=[choice for choice in HOST if choice[0] != HostWord.ASKED.value],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Noted is that they agreed, and when; never who."),
    )

    def __init__(
        self, *args: Any, popup: Popup, weeks: Sequence[WeekAhead], places: "QuerySet[Place]", **kwargs: Any
    ) -> None:
        usual = next((week for week in weeks if week.usual), weeks[0] if weeks else None)
        kwargs["initial"] = _now_of(popup) | {"first": usual.shift.day.isoformat() if usual else ""}
        super().__init__(*args, **kwargs)
        self.popup = popup
        first: Any = self.fields["first"]
        first.choices = [(week.shift.day.isoformat(), phrases.capital(_long(week.shift.day))) for week in weeks]
        if not weeks:
            del self.fields["first"]
        place: Any = self.fields["place"]
        place.queryset, place.empty_label = places, None

    @property
    def elsewhere(self) -> bool:
        """Whether another place is chosen, or something is wrong with it: then that part of the form is open."""
        wrong = bool(self.errors.get("place") or self.errors.get("host"))
        return wrong or self["place"].value() != self.popup.place.ref

    def clean_first(self) -> date | None:
        """A day of one of the weeks ahead."""
        return date.fromisoformat(self.cleaned_data["first"]) if self.cleaned_data["first"] else None

    def clean(self) -> dict[str, Any]:
        """Another place has another host."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place, runs = cleaned.get("place"), self.popup.state == PopupState.RUNNING
        if runs and place is not None and place.pk != self.popup.place_id and not cleaned.get("host"):
            self.add_error("host", gettext("Ask the host of the other place first. It moves once they agreed."))
        return cleaned
