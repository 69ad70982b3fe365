"""How reliably stations opened: the weeks of each, and what they make of a place; never anything of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext, ngettext

from sites.models import Popup, Shift
from sites.rules import reliability as rules
from sites.states import PopupState, ShiftState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A year and a bit: nobody reads a longer row, and no list costs more.
WEEKS_MOST = 60
SHOWN = 12


@dataclass(frozen=True)
class Week:
    """One week of a station, as a row of weeks draws it."""

    day: date
    state: ShiftState
    words: "StrOrPromise"


@dataclass(frozen=True)
class Row:
    """A station's weeks that are over or announced, the oldest first, and what they come to."""

    weeks: tuple[Week, ...] = ()

    @property
    def states(self) -> list[ShiftState]:
        """Return how each week went."""
        return [week.state for week in self.weeks]

    @property
    def kept(self) -> int:
        """Return the weeks that were kept in a row up to now."""
        return rules.kept_in_row(self.states)

    @property
    def tradition(self) -> bool:
        """Whether eight weeks and more were kept in a row."""
        return rules.is_tradition(self.states)

    @property
    def shown(self) -> tuple[Week, ...]:
        """Return as many of the latest weeks as a drawing holds."""
        return self.weeks[-SHOWN:]

    @property
    def ahead(self) -> list[int]:
        """Return numbers for the weeks that are still missing to eight in a row, for the drawing."""
        return list(range(rules.still_to_keep(self.kept)))

    @property
    def sentence(self) -> str:
        """Return what the drawing shows, in words."""
        if not self.weeks:
            return gettext("No week has been yet.")
        if not self.kept:
            return gettext("The last week was not kept; the next one begins a new row.")
        return ngettext("%(count)d week kept in a row.", "%(count)d weeks kept in a row.", self.kept) % {
            "count": self.kept
        }

    @property
    def next(self) -> str:
        """Return what comes next."""
        if self.tradition:
            return gettext("A tradition: people count on it.")
        more = rules.still_to_keep(self.kept)
        return ngettext(
            "One more kept week makes it a tradition.", "%(count)d more kept weeks make it a tradition.", more
        ) % {"count": more}


def rows_of(popups: Iterable[int], until: date | None = None) -> dict[int, Row]:
    """Return the row of weeks of each of these stations (by id), in one statement; none for those without a week.

    `until` leaves out what was announced for weeks after that day.
    """
    number = Window(RowNumber(), partition_by=F("popup"), order_by=F("day").desc())
    latest = (
        Shift.objects.filter(popup__in=list(popups))
        .exclude(state=ShiftState.COMING.value)
        .annotate(number=number)
        .filter(number__lte=WEEKS_MOST)
        .order_by("popup", "day")
    )
    if until is not None:
        latest = latest.filter(day__lte=until)
    found: dict[int, list[Week]] = {}
    for shift in latest.only("popup", "day", "state"):
        week = Week(shift.day, ShiftState(shift.state), shift.get_state_display())
        found.setdefault(shift.popup_id, []).append(week)
    return {popup: Row(tuple(weeks)) for popup, weeks in found.items()}


def kept_at(places: Iterable[int]) -> dict[int, int]:
    """Return, for each of these places (by id) where a station runs, the longest row that holds there now.

    Two statements. Stations at places that were merged count for the one that stayed.
    """
    ids = set(places)
    running = Popup.objects.filter(Q(place__in=ids) | Q(place__merged_into__in=ids), state=PopupState.RUNNING.value)
    at = dict(running.order_by().values_list("pk", Coalesce("place__merged_into", "place")))
    rows = rows_of(at)
    found: dict[int, int] = {}
    for popup, place in at.items():
        found[place] = max(found.get(place, 0), rows.get(popup, Row()).kept)
    return found
