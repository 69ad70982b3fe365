"""Which two places are likely one: the same kind, near, with names alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from sites.rules.shapes import Point, metres
from sites.rules.words import plain
from sites.states import PlaceKind

NEAR = 75.0
# Two stops of one name face each other across a street, and are two.
NEAR_STOPS = 6.0
ALIKE = 0.82
# A cell is wider than what is near, at every latitude where people live; towards the poles some pairs are not seen.
CELL = 0.002


@dataclass(frozen=True)
class Named:
    """What is known of a place for this."""

    pk: int
    kind: str
    name: str
    point: Point


def alike(one: str, other: str) -> bool:
    """Whether two names could be one's: the same words, or nearly the same letters. No name is like none."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    words, others = set(first.split()), set(second.split())
    if first == second or (min(len(words), len(others)) > 1 and (words <= others or others <= words)):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def near(one: Named, other: Named) -> bool:
    """Whether they are as near as doubles of this kind are."""
    return metres(one.point, other.point) <= (NEAR_STOPS if one.kind == PlaceKind.BUS_STOP else NEAR)


def likely(places: Iterable[Named], most: int) -> Iterator[tuple[int, int]]:
    """Yield at most so many pairs of keys, the smaller one first; the work grows with the places, not their square."""
    cells: dict[tuple[str, int, int], list[Named]] = defaultdict(list)
    found = 0
    for place in places:
        row, column = int(place.point[0] // CELL), int(place.point[1] // CELL)
        around = [(place.kind, row + north, column + east) for north in (-1, 0, 1) for east in (-1, 0, 1)]
        for cell in around:
            # A hostile file could pile all its places upon one point: of a pile only the newest are compared.
            for other in cells.get(cell, [])[-50:]:
                if near(place, other) and alike(place.name, other.name):
                    yield min(place.pk, other.pk), max(place.pk, other.pk)
                    found += 1
                    if found >= most:
                        return
        cells[place.kind, row, column].append(place)
