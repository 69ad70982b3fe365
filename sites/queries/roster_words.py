"""What the software has to say of an uploaded list, as sentences: by row and column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from sites.models.assets import BUILT_IN_SKILLS, LIMITS
from sites.queries.roster import Planned
from sites.rules.phrases import Offer
from sites.rules.roster import WRITES, Flaw, Line, Outcome, Remark, Said
from sites.rules.sheet import Column, SheetRefused, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_NAMES = dict(LIMITS)
UNREADABLE = {
    Unreadable.EMPTY: _("There is nobody on this list: below the names of the columns it has no rows."),
    Unreadable.TOO_BIG: _("This file is larger than 2 MB. Divide the list, or save only the columns that are needed."),
    Unreadable.TOO_MANY_ROWS: _("This list has more than 5,000 rows. Divide it."),
    Unreadable.WORKBOOK: _("This is a workbook, not a list as text. Open it and choose “Save as” → CSV."),
    Unreadable.NOT_TEXT: _("This file is no text. Open your list in a spreadsheet program and choose “Save as” → CSV."),
    Unreadable.QUOTES: _(
        "Row %(row)d: a quotation mark is opened and not closed, so it can't be told where the row ends. "
        "Mend it there and upload the list again."
    ),
    Unreadable.NO_EMAIL_COLUMN: _(
        "No column is called “E-mail” (or “Correo”). The first row has to name the columns: "
        "Name, E-mail, Skills, Limits, Language, in any order, in English or Spanish."
    ),
    Unreadable.COLUMN_TWICE: _("There are two columns of one kind; the second is “%(column)s”. Which one counts?"),
}
FLAWS = {
    Flaw.NO_EMAIL: _("There is no e-mail address, so nobody can be invited."),
    Flaw.BAD_EMAIL: _("“%(words)s” is no e-mail address."),
    Flaw.FORMULA: _(
        "“%(words)s” begins like a formula (=, +, - or @). Formulas are never imported: write it as plain words."
    ),
    Flaw.TOO_LONG: _("“%(words)s” is too long."),
    Flaw.TOO_MANY: _("There are more than 20 things. Keep the most important ones."),
    Flaw.OVERFLOW: _(
        "This row has more cells than there are columns. Is a separator in a text without quotation marks?"
    ),
}
REMARKS = {
    Remark.NO_NAME: _("There is no name. They choose one when they join."),
    Remark.OTHER_LANGUAGE: _(
        "“%(words)s” is a language that this server doesn't speak yet. The invitation is in %(language)s."
    ),
    Remark.KEPT_AS_NOTE: _("“%(words)s” is kept as their own sealed note: no rule can be made of it."),
}
OUTCOMES = {
    Outcome.INVITED: _("is invited"),
    Outcome.INVITED_AGAIN: _("is invited again, the last invitation has ended"),
    Outcome.UPDATED: _("was invited before: brought up to date, without another mail"),
    Outcome.UNCHANGED: _("was invited before: nothing changes"),
    Outcome.MEMBER: _("is a member already: left alone"),
    Outcome.JOINED: _("has used an invitation already: left alone"),
    Outcome.WITHDRAWN: _("was invited, and the invitation was taken back: left alone"),
    Outcome.DUPLICATE: _("has the same address as row %(row)d: skipped"),
    Outcome.PROBLEM: _("stays out"),
}
TALLY = {
    Outcome.INVITED: _("will be invited"),
    Outcome.INVITED_AGAIN: _("will be invited again"),
    Outcome.UPDATED: _("brought up to date, no mail"),
    Outcome.UNCHANGED: _("invited before, unchanged"),
    Outcome.MEMBER: _("members already"),
    Outcome.JOINED: _("joined already"),
    Outcome.WITHDRAWN: _("taken back before"),
    Outcome.DUPLICATE: _("written twice, skipped"),
    Outcome.PROBLEM: _("stay out: a problem"),
}


def unreadable(refused: SheetRefused) -> str:
    """Return why a file can't be read, in the reader's language."""
    return str(UNREADABLE[refused.why]) % {"row": refused.row, "column": refused.column}


def sentence(said: Said, language: str = "") -> str:
    """Return a flaw or a remark as a sentence."""
    words = said.words if len(said.words) <= 60 else said.words[:59] + "…"
    sentence = FLAWS[said.what] if isinstance(said.what, Flaw) else REMARKS[said.what]
    return str(sentence) % {"words": words, "language": language}


def where(number: int, column: Column | None, headings: "Mapping[str, str]") -> str:
    """Return the place that a sentence is about: "Row 7, column “E-mail”"."""
    if column is None or column not in headings:
        return gettext("Row %(row)d") % {"row": number}
    return gettext("Row %(row)d, column “%(column)s”") % {"row": number, "column": headings[column]}


def becomes(line: Line, outcome: Outcome) -> str:
    """Return what becomes of a row."""
    return str(OUTCOMES[outcome]) % {"row": line.same_as or 0}


@dataclass(frozen=True)
class Shown:
    """One row of the preview, in words."""

    number: int
    name: str
    email: str
    becomes: str
    language: str
    offers: list[str]
    limits: list[str]
    note: str
    goes_out: bool
    bad: dict[str, list[str]]


def shown(one: Planned) -> Shown:
    """Return a row as the preview shows it; problems by the column they are in."""
    line = one.line
    bad: dict[str, list[str]] = {}
    for flaw in line.flaws:
        bad.setdefault(flaw.column or "row", []).append(sentence(flaw))
    invited = one.outcome in WRITES
    return Shown(
        number=line.number,
        name=line.name,
        email=line.email,
        becomes=becomes(line, one.outcome),
        language=language_name(one.language) if invited else "",
        offers=[offer_name(offer) for offer in line.offers],
        limits=[str(LIMIT_NAMES[limit]) for limit in line.limits],
        note=line.note,
        goes_out=invited,
        bad=bad,
    )


def offer_name(offer: Offer) -> str:
    """Return what an offer is called by the reader."""
    return offer.title or str(BUILT_IN_SKILLS.get(offer.skill, offer.skill))


def language_name(code: str) -> str:
    """Return a language's name in the reader's language."""
    return str(get_language_info(code)["name_translated"])


def problems(planned: Iterable[Planned], headings: "Mapping[str, str]") -> list[tuple[str, str]]:
    """Return every problem: its place, and a sentence."""
    return [
        (where(one.line.number, flaw.column, headings), sentence(flaw)) for one in planned for flaw in one.line.flaws
    ]


def remarks(planned: Iterable[Planned], headings: "Mapping[str, str]") -> list[tuple[str, str]]:
    """Return what is worth knowing of rows that are imported all the same."""
    return [
        (where(one.line.number, remark.column, headings), sentence(remark, language_name(one.language)))
        for one in planned
        if one.outcome in WRITES
        for remark in one.line.remarks
    ]
