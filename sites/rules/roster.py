"""A list of people to invite: what each row becomes, and what is wrong with it, by row and column."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sites.rules import phrases
from sites.rules.phrases import Offer
from sites.rules.sheet import Column, Row
from sites.states import Limit

NAME_MOST, OFFER_MOST, NOTE_MOST, OFFERS_MOST = 40, 60, 300, 20
EMAIL_MOST = 254
# What a spreadsheet program would run, were this list ever exported and opened again.
FORMULA = tuple("=+-@＝＋－＠")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!\d+$)[A-Za-z0-9-]{{2,63}}(?<!-)")
DAYS = 14


class Flaw(StrEnum):
    """Why a row can't be imported."""

    NO_EMAIL = "no_email"
    BAD_EMAIL = "bad_email"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    OVERFLOW = "overflow"


class Remark(StrEnum):
    """What is worth knowing of a row that is imported all the same."""

    NO_NAME = "no_name"
    OTHER_LANGUAGE = "other_language"
    KEPT_AS_NOTE = "kept_as_note"


class Outcome(StrEnum):
    """What becomes of a row."""

    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MEMBER = "member"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    PROBLEM = "problem"


WRITES = frozenset({Outcome.INVITED, Outcome.INVITED_AGAIN, Outcome.UPDATED})


@dataclass(frozen=True)
class Said:
    """A flaw or a remark, the column it is in, and the words it is about."""

    column: Column | None
    what: Flaw | Remark
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One row, understood."""

    number: int
    name: str = ""
    email: str = ""
    language: str = ""
    offers: tuple[Offer, ...] = ()
    limits: tuple[Limit, ...] = ()
    note: str = ""
    flaws: tuple[Said, ...] = ()
    remarks: tuple[Said, ...] = ()
    # The row before it with the same address, which is the one that counts.
    same_as: int | None = None

    def staged(self) -> dict[str, Any]:
        """Return what waits, sealed, until the person accepts it as theirs."""
        return {
            "handle": self.name,
            "offers": [{"kind": offer.kind, "skill": offer.skill, "title": offer.title} for offer in self.offers],
            "limits": [limit.value for limit in self.limits],
            "note": self.note,
        }


@dataclass(frozen=True)
class Known:
    """What stands already of an address that was invited before."""

    staged: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    used: bool = False
    revoked: bool = False
    expired: bool = False


def judge(rows: Iterable[Row]) -> list[Line]:
    """Return what each row says, and which rows repeat the address of a good row above them."""
    first: dict[str, int] = {}
    lines = []
    for row in rows:
        line = _line(row)
        if not line.flaws:
            before = first.setdefault(line.email, line.number)
            if before != line.number:
                line = Line(line.number, line.name, line.email, line.language, same_as=before)
        lines.append(line)
    return lines


def outcome(line: Line, *, member: bool, known: Known | None, language: str) -> Outcome:
    """Return what becomes of a line; `language` is the one in which it would be invited."""
    if line.flaws:
        return Outcome.PROBLEM
    if line.same_as is not None:
        return Outcome.DUPLICATE
    if member:
        return Outcome.MEMBER
    if known is None:
        return Outcome.INVITED
    if known.used:
        return Outcome.JOINED
    if known.revoked:
        return Outcome.WITHDRAWN
    if known.expired:
        return Outcome.INVITED_AGAIN
    same = known.staged == line.staged() and known.language == language
    return Outcome.UNCHANGED if same else Outcome.UPDATED


def _line(row: Row) -> Line:
    cells = row.cells
    name, email = cells.get(Column.NAME, ""), cells.get(Column.EMAIL, "").lower()
    offered = phrases.parts(cells.get(Column.SKILLS, ""))
    limits, note = phrases.limits(cells.get(Column.LIMITS, ""))
    spoken = cells.get(Column.LANGUAGE, "")
    language = phrases.language(spoken) if spoken else ""
    remarks = [
        Said(Column.NAME, Remark.NO_NAME) if not name else None,
        Said(Column.LANGUAGE, Remark.OTHER_LANGUAGE, spoken) if language is None else None,
        Said(Column.LIMITS, Remark.KEPT_AS_NOTE, note) if note else None,
    ]
    return Line(
        number=row.number,
        name=name,
        email=email,
        language=language or "",
        offers=tuple(dict.fromkeys(phrases.offer(words) for words in offered)),
        limits=tuple(limits),
        note=note,
        flaws=tuple(_flaws(row, offered)),
        remarks=tuple(remark for remark in remarks if remark),
    )


def _flaws(row: Row, offered: list[str]) -> list[Said]:
    flaws = [Said(None, Flaw.OVERFLOW)] if row.overflows else []
    dangerous = {Column(column): cell for column, cell in row.cells.items() if cell.startswith(FORMULA)}
    flaws += [Said(column, Flaw.FORMULA, cell) for column, cell in dangerous.items()]
    if Column.SKILLS not in dangerous:
        flaws += [Said(Column.SKILLS, Flaw.FORMULA, words) for words in offered if words.startswith(FORMULA)]
    email = row.cells.get(Column.EMAIL, "")
    if not email:
        flaws.append(Said(Column.EMAIL, Flaw.NO_EMAIL))
    elif Column.EMAIL not in dangerous and not is_address(email):
        flaws.append(Said(Column.EMAIL, Flaw.BAD_EMAIL, email))
    if len(row.cells.get(Column.NAME, "")) > NAME_MOST:
        flaws.append(Said(Column.NAME, Flaw.TOO_LONG, row.cells[Column.NAME]))
    if len(row.cells.get(Column.LIMITS, "")) > NOTE_MOST:
        flaws.append(Said(Column.LIMITS, Flaw.TOO_LONG, row.cells[Column.LIMITS]))
    flaws += [Said(Column.SKILLS, Flaw.TOO_LONG, words) for words in offered if len(words) > OFFER_MOST][:1]
    if len(offered) > OFFERS_MOST:
        flaws.append(Said(Column.SKILLS, Flaw.TOO_MANY))
    return flaws


def is_address(text: str) -> bool:
    """Return whether mail could be sent there: plain ASCII, one @, a domain with a dot."""
    local = text.partition("@")[0]
    return len(text) <= EMAIL_MOST and len(local) <= 64 and _EMAIL.fullmatch(text) is not None
