"""What a gathering's page shows, to members, to its host, and to whoever holds its link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Func, Q, Sum
from django.utils.translation import gettext

from commons.gatherings import rules
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.models.gathering import ACCESS
from commons.gatherings.queries import words
from commons.gatherings.states import UNRECORDED, Kind, Said, State

YES, WAITING = Q(said=Said.YES.value), Q(said=Said.WAITING.value)


@dataclass(frozen=True)
class Numbers:
    """How many come, wait, and how many children they bring; `promised` are those of who waits, too."""

    people: int
    waiting: int
    children: int
    promised: int


def numbers(gathering: Gathering) -> Numbers:
    """Return how many people come to a gathering; one query."""
    sums = Coming.objects.filter(gathering=gathering).aggregate(
        come=Sum("people", filter=YES),
        wait=Sum("people", filter=WAITING),
        brought=Sum("children", filter=YES),
        promised=Sum("children"),
    )
    return Numbers(*(sums[name] or 0 for name in ("come", "wait", "brought", "promised")))


def needs(gathering: Gathering) -> list[tuple[str, int]]:
    """Return what those who come need, and how many of them; whose it is stands nowhere."""
    rows = (
        Coming.objects.filter(YES, gathering=gathering)
        .annotate(need=Func(F("needs"), function="unnest"))
        .values("need")
        .annotate(count=Count("pk"))
    )
    counts = {row["need"]: row["count"] for row in rows}
    return [(str(label), counts[key]) for key, label in ACCESS if key in counts]


def languages(gathering: Gathering) -> list[tuple[str, int]]:
    """Return in which languages those who come would follow best, and how many of them."""
    rows = Coming.objects.filter(YES, gathering=gathering).exclude(language="").values("language")
    return [
        (words.language(row["language"]), row["count"])
        for row in rows.annotate(count=Sum("people")).order_by("-count", "language")
    ]


@dataclass(frozen=True)
class Shown:
    """A gathering as its page shows it; everything is in the reader's language."""

    gathering: Gathering
    day: str
    span: str
    elsewhere: str
    zone: str
    lasting: str
    agenda: list[tuple[str, int, str]]
    languages: str
    interpreted: str
    access: list[str]
    over: bool
    begun: bool
    cancelled: bool
    unrecorded: bool
    steps: list[dict[str, Any]]


def shown(gathering: Gathering, now: datetime) -> Shown:
    """Return what everybody who may see a gathering reads of it; no query."""
    names = dict(ACCESS)
    clocked = rules.clocked([(minutes, said) for minutes, said in gathering.agenda], gathering.starts_at)
    return Shown(
        gathering=gathering,
        day=words.day(gathering.starts_at, gathering.zone),
        span=words.span(gathering),
        elsewhere=words.elsewhere(gathering),
        zone=words.zone_name(gathering),
        lasting=words.lasting(gathering.minutes),
        agenda=[(words.clock_time(at, gathering.zone), minutes, said) for at, minutes, said in clocked],
        languages=words.listed(words.language(code) for code in gathering.languages),
        interpreted=words.listed(words.language(code) for code in gathering.interpreted),
        access=[str(names[key]) for key in gathering.access if key in names],
        over=gathering.ends_at <= now,
        begun=gathering.starts_at <= now,
        cancelled=gathering.state == State.CANCELLED,
        unrecorded=Kind(gathering.kind) in UNRECORDED,
        steps=_steps(gathering, now),
    )


def _steps(gathering: Gathering, now: datetime) -> list[dict[str, Any]]:
    """Return where a gathering stands on its way: announced, held, written down."""
    if gathering.state == State.CANCELLED:
        return []
    over, recorded = gathering.ends_at <= now, gathering.recorded_at is not None
    steps = [
        {"label": gettext("Announced"), "done": True},
        {"label": gettext("The day itself"), "done": over, "current": not over},
    ]
    if Kind(gathering.kind) not in UNRECORDED:
        steps.append({"label": gettext("What came of it"), "done": recorded, "current": over and not recorded})
    return steps
