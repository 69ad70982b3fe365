"""From the bytes of a spreadsheet's export to rows: whatever the encoding, the separator and the order of columns."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sites.rules.words import plain, tidy

BYTES_MOST = 2 * 1024 * 1024
ROWS_MOST = 5000
# A title or a note may stand above the names of the columns.
HEADER_WITHIN = 10
SEPARATORS = ";,\t|"


class Unreadable(StrEnum):
    """Why a file is no list of people."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    WORKBOOK = "workbook"
    NOT_TEXT = "not_text"
    QUOTES = "quotes"
    NO_EMAIL_COLUMN = "no_email_column"
    COLUMN_TWICE = "column_twice"


class SheetRefused(Exception):
    """The file can't be read; `row` says where, if that is known, and `column` which."""

    def __init__(self, why: Unreadable, *, row: int = 0, column: str = "") -> None:
        super().__init__(why.value)
        self.why, self.row, self.column = why, row, column


class Column(StrEnum):
    """What a column is about."""

    NAME = "name"
    EMAIL = "email"
    SKILLS = "skills"
    LIMITS = "limits"
    LANGUAGE = "language"
    PHONE = "phone"
    PLACE = "place"


# There is no channel for telephones, and where somebody lives is nobody's business: these are never kept.
DROPPED = frozenset({Column.PHONE, Column.PLACE})
HEADERS: dict[Column, frozenset[str]] = {
    Column.NAME: frozenset(
        {"name", "nombre", "names", "nombres", "handle", "apodo", "nickname", "first name", "nombre y apellido",
         "full name"}
    ),
    Column.EMAIL: frozenset(
        {"e mail", "email", "mail", "e mail address", "email address", "correo", "correo electronico", "e correo"}
    ),
    Column.SKILLS: frozenset(
        {"skills", "skill", "things to share", "can share", "habilidades", "cosas para compartir", "saberes",
         "que puede compartir", "what they can share"}
    ),
    Column.LIMITS: frozenset({"limits", "limit", "limites", "limite", "limitations", "limitaciones"}),
    Column.LANGUAGE: frozenset({"language", "lang", "idioma", "lengua"}),
    Column.PHONE: frozenset(
        {"phone", "telephone", "tel", "phone number", "mobile", "cell", "cell phone", "telefono", "movil", "celular",
         "numero de telefono", "whatsapp", "signal"}
    ),
    Column.PLACE: frozenset(
        {"block", "address", "street", "neighborhood", "neighbourhood", "cuadra", "manzana", "bloque", "direccion",
         "calle", "barrio", "vecindario", "zona"}
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line of the sheet by the number that a spreadsheet shows beside it."""

    number: int
    cells: dict[str, str]
    # There was more in it than there are columns: a separator inside a text that has no quotation marks.
    overflows: bool = False


@dataclass(frozen=True)
class Sheet:
    """What could be read: each known column's own heading, the headings that nobody asked for, and the rows."""

    headings: dict[str, str]
    dropped: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """Return the sheet; raises SheetRefused, and nothing else, for whatever bytes."""
    text = decode(content)
    separator = _separator(text)
    records = _records(text, separator)
    number, header = _header(records)
    places, sheet = _places(header)
    for at, record in enumerate(records, start=number + 1):
        cells = {column.value: _cell(column, record[place]) for column, place in places.items() if place < len(record)}
        if any(tidy(cell) for cell in record):
            overflows = any(tidy(cell) for cell in record[len(header) :])
            sheet.rows.append(Row(at, {name: text for name, text in cells.items() if text}, overflows))
        if len(sheet.rows) > ROWS_MOST:
            raise SheetRefused(Unreadable.TOO_MANY_ROWS)
    if not sheet.rows:
        raise SheetRefused(Unreadable.EMPTY)
    return sheet


def _cell(column: Column, text: str) -> str:
    """Return a cell on one line; in lists a line break separates."""
    lists = column in (Column.SKILLS, Column.LIMITS)
    return tidy(re.sub(r"[\r\n]+", "; ", text.strip()) if lists else text)


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252, with or without a byte order mark."""
    if len(content) > BYTES_MOST:
        raise SheetRefused(Unreadable.TOO_BIG)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetRefused(Unreadable.WORKBOOK)
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if re.search(r"[\x00-\x08\x0e-\x1f]", text) is None:
            return text
    raise SheetRefused(Unreadable.NOT_TEXT)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    half = max(1, len(content[:2000]) // 2)
    if content[1:2000:2].count(0) > half * 0.7:
        return ("utf-16-le",)
    if content[0:2000:2].count(0) > half * 0.7:
        return ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Read record by record, strictly: a quotation mark left open would swallow the rows after it in silence."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise SheetRefused(Unreadable.QUOTES, row=number) from None


def _separator(text: str) -> str:
    """Return the separator with which most headings make sense; of equals, the one that cuts finest."""

    def sense(separator: str) -> tuple[int, int]:
        top = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=separator)
        best = (0, 0)
        try:
            for _, record in zip(range(HEADER_WITHIN), top, strict=False):
                best = max(best, (sum(kind(heading) is not None for heading in record), len(record)))
        except csv.Error:
            pass
        return best

    return max(SEPARATORS, key=sense)


def kind(heading: str) -> Column | None:
    """Return what a column is about, by its heading in English or Spanish, or by a part of it."""
    parts = [plain(part) for part in [heading, *re.split(r"[/&,|()]+", heading)]]
    for part in parts:
        for column, names in HEADERS.items():
            if part in names:
                return column
    return None


def _header(records: Iterator[list[str]]) -> tuple[int, list[str]]:
    """Return the number and the headings of the first row that names a column for e-mail."""
    something = False
    for number, record in zip(range(1, HEADER_WITHIN + 1), records, strict=False):
        something = something or any(tidy(cell) for cell in record)
        if any(kind(heading) is Column.EMAIL for heading in record):
            return number, record
    raise SheetRefused(Unreadable.NO_EMAIL_COLUMN if something else Unreadable.EMPTY)


def _places(header: list[str]) -> tuple[dict[Column, int], Sheet]:
    """Return where each column that is read stands, and a sheet with its headings."""
    places: dict[Column, int] = {}
    sheet = Sheet({})
    for place, heading in enumerate(header):
        column, heading = kind(heading), tidy(heading)[:80]
        if column is None:
            sheet.unknown.extend([heading] if heading else [])
        elif column in DROPPED:
            sheet.dropped.append(heading)
        elif column in places:
            raise SheetRefused(Unreadable.COLUMN_TWICE, column=heading)
        else:
            places[column] = place
            sheet.headings[column.value] = heading
    return places, sheet
