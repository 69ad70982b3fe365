"""What somebody looks for on the map or in the list: a kind, a name, what else is shown, and where."""

from dataclasses import dataclass

from django.http import QueryDict

from sites.models.places import KINDS
from sites.rules.shapes import Box, NoArea, parse_box
from sites.states import EvidenceKind


@dataclass(frozen=True)
class Wanted:
    """Clean values, "" and nothing where nothing sensible was said; an address with nonsense still shows a page."""

    kind: str
    words: str
    evidence: tuple[str, ...]
    box: Box | None

    @property
    def anything(self) -> bool:
        """Whether the places are narrowed down."""
        return bool(self.kind or self.words)


def wanted(said: QueryDict) -> Wanted:
    """Return what an address asks for."""
    kind = said.get("kind", "")
    shown = said.getlist("show")
    try:
        box = parse_box(said.get("box", "")[:120]).box
    except NoArea:
        box = None
    return Wanted(
        kind=kind if kind in dict(KINDS) else "",
        words=said.get("q", "").replace("\x00", "")[:60].strip(),
        evidence=tuple(one.value for one in EvidenceKind if one.value in shown),
        box=box,
    )
