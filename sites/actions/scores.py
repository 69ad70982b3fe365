"""Score cards by people's hands, and what the cards of a place come to, kept up to date with each of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.models import Place, PlaceScore, ScoreCard
from sites.queries import scores as queries
from sites.rules import ranking
from sites.rules.ranking import CRITERIA, Seen

OLDEST = timedelta(days=730)
# Whoever changes a card so soon corrects a slip: the one before is no history.
A_SLIP = timedelta(days=1)
_KEPT = ["strength", "observers", "newest", "half_life"]
_COLUMNS = [f"{name}{end}" for name in CRITERIA for end in ("", "_low", "_high")]


@dataclass(frozen=True)
class Said:
    """What an observer says: a mark for each criterion or None, a note or "", and the day of observing."""

    marks: tuple[int | None, int | None, int | None]
    note: str
    observed_on: date


@transaction.atomic
def give(*, by: Person, place: Place, said: Said, today: date, now: datetime) -> ScoreCard:
    """Put a card on a place, in the stead of this observer's card before; the same card again is the same card.

    `today` is the day in the neighbourhood's time zone. Raises `Refused` for a card without marks, for a day that has
    not come or is two years past, and for a place that was merged away meanwhile.
    """
    _locked(place)
    if not any(said.marks):
        raise Refused(_("Give at least one mark. What you can't say, leave out."))
    if said.observed_on > today:
        raise Refused(_("That day has not come yet."), field="observed_on")
    if said.observed_on < today - OLDEST:
        raise Refused(_("That is more than two years ago: too long to say how it is now."), field="observed_on")
    before = ScoreCard.objects.current().filter(place=place, observer=by).first()
    if before is not None:
        if (before.marks(), before.note or "", before.observed_on) == (said.marks, said.note, said.observed_on):
            return before
        _end(before, now)
    density, softness, clarity = said.marks
    card = ScoreCard.objects.create(
        place=place, observer=by, density=density, softness=softness, clarity=clarity,
        note=said.note or None, observed_on=said.observed_on, made_at=now,
    )  # fmt: skip
    _reckon([place.pk])
    return card


@transaction.atomic
def withdraw(*, by: Person, place: Place, now: datetime) -> None:
    """Take one's own card back; from now on it counts no more. Raises `Refused` where there is none."""
    _locked(place)
    card = ScoreCard.objects.current().filter(place=place, observer=by).first()
    if card is None:
        raise Refused(_("You have no card here that counts."))
    card.ended_at, card.withdrawn = now, True
    card.save(update_fields=["ended_at", "withdrawn"])
    _reckon([place.pk])


def _locked(place: Place) -> None:
    """Let one card after the other be written for a place, so that each reckons with all that came before."""
    locked = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    if locked.merged_into_id is not None:
        raise Refused(_("This place was merged into another one meanwhile."))


def _end(card: ScoreCard, now: datetime) -> None:
    if now - card.made_at < A_SLIP:
        card.delete()
    else:
        card.ended_at = now
        card.save(update_fields=["ended_at"])


@transaction.atomic
def follow(*, kept: Place, other: Place, now: datetime) -> None:
    """Bring the cards of a place to the one that it was merged into; of two by one observer the later seen counts.

    Whoever merges has locked both.
    """
    cards = ScoreCard.objects.filter(place__in=(kept, other))
    counted: set[int] = set()
    ended: list[int] = []
    for card in cards.current().order_by("-observed_on", "-id").only("observer_id"):
        if card.observer_id in counted:
            ended.append(card.pk)
        counted.add(card.observer_id)
    ScoreCard.objects.filter(pk__in=ended).update(ended_at=now)
    ScoreCard.objects.filter(place=other).update(place=kept)
    _reckon([kept.pk, other.pk])


@transaction.atomic
def reckon_again(*, batch: int = 500) -> int:
    """Reckon places whose score is no longer that of their cards, and return how many there were, `batch` at most.

    Verbs keep scores up to date. It is left to this what happens without one: somebody left and took their cards with
    them, or the half-life was changed. Safe to run twice, or two at once.
    """
    stale = queries.stale(settings.SCORE_HALF_LIFE_DAYS, batch)
    mine = Place.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=stale).order_by("pk")
    keys = list(mine.values_list("pk", flat=True))
    _reckon(keys)
    return len(keys)


def _reckon(keys: Collection[int]) -> None:
    """Write what the cards of these places come to; as many statements for many places as for one."""
    half_life = settings.SCORE_HALF_LIFE_DAYS
    seen: defaultdict[int, list[Seen]] = defaultdict(list)
    current = ScoreCard.objects.current().filter(place__in=keys)
    for key, day, *marks in current.values_list("place_id", "observed_on", *CRITERIA):
        seen[key].append(Seen(day, (marks[0], marks[1], marks[2])))
    PlaceScore.objects.filter(pk__in=set(keys) - seen.keys()).delete()
    PlaceScore.objects.bulk_create(
        [_row(key, cards, half_life) for key, cards in seen.items()],
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=[*_KEPT, *_COLUMNS],
    )


def _row(key: int, cards: list[Seen], half_life: int) -> PlaceScore:
    score = ranking.score(cards, half_life)
    assert score is not None  # there is a card
    strength = ranking.strength([mean.tenths if mean else None for mean in score.means])
    row = PlaceScore(
        place_id=key, strength=strength, observers=score.observers, newest=score.newest, half_life=half_life
    )
    for name, mean in zip(CRITERIA, score.means, strict=True):
        if mean is not None:
            setattr(row, name, mean.tenths)
            setattr(row, f"{name}_low", mean.low)
            setattr(row, f"{name}_high", mean.high)
    return row
