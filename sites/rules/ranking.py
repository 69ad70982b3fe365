"""What the score cards of a place come to, and which place stands before which (mission S2, S3).

The essay asks for venues that "score high across all three": density of working people, softness of surveillance,
symbolic clarity. So a high mark never makes up for a low one:

    weight of a card   w = 0.5 ** (age in days / half-life)
    mean of a mark     m = Σ w·mark / Σ w, over the current cards that give it, one an observer; kept in tenths
    rank               1. places whose three means are all 3 or more
                       2. the other places that have all three
                       3. places that lack a mark, those with two before those with one
                       within each by the geometric mean of the means, ∛(d·s·c); equal ones share their rank

Today is in none of it: as time goes by all weights of a place shrink by one factor, 0.5 ** (days / half-life), which
stands above and below the line and cancels. A mean changes when a card comes or goes and at no other time, so what a
place comes to can be kept in a row with an index on it. Ages are counted from the newest card that gives the mark,
which keeps every weight between 0 and 1, however old all of them are.

Means are kept, shown and compared in tenths: two places that show the same numbers are level, and a place that shows
3.0 is at 3. Whole numbers also make ∛ unnecessary: it orders as the product does.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sites.states import Criterion, Rung

CRITERIA = tuple(Criterion)
LEAST, MOST = 1, 5
# In tenths, as means are kept.
HIGH = 30
# Observers who are this far apart look at a place differently, or at different hours: that is worth a talk.
APART = 2
_A_MARK, _LEADS = 1_000_000, 10_000_000


@dataclass(frozen=True)
class Seen:
    """What one card says: the day of observing, and a mark for each criterion or None, in the order of `CRITERIA`."""

    day: date
    marks: tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Mean:
    """What a criterion comes to: the mean in tenths, the lowest and the highest mark, and how many gave one."""

    tenths: int
    low: int
    high: int
    count: int


@dataclass(frozen=True)
class Score:
    """What the cards of a place come to; `means` in the order of `CRITERIA`."""

    means: tuple[Mean | None, Mean | None, Mean | None]
    observers: int
    newest: date


Tenths = Sequence[int | None]


def weight(days: int, half_life: int) -> float:
    """Return how much a card counts that is so many days old: 1 when new, half after each half-life, never negative."""
    return float(0.5 ** (max(days, 0) / half_life))


def mean(marks: Iterable[tuple[date, int]], half_life: int) -> Mean | None:
    """Return what these marks come to, newer ones weighing more; None where nobody gave one."""
    given = list(marks)
    if not given:
        return None
    newest = max(day for day, _mark in given)
    weights = [weight((newest - day).days, half_life) for day, _mark in given]
    # fsum is exact: the order in which cards are read changes nothing.
    above = math.fsum(w * mark for w, (_day, mark) in zip(weights, given, strict=True))
    only = [mark for _day, mark in given]
    return Mean(math.floor(10 * above / math.fsum(weights) + 0.5), min(only), max(only), len(only))


def score(cards: Iterable[Seen], half_life: int) -> Score | None:
    """Return what the current cards of a place come to, one an observer; None without cards."""
    seen = list(cards)
    if not seen:
        return None
    columns = [
        mean(((card.day, mark) for card in seen if (mark := card.marks[n]) is not None), half_life)
        for n in range(len(CRITERIA))
    ]
    return Score((columns[0], columns[1], columns[2]), len(seen), max(card.day for card in seen))


def strength(means: Tenths) -> int:
    """Return one whole number that is greater for the place that stands before; equal for places that are level."""
    given = [tenths for tenths in means if tenths is not None]
    leads = rung(means) is Rung.LEADS
    return leads * _LEADS + len(given) * _A_MARK + math.prod(given)


def rung(means: Tenths) -> Rung:
    """Return whether a place leads, is held back by a low mark, or lacks one."""
    if any(tenths is None for tenths in means):
        return Rung.INCOMPLETE
    return Rung.LEADS if all(tenths >= HIGH for tenths in means if tenths is not None) else Rung.HELD_BACK


def weakest(means: Tenths) -> list[Criterion]:
    """Return the criteria with the lowest mean, in their order; more than one where they are level."""
    given = [tenths for tenths in means if tenths is not None]
    return [name for name, tenths in zip(CRITERIA, means, strict=True) if given and tenths == min(given)]


def lacking(means: Tenths) -> list[Criterion]:
    """Return the criteria for which nobody gave a mark."""
    return [name for name, tenths in zip(CRITERIA, means, strict=True) if tenths is None]


def together(means: Tenths) -> int | None:
    """Return the geometric mean in tenths, for reading; None while a mark is lacking. Ranks compare the product."""
    given = [tenths for tenths in means if tenths is not None]
    if len(given) < len(CRITERIA):
        return None
    return math.floor(math.pow(math.prod(given), 1 / 3) + 0.5)


def ranks(strengths: Sequence[int]) -> list[int]:
    """Return the rank of each place, given the strengths from the greatest down; level places share theirs."""
    found: list[int] = []
    for n, one in enumerate(strengths):
        found.append(found[-1] if n and one == strengths[n - 1] else n + 1)
    return found
