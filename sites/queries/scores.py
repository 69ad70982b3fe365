"""Score cards as people read them: one place with what the map shows around it, and the ranked list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from sites.models import Evidence, Place, PlaceScore, ScoreCard
from sites.rules import ranking
from sites.rules.nearby import FURTHER, Near, boxes, count
from sites.rules.ranking import CRITERIA
from sites.rules.shapes import Point
from sites.states import Criterion, EvidenceKind, PlaceKind

A_PAGE = 25
# Nobody reads further, and so a page among a hundred thousand places costs what one among a thousand does.
RANKED_MOST = 500
START_WITH = 5
CARDS_MOST, NOTES_MOST, HISTORY_MOST = 500, 10, 20
AROUND_MOST = 3_000
# What stands beside each criterion. Offices and clinics are where the essay looks for symbolic clarity: "a rent office
# reeks of injustice, a clinic line radiates mutual vulnerability".
STOPS = (PlaceKind.BUS_STOP.value, PlaceKind.STATION.value)
OF_CARE_OR_CLAIM = (
    PlaceKind.CLINIC.value, PlaceKind.HOSPITAL.value, PlaceKind.OFFICE.value, PlaceKind.SOCIAL.value,
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """What the map shows near a place."""

    stops: Near
    workplaces: Near
    cameras: Near
    offices: Near


@dataclass(frozen=True)
class Column:
    """One criterion of one place: the mean in tenths, how far the marks lie apart, and how many gave each mark."""

    criterion: Criterion
    tenths: int | None
    low: int | None
    high: int | None
    given: tuple[int, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether observers see it very differently."""
        return self.low is not None and self.high is not None and self.high - self.low >= ranking.APART


@dataclass(frozen=True)
class Ranked:
    """One line of the ranked list."""

    place: Place
    rank: int
    level: bool
    columns: tuple[Column, ...]
    observers: int
    newest: date

    @property
    def means(self) -> tuple[int | None, ...]:
        """The means in tenths."""
        return tuple(column.tenths for column in self.columns)


def columns(score: PlaceScore, given: Iterable[tuple[int, ...]] = ((), (), ())) -> tuple[Column, ...]:
    """Return what a place comes to, criterion by criterion."""
    return tuple(
        Column(
            criterion=name,
            tenths=getattr(score, name),
            low=getattr(score, f"{name}_low"),
            high=getattr(score, f"{name}_high"),
            given=marks,
        )
        for name, marks in zip(CRITERIA, given, strict=True)
    )


# --- one place ----------------------------------------------------------------------------------------


def score_of(place: Place) -> PlaceScore | None:
    """Return what the cards of a place come to, or None where there is none."""
    return PlaceScore.objects.filter(pk=place.pk).first()


def given(place: Place) -> tuple[tuple[int, ...], ...]:
    """Return for each criterion how many observers gave 1, 2, 3, 4 and 5."""
    rows = ScoreCard.objects.current().filter(place=place).values_list(*CRITERIA)[:CARDS_MOST]
    tally = [[0] * ranking.MOST for _ in CRITERIA]
    for marks in rows:
        for n, mark in enumerate(marks):
            if mark is not None:
                tally[n][mark - 1] += 1
    return tuple(map(tuple, tally))


def notes(place: Place) -> list[tuple[date, str]]:
    """Return what observers noted and when, the newest first; whose a note is, nobody learns here."""
    cards = ScoreCard.objects.current().filter(place=place, note__isnull=False)
    return [(card.observed_on, card.note or "") for card in cards.only("ref", "note", "observed_on")[:NOTES_MOST]]


def card_of(person: Any, place: Place) -> ScoreCard | None:
    """Return this person's card that counts, or None."""
    return ScoreCard.objects.current().filter(place=place, observer=person).first()


def history_of(person: Any, place: Place) -> list[ScoreCard]:
    """Return this person's earlier cards of a place, the newest first, as long as they are kept."""
    earlier = ScoreCard.objects.filter(place=place, observer=person, ended_at__isnull=False)
    return list(earlier.order_by("-id")[:HISTORY_MOST])


def around(place: Place) -> Around:
    """Return what the map shows near a place, from the indexes of positions; two statements."""
    here = (place.latitude, place.longitude)
    within = _within(here)
    # A place by itself is no sign of itself.
    others = Place.objects.standing().filter(within, kind__in=(*STOPS, *OF_CARE_OR_CLAIM)).exclude(pk=place.pk)
    places = _by_kind(others)
    evidence = _by_kind(Evidence.objects.filter(within))

    def near(found: dict[str, list[Point]], *kinds: str) -> Near:
        return count(here, (point for kind in kinds for point in found.get(kind, ())))

    return Around(
        stops=near(places, *STOPS),
        workplaces=near(evidence, EvidenceKind.WORKPLACE.value),
        cameras=near(evidence, EvidenceKind.CAMERA.value),
        offices=near(places, *OF_CARE_OR_CLAIM),
    )


def _within(here: Point) -> Q:
    found = Q()
    for box in boxes(here, FURTHER):
        found |= Q(latitude__range=(box.south, box.north), longitude__range=(box.west, box.east))
    return found


def _by_kind(rows: "models.QuerySet[Any]") -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for kind, latitude, longitude in rows.order_by().values_list("kind", "latitude", "longitude")[:AROUND_MOST]:
        found.setdefault(kind, []).append((latitude, longitude))
    return found


# --- the ranked list ------------------------------------------------------------------------------------


def ranked(kind: str) -> models.QuerySet[PlaceScore]:
    """Return what the standing places of a kind ("" for all) come to, the strongest first."""
    scores = PlaceScore.objects.filter(place__gone_at=None, place__merged_into=None)
    if kind:
        scores = scores.filter(place__kind=kind)
    return scores


def ladder(kind: str) -> list[tuple[int, int]]:
    """Return keys and strengths of the strongest places of a kind, `RANKED_MOST` at most, the strongest first.

    Read from the index, whatever the number of places; it says how many pages there are and which ranks are shared.
    """
    return list(ranked(kind).values_list("place_id", "strength")[:RANKED_MOST])


def lines(steps: Sequence[tuple[int, int]], first: int) -> list[Ranked]:
    """Return a page of a `ladder` from its step `first` on (0 is the strongest), as people read it."""
    strengths = [strength for _key, strength in steps]
    places = Counter(strengths)
    ranks = ranking.ranks(strengths)
    found = PlaceScore.objects.select_related("place").in_bulk([key for key, _s in steps[first : first + A_PAGE]])
    return [
        Ranked(
            place=found[key].place,
            rank=rank,
            level=places[strength] > 1,
            columns=columns(found[key]),
            observers=found[key].observers,
            newest=found[key].newest,
        )
        for (key, strength), rank in list(zip(steps, ranks, strict=True))[first : first + A_PAGE]
        # Whose last card was taken back in this very moment is on no line.
        if key in found
    ]


# --- what was reckoned and holds no longer -----------------------------------------------------------------


def stale(half_life: int, most: int) -> list[int]:
    """Return places whose score was reckoned from other cards than they have, or with another half-life."""
    current = ScoreCard.objects.current()
    other = PlaceScore.objects.exclude(half_life=half_life).order_by().values_list("pk", flat=True)
    bare = PlaceScore.objects.filter(~Exists(current.filter(place=OuterRef("pk")))).order_by()
    counted = current.order_by().values("place").annotate(n=Count("*"), kept=F("place__score__observers"))
    differ = counted.filter(Q(kept=None) | ~Q(kept=F("n"))).values_list("place", flat=True)
    found = [*other[:most], *bare.values_list("pk", flat=True)[:most], *differ[:most]]
    return sorted(set(found))[:most]
