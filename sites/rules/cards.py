"""Paper cards typed in by somebody else: what each row says, and what is wrong with it (mission S9, G12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sites.rules import phrases
from sites.rules.roster import is_address
from sites.rules.words import tidy
from sites.states import AssetKind, Audience, Limit

# What a person never said is theirs goes, as with people imported from a list.
ACCEPT_WITHIN = timedelta(days=14)
ROWS_MOST = 60
# How much of each cell is kept while it is typed; what can be entered is shorter.
CELL_MOST = 300
COLUMNS = ("who", "email", "kind", "what", "limits", "seen")
WHAT_MOST, WHO_MOST = 60, 40


class Amiss(StrEnum):
    """Why a card can't be entered yet."""

    NO_WHO = "no_who"
    NO_WHAT = "no_what"
    TOO_LONG = "too_long"
    BAD_EMAIL = "bad_email"
    NOBODY = "nobody"
    SEVERAL = "several"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"


class Becomes(StrEnum):
    """What a card becomes."""

    SHARED = "shared"
    THERE = "there"
    INVITED = "invited"
    AMISS = "amiss"


@dataclass(frozen=True)
class Card:
    """One card as it was typed; whoever is left out is the one of the card above."""

    number: int
    who: str
    email: str
    kind: str
    what: str
    limits: tuple[Limit, ...]
    note: str
    seen: str
    amiss: Amiss | None = None


def cells(columns: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Return the rows that were typed, column by column as a form sends them; empty ones left out, at most sixty."""
    lists = [list(columns.get(name, ())) for name in COLUMNS]
    rows = []
    for place in range(min(max(map(len, lists), default=0), ROWS_MOST)):
        row = {name: (said[place] if place < len(said) else "") for name, said in zip(COLUMNS, lists, strict=True)}
        row = {name: tidy(cell)[:CELL_MOST] for name, cell in row.items()}
        if any(row[name] for name in ("who", "email", "what", "limits")):
            rows.append(row)
    return rows


def judge(rows: Iterable[Mapping[str, str]]) -> list[Card]:
    """Return each row as a card. An empty "who" means the one above: people write several cards."""
    who = email = ""
    made = []
    for number, row in enumerate(rows, start=1):
        if row["who"] or row["email"]:
            who, email = row["who"], row["email"].lower()
        limits, note = phrases.limits(row["limits"])
        kind = row["kind"] if row["kind"] in set(AssetKind) else AssetKind.SKILL.value
        seen = row["seen"] if row["seen"] in set(Audience) else Audience.POD.value
        amiss = _amiss(who, email, row["what"])
        made.append(Card(number, who, email, kind, row["what"], tuple(limits), note, seen, amiss))
    return made


def _amiss(who: str, email: str, what: str) -> Amiss | None:
    if not who and not email:
        return Amiss.NO_WHO
    if not what:
        return Amiss.NO_WHAT
    if len(what) > WHAT_MOST or len(who) > WHO_MOST:
        return Amiss.TOO_LONG
    return Amiss.BAD_EMAIL if email and not is_address(email) else None
