"""How reliably stations opened: the weeks of each, and what they make of a place; never anything of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
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

    @cached_property
    def _reckoned(self) -> rules.Reckoned:
        return rules.reckon(self.states)

    @property
    def kept(self) -> int:
        """Return the weeks that were kept in a row up to now."""
        return self._reckoned.row

    @property
    def tradition(self) -> bool:
        """Whether eight weeks were kept in a row, and at most one was not since."""
        return self._reckoned.tradition

    @property
    def bent(self) -> bool:
        """Whether one week was not kept since, so that another would end the tradition."""
        return self._reckoned.bent

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
        if self.tradition and not self.bent:
            return gettext("A tradition: people count on it.")
        more = rules.still_to_keep(self.kept)
        if self.bent:
            return ngettext(
                "Still a tradition: it bends once. One more kept week makes it whole.",
                "Still a tradition: it bends once. %(count)d more kept weeks make it whole.",
                more,
            ) % {"count": more}
        return ngettext(
            "One more kept week makes it a tradition.", "%(count)d more kept weeks make it a tradition.", more
        ) % {"count": more}


def rows_of(popups: Iterable[int], until: date | None = None) -> dict[int, Row]:
    """Return the row of weeks of each of these stations (by id), in one statement; none for those without a week.

    Weeks count where they were held (mission S7: "per site"): a station that moved to another place begins anew there,
    and has its row again when it comes back. `until` leaves out what was announced for weeks after that day.
    """
    number = Window(RowNumber(), partition_by=F("popup"), order_by=F("day").desc())
    latest = (
        Shift.objects.filter(popup__in=list(popups))
        .exclude(state=ShiftState.COMING.value)
        .annotate(held_at=Coalesce("place__merged_into", "place"))
        .filter(held_at=Coalesce("popup__place__merged_into", "popup__place"))
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


def rows_at(places: Iterable[int]) -> dict[int, list[Row]]:
    """Return, for each of these places (by id) where a station runs, the rows of weeks of its stations.

    Two statements. Stations at places that were merged count for the one that stayed.
    """
    ids = set(places)
    running = Popup.objects.filter(Q(place__in=ids) | Q(place__merged_into__in=ids), state=PopupState.RUNNING.value)
    at = dict(running.order_by().values_list("pk", Coalesce("place__merged_into", "place")))
    rows = rows_of(at)
    found: dict[int, list[Row]] = {}
    for popup, place in at.items():
        found.setdefault(place, []).append(rows.get(popup, Row()))
    return found
