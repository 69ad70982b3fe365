"""The table from OpenStreetMap's tags to our kinds, and what a place is called."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sites.rules.words import tidy
from sites.states import BackdropClass, EvidenceKind, PlaceKind

FILE = Path(__file__).parent.parent / "osm_kinds.yaml"
NAME_LONGEST = 120
# Signs that are part of words in Persian, Hindi and others, though they can't be seen.
JOINERS = "\u200c\u200d"
GROUPS: dict[str, set[str]] = {
    "places": {kind.value for kind in PlaceKind},
    "evidence": {kind.value for kind in EvidenceKind},
    "backdrop": {kind.value for kind in BackdropClass},
}


class TableError(Exception):
    """The table can't be read; says where."""


@dataclass(frozen=True)
class Condition:
    """One `key=value`: any of the values, or any at all but those."""

    key: str
    values: frozenset[str]
    others: bool = False

    def holds(self, tags: Mapping[str, str]) -> bool:
        """Whether these tags fit."""
        value = tags.get(self.key)
        return value is not None and (value in self.values) is not self.others


@dataclass(frozen=True)
class Kinds:
    """One group of the table, in its order."""

    lines: tuple[tuple[str, tuple[Condition, ...]], ...]
    keys: frozenset[str] = field(default=frozenset())

    def all_of(self, tags: Mapping[str, str]) -> Iterator[str]:
        """Yield each kind that fits, from top to bottom, once."""
        if self.keys.isdisjoint(tags):
            return
        said: set[str] = set()
        for kind, conditions in self.lines:
            if kind not in said and all(condition.holds(tags) for condition in conditions):
                said.add(kind)
                yield kind

    def first_of(self, tags: Mapping[str, str]) -> str | None:
        """Return the first kind that fits, or None."""
        return next(self.all_of(tags), None)


@dataclass(frozen=True)
class Table:
    """The three groups."""

    places: Kinds
    evidence: Kinds
    backdrop: Kinds

    @property
    def keys(self) -> frozenset[str]:
        """Every key that means something; an object without any of them needs no look."""
        return self.places.keys | self.evidence.keys | self.backdrop.keys


def table(text: str | None = None) -> Table:
    """Return the table from its text, or from the file. Raises `TableError`."""
    try:
        said: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8") if text is None else text)
        if set(said) != set(GROUPS):
            raise TableError(f"The groups are {', '.join(GROUPS)}.")
        return Table(**{group: _kinds(group, said[group]) for group in GROUPS})
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        raise TableError(f"The table of kinds can't be read: {error}") from error


def _kinds(group: str, said: dict[str, list[str]]) -> Kinds:
    if unknown := set(said) - GROUPS[group]:
        raise TableError(f"Nobody knows the kind {sorted(unknown)[0]!r} in {group}.")
    lines = tuple((kind, tuple(map(_condition, line.split("&")))) for kind, rows in said.items() for line in rows)
    return Kinds(lines, frozenset(condition.key for _kind, conditions in lines for condition in conditions))


def _condition(words: str) -> Condition:
    key, equals, values = (part.strip() for part in words.partition("="))
    if not (key and equals and values):
        raise TableError(f"{words.strip()!r} is no key=value.")
    if values == "*" or values.startswith("* but "):
        return Condition(key, _set(values.removeprefix("*").removeprefix(" but ")), others=True)
    return Condition(key, _set(values))


def _set(values: str) -> frozenset[str]:
    return frozenset(value.strip() for value in values.split("|") if value.strip())


def name_of(tags: Mapping[str, str]) -> str:
    """Return what a place is called, fit to be shown: one line, nothing unseen, not too long; "" if it has no name."""
    return clean(tags.get("name", "")) or clean(tags.get("brand", ""))


def clean(text: str) -> str:
    """Return text without whatever could dress it up: controls, direction marks, half characters, private signs."""
    kept = (sign for sign in text[: NAME_LONGEST * 4] if sign in JOINERS or _visible(sign))
    return tidy("".join(kept))[:NAME_LONGEST].strip()


def _visible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def in_order(kinds: Iterable[str]) -> list[str]:
    """Return kinds as people read them: places, evidence, backdrop, each in the order of its states."""
    known = [kind.value for group in (PlaceKind, EvidenceKind, BackdropClass) for kind in group]
    return sorted(kinds, key=known.index)
