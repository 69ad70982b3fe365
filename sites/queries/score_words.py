"""What scores say in sentences: why a place stands where it does, and what the map hints at."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons.web.phrases import capital, listed
from sites.models.scores import CRITERION_NAMES, CRITERION_SHORT
from sites.queries.scores import Around, Column, Ranked
from sites.rules import ranking
from sites.rules.nearby import Near
from sites.states import Criterion, Rung


def mean(tenths: int | None) -> str:
    """Return a mean as it is read: "3.4", or a dash where nobody gave a mark."""
    return "–" if tenths is None else number_format(tenths / 10, 1)


def why(means: tuple[int | None, ...]) -> str:
    """Return in one sentence why a place with these means stands where it does."""
    rung = ranking.rung(means)
    if rung is Rung.INCOMPLETE:
        return _("Nobody has given a mark for %(criteria)s yet, so it can't stand among those with all three.") % {
            "criteria": _named(ranking.lacking(means))
        }
    lowest = ranking.weakest(means)
    least = min(tenths for tenths in means if tenths is not None)
    said = {"criteria": _named(lowest), "mark": mean(least)}
    if rung is Rung.LEADS:
        if len(lowest) == len(ranking.CRITERIA):
            return _("High on all three alike, with %(mark)s each.") % said
        return _("High on all three; lowest for %(criteria)s, with %(mark)s.") % said
    return _("Held back by %(criteria)s at %(mark)s: below 3, and no high mark makes up for it.") % said


def _named(criteria: list[Criterion]) -> str:
    return listed(str(CRITERION_NAMES[one.value]) for one in criteria)


def remarks(line: Ranked, faded_before: date) -> list[str]:
    """Return what a reader should know before trusting a line."""
    said = []
    if line.level:
        said.append(_("level with others"))
    if line.observers == 1:
        said.append(_("one observer so far"))
    said += [
        _("seen differently: %(criterion)s, %(low)s to %(high)s")
        % {"criterion": CRITERION_NAMES[column.criterion.value], "low": column.low, "high": column.high}
        for column in line.columns
        if column.apart
    ]
    if line.newest < faded_before:
        said.append(_("last seen in %(month)s") % {"month": date_format(line.newest, "YEAR_MONTH_FORMAT")})
    return said


@dataclass(frozen=True)
class Drawn:
    """One criterion, ready to be drawn on a line from 1 to 5 and read beside it; positions in a box of 100."""

    name: str
    short: str
    mean: str
    words: str
    at: int | None = None
    start: int = 0
    length: int = 0
    hints: tuple[str, ...] = ()
    # Where marks were given.
    rings: tuple[int, ...] = ()


def _place(tenths: int) -> int:
    """Where a mark lies on the line: 1.0 at 6, 5.0 at 94."""
    return 6 + (tenths - 10) * 88 // 40


def drawn(column: Column, observers: int, hints: tuple[str, ...] = ()) -> Drawn:
    """Return a criterion as it is drawn, of a place that so many observed."""
    name = capital(str(CRITERION_NAMES[column.criterion.value]))
    short = capital(str(CRITERION_SHORT[column.criterion.value]))
    if column.tenths is None or column.low is None or column.high is None:
        return Drawn(name=name, short=short, mean=mean(None), words=_("nobody has given a mark"), hints=hints)
    start, end = _place(10 * column.low), _place(10 * column.high)
    return Drawn(
        name=name,
        short=short,
        mean=mean(column.tenths),
        words=_spread(column, observers),
        at=_place(column.tenths),
        start=start,
        length=end - start,
        hints=hints,
        rings=tuple(_place(10 * mark) for mark, many in enumerate(column.given, start=1) if many),
    )


def _spread(column: Column, observers: int) -> str:
    """Say how far the marks lie apart, and how many gave one if it wasn't everybody."""
    many, said = sum(column.given), {"low": column.low, "high": column.high, "count": sum(column.given)}
    if many and many < observers:
        if column.low == column.high:
            return ngettext("one observer says %(low)s", "%(count)s observers, all say %(low)s", many) % said
        return _("%(count)s observers, from %(low)s to %(high)s") % said
    if column.low == column.high:
        return "" if observers == 1 else _("all say %(low)s") % said
    return _("from %(low)s to %(high)s") % said


def hints(found: Around) -> dict[Criterion, tuple[str, ...]]:
    """Return what the map hints at, for each criterion; never a score."""
    return {
        Criterion.DENSITY: (
            _counted(_("Stops on the map"), found.stops),
            _counted(_("Workplaces on the map"), found.workplaces),
        ),
        Criterion.SOFTNESS: (
            _counted(_("Cameras on the map"), found.cameras)
            if found.cameras.further
            else _("No camera is on the map: unknown, not unwatched."),
        ),
        Criterion.CLARITY: (_counted(_("Clinics, offices and community centres on the map"), found.offices),),
    }


def _counted(what: str, near: Near) -> str:
    said = {"what": what, "near": near.near, "further": near.further}
    if not near.further:
        return _("%(what)s: none within 400 m.") % said
    return _("%(what)s: %(near)s within 150 m, %(further)s within 400 m.") % said


@dataclass(frozen=True)
class Line:
    """A line of the ranked list, as it is read."""

    ref: str
    title: str
    kind: str
    rank: int
    leads: bool
    together: str
    columns: tuple[Drawn, ...]
    why: str
    remarks: tuple[str, ...]


def line(one: Ranked, faded_before: date) -> Line:
    """Return a line as it is read."""
    together = ranking.together(one.means)
    return Line(
        ref=one.place.ref,
        title=str(one.place),
        kind=str(one.place.get_kind_display()),
        rank=one.rank,
        leads=ranking.rung(one.means) is Rung.LEADS,
        together="" if together is None else mean(together),
        columns=tuple(drawn(column, one.observers) for column in one.columns),
        why=why(one.means),
        remarks=tuple(remarks(one, faded_before)),
    )
