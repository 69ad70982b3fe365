"""Where places stand on their road, what is missing before the next stage, and whether a pop-up may start."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sites.models import ListeningRound, Place, StageOverride, VisitNeed, VisitObserver
from sites.queries.reliability import rows_at
from sites.rules import stages as rules
from sites.rules.listening import is_open
from sites.rules.stages import Heard, Lack
from sites.states import Stage

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STAGES: "dict[Stage, StrOrPromise]" = {
    Stage.MAPPED: _("Mapped"),
    Stage.LISTENED: _("Listened to"),
    Stage.PRESENT: _("Present"),
    Stage.TRADITION: _("Tradition"),
}


@dataclass(frozen=True)
class Presence:
    """What pop-ups make of a place: whether one runs there, weeks kept in a row, and whether it is a tradition."""

    running: bool = False
    kept_weeks: int = 0
    tradition: bool = False


@dataclass(frozen=True)
class Standing:
    """How far one place is, and what comes next."""

    stage: Stage
    heard: Heard
    presence: Presence = field(default_factory=Presence)
    override: StageOverride | None = None
    round: ListeningRound | None = None

    @property
    def name(self) -> str:
        """Return what the reader calls this stage."""
        return str(STAGES[self.stage])

    @property
    def next(self) -> Stage | None:
        """Return the stage after this one."""
        return rules.next_of(self.stage)

    @property
    def next_name(self) -> str:
        """Return what the reader calls the stage after this one; "" after the last."""
        return str(STAGES[self.next]) if self.next else ""

    @property
    def missing(self) -> list[str]:
        """Return what is missing before the next stage, each a sentence."""
        return [sentence(lack, self) for lack in rules.lacks(self.stage, self.heard)]

    @property
    def may_start(self) -> bool:
        """Whether a pop-up may start here."""
        return rules.may_start(self.stage, overridden=self.override is not None)

    @property
    def steps(self) -> list[dict[str, object]]:
        """Return the four stages as the steps of a road."""
        here = rules.ROAD.index(self.stage)
        return [
            {"label": str(STAGES[stage]), "done": number < here, "current": number == here}
            for number, stage in enumerate(rules.ROAD)
        ]


def sentence(lack: Lack, of: Standing) -> str:
    """Return what is missing, said to a neighbour."""
    heard = of.heard
    if lack is Lack.LISTENING:
        return gettext("Nobody has listened here yet: two or three of you, for a week.")
    if lack is Lack.DAYS:
        more = rules.WEEK - heard.days
        return ngettext(
            "The visits have to lie over a whole week: %(count)d day more.",
            "The visits have to lie over a whole week: %(count)d days more.",
            more,
        ) % {"count": more}
    if lack is Lack.OBSERVERS:
        return gettext("Only one of the team was there so far; two have to have seen it for themselves.")
    if lack is Lack.NEED:
        return gettext("No visit has named a need yet.")
    if lack is Lack.POPUP:
        return gettext("No pop-up station runs here yet.")
    more = rules.KEPT_WEEKS - of.presence.kept_weeks
    return ngettext(
        "One more kept week in a row makes it a tradition.",
        "%(count)d more kept weeks in a row make it a tradition.",
        more,
    ) % {"count": more}


def standing(place: Place, now: datetime) -> Standing:
    """Return where a place stands; merged places count with the one that stayed."""
    return standings([place.pk], now)[place.pk]


def standings(places: Iterable[int], now: datetime) -> dict[int, Standing]:
    """Return where each of these places (by id) stands, in a number of statements that does not grow with them."""
    ids = list(places)
    rounds = _rounds(ids)
    heard = _heard([one.pk for ones in rounds.values() for one in ones])
    overridden = {one.at: one for one in _at(overrides(), ids)}
    present = presence(ids)
    found = {}
    for pk in ids:
        mine, there = rounds.get(pk, []), present.get(pk, Presence())
        best = max((heard.get(one.pk, Heard()) for one in mine), key=_how_far, default=Heard())
        stage = rules.stage_of(
            heard=any(one.heard_at for one in mine), running=there.running, tradition=there.tradition
        )
        open_ = next((one for one in mine if is_open(one, now)), None)
        # What is missing is missing of the round that is under way, if one is.
        of = heard.get(open_.pk, Heard()) if open_ else best
        found[pk] = Standing(stage, of, there, overridden.get(pk), open_)
    return found


def presence(places: Iterable[int]) -> dict[int, Presence]:
    """Return what pop-ups make of these places (by id), those without a running one left out."""
    return {
        place: Presence(True, max(row.kept for row in rows), any(row.tradition for row in rows))
        for place, rows in rows_at(places).items()
    }


def heard_in(one: ListeningRound) -> Heard:
    """Return what one round came to so far."""
    return _heard([one.pk]).get(one.pk, Heard())


def overrides(_person: Any = None) -> QuerySet[StageOverride]:
    """Return the overrides that hold; they are every member's to read."""
    return StageOverride.objects.filter(taken_back_at=None).select_related("place__merged_into", "by")


def _how_far(heard: Heard) -> tuple[int, int, int]:
    return (-len(heard.lacks) if heard.visits else -9, heard.days, heard.visits)


def _at(rows: QuerySet[Any], ids: list[int]) -> QuerySet[Any]:
    """Return rows of these places, with the id of the standing one as `at`."""
    here = Q(place__in=ids) | Q(place__merged_into__in=ids)
    found: QuerySet[Any] = rows.filter(here).annotate(at=Coalesce("place__merged_into_id", "place_id"))
    return found


def _rounds(ids: list[int]) -> dict[int, list[ListeningRound]]:
    found: dict[int, list[ListeningRound]] = {}
    for one in _at(ListeningRound.objects.order_by("-id"), ids):
        found.setdefault(one.at, []).append(one)
    return found


def _heard(rounds: list[int]) -> dict[int, Heard]:
    """Return what each round (by id) came to, in three statements."""
    people = dict(
        VisitObserver.objects.filter(visit__round__in=rounds)
        .values_list("visit__round")
        .annotate(people=Count("person", distinct=True))
    )
    needs = dict(
        VisitNeed.objects.filter(visit__round__in=rounds)
        .values_list("visit__round")
        .annotate(needs=Count("need", distinct=True))
    )
    visits = (
        ListeningRound.objects.filter(pk__in=rounds, visits__isnull=False)
        .order_by()
        .annotate(
            count=Count("visits"),
            first=Min("visits__day"),
            last=Max("visits__day"),
            together=Max("visits__observers"),
        )
        .values_list("pk", "count", "first", "last", "together")
    )
    return {
        pk: Heard(
            visits=count,
            days=rules.days_spread([first, last]),
            # Who was where is forgotten in time; how many went together is not.
            observers=max(people.get(pk, 0), together),
            needs=needs.get(pk, 0),
        )
        for pk, count, first, last, together in visits
    }
