"""What an import of places says: what it brought, and one sentence for each way in which a file is of no use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from sites.models.places import BACKDROP, EVIDENCE, KINDS
from sites.states import Unusable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNUSABLE: "dict[str, StrOrPromise]" = {
    Unusable.NO_MAP: _(
        "This is no map file. What is read: .osm.pbf, .osm and .osm.bz2 of OpenStreetMap, and GeoJSON. "
        "Nothing was imported."
    ),
    Unusable.EMPTY: _("There is nothing on this map that Casserole knows. Nothing was imported."),
    Unusable.BROKEN: _("The file is broken or was cut off. Nothing was imported; fetch it again."),
    Unusable.TOO_BIG: _("The file is too big to be read here. Nothing was imported; take a smaller extract."),
    Unusable.TOO_MUCH: _(
        "There is more on this map than one neighbourhood holds. Nothing was imported; choose a smaller area."
    ),
    Unusable.TOO_LONG: _("The file took too long to read. Nothing was imported; take a smaller extract."),
    Unusable.AWAY: _("The file can't be read: it is not there, or no file. Nothing was imported."),
    Unusable.CHANGES: _("These are changes to a map, not a map. Nothing was imported; take an extract."),
    Unusable.STOPPED: _("The server was stopped again and again while it read this file. Nothing was imported."),
    Unusable.LOSES: _(
        "Most of the places known there are missing from this file, so it may have been cut off. Nothing was imported. "
        "Fetch it again; or name the area that it shows, if they are really gone."
    ),
}


@dataclass(frozen=True)
class Brought:
    """One line of what an import brought: how many are new, updated, gone."""

    name: "StrOrPromise"
    new: int
    updated: int
    gone: int

    @property
    def anything(self) -> bool:
        """Whether it is worth a line."""
        return bool(self.new or self.updated or self.gone)


@dataclass(frozen=True)
class Group:
    """The lines of one sort, and their sum."""

    total: Brought
    lines: list[Brought]


_GROUPS: "Sequence[tuple[StrOrPromise, Sequence[tuple[str, StrOrPromise]]]]" = (
    (_("Places"), KINDS),
    (_("Workplaces and cameras"), EVIDENCE),
    (_("Streets and ground"), BACKDROP),
)


def brought(counts: Mapping[str, Sequence[int]]) -> list[Group]:
    """Return what an import brought, sort by sort with its sum, each kind it touched; nothing if nothing changed."""
    groups = []
    for name, kinds in _GROUPS:
        # As JSON keeps them: in the order of the names' list, whatever order the database has.
        lines = [Brought(called, *counts.get(kind, (0, 0, 0))) for kind, called in kinds]
        lines = [line for line in lines if line.anything]
        total = Brought(
            name, sum(line.new for line in lines), sum(line.updated for line in lines), sum(line.gone for line in lines)
        )
        if lines:
            groups.append(Group(total, lines))
    return groups
