"""Finds what looks like a name, a telephone number, an e-mail address or a street address in free text.

A hint for a tired human, never a guard: whoever wrote it decides whether to keep it. Pure text, no database: the caller
gives the handles of the people it knows.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a piece of text looks like."""

    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    HANDLE = "handle"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """A piece of text, from `start` up to `end`, and what it looks like."""

    kind: Kind
    start: int
    end: int
    text: str


EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# Seven digits or more, with what people put between them; a date or a time has fewer.
PHONE = re.compile(r"(?<![\w.])\+?(?:\(\d{1,5}\)[\s./-]?)?\d(?:[\s./()-]{0,2}\d){6,14}(?![\w])")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
STREET_WORDS = (
    r"st(?:reet)?|ave(?:nue)?|av|r(?:oa)?d|blvd|boulevard|lane|ln|drive|dr|court|ct"
    r"|place|pl|row|way|terrace|alley|square|sq"
)
# "1204 Franklin St", "12 Mill Row", "Calle Mayor 14", "apt 3B", "No. 7", "casa 12".
ADDRESS = re.compile(
    rf"(?<![\w&])\d{{1,5}}[a-z]?\s+(?:[nsew]\.?\s+)?(?!(?:st|nd|rd|th)\b)[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*)?\s+(?:{STREET_WORDS})\b\.?"
    rf"|\b(?:calle|c/|avenida|avda\.?|rua|rue|via|carrer)\s*(?:[^\W\d_][\w.'’-]*\s+){{0,4}}[^\W\d_][\w.'’-]*,?\s+(?:n[º°o.]*\s*)?\d{{1,5}}\b"
    r"|\b(?:apt|apartment|apto|apartamento|unit|flat|suite|door|house|casa|piso|puerta|room|floor)\.?\s*(?:#|no\.?|n[º°])?\s*\d{1,5}[a-z]?\b"
    r"|\b(?:no\.|n[º°]|#)\s*\d{1,5}[a-z]?\b",
    re.IGNORECASE,
)
# A number before or after a capitalised word, where only a house can be meant: "1204 Franklin".
BARE_HOUSE = re.compile(r"(?<![\w&:.-])(\d{2,5}[a-zA-Z]?)\s+(?=[^\W\d_])(?![ap]\.?m\b)[A-ZÁÉÍÓÚÑ][\w'’-]+")
TITLES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Sr|Sra|Srta|Don|Doña|Señor|Señora)\b\.?\s+[^\W\d_][\w'’-]+(?:\s+[A-ZÁÉÍÓÚÑ][\w'’-]+)?"
)
CAPITAL = r"[A-ZÁÉÍÓÚÜÑÇ][\w'’-]*[a-záéíóúüñç][\w'’-]*"
PAIR = re.compile(rf"\b{CAPITAL}(?:\s+(?:de|del|la|van|bin|al)){{0,2}}\s+{CAPITAL}")
# Capitalised pairs that name a place, a thing or a beginning, not a person.
PLACES = """
    street st avenue ave av road rd boulevard blvd lane ln drive dr court ct place pl row way terrace alley square sq
    park plaza school church mosque temple library market station hospital clinic hall house centre center
    laundry corner
    north south east west old new upper lower the a an at near by and or on in from behind opposite outside inside
    calle avenida parque iglesia escuela esquina el la los las en con cerca san santa saint
    monday tuesday wednesday thursday friday saturday sunday spanish amharic vietnamese english
"""
PLACE_WORDS = frozenset(PLACES.split())


def findings(text: str, handles: Iterable[str] = (), *, pairs: bool = True) -> list[Finding]:
    """Return what `text` seems to give away, in order, no two overlapping.

    `handles` are the names of people who must not be named. `pairs=False` leaves out the guess that two capitalised
    words are a name: in a cross-street they rarely are.
    """
    found: list[Finding] = []
    for finding in _candidates(text, handles, pairs):
        if all(finding.end <= other.start or finding.start >= other.end for other in found):
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def _candidates(text: str, handles: Iterable[str], pairs: bool) -> Iterator[Finding]:
    """Surest first: what was found earlier hides what overlaps it."""
    yield from _matches(Kind.EMAIL, EMAIL, text)
    yield from _phones(text)
    yield from _matches(Kind.ADDRESS, ADDRESS, text)
    yield from _handles(text, handles)
    yield from _matches(Kind.NAME, TITLES, text)
    yield from _matches(Kind.ADDRESS, BARE_HOUSE, text)
    if pairs:
        for finding in _matches(Kind.NAME, PAIR, text):
            if not any(word.lower().strip(".'’") in PLACE_WORDS for word in finding.text.split()):
                yield finding


def _matches(kind: Kind, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(kind, match.start(), match.end(), match.group())


def _phones(text: str) -> Iterator[Finding]:
    for finding in _matches(Kind.PHONE, PHONE, text):
        if not DATE.fullmatch(finding.text.strip()):
            yield finding


def _handles(text: str, handles: Iterable[str]) -> Iterator[Finding]:
    """Whole words only; a handle of one or two letters says nothing."""
    known = sorted({handle.strip() for handle in handles if len(handle.strip()) > 2}, key=len, reverse=True)
    for start in range(0, len(known), 400):
        either = "|".join(map(re.escape, known[start : start + 400]))
        yield from _matches(Kind.HANDLE, re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), text)
