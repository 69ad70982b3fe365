"""What lies ready for a gathering, on pages of the apps above: each app says once what it has, from its `ready()`.

    at_hand(Kind.ASSET_MAPPING)(cards)

where ``cards(person, over)`` returns the ways that this person may go from the gathering's page: before and during it,
or once it is over. It asks nothing of the database that the page has not asked already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from commons.gatherings.states import Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Way:
    """A page, and what a link to it says."""

    label: "StrOrPromise"
    url: str


Source = Callable[[Any, bool], Iterable[Way]]
_sources: dict[Kind, list[Source]] = {}


def at_hand(*kinds: Kind) -> Callable[[Source], Source]:
    """Register what lies ready for gatherings of these kinds. Twice is once."""

    def register(source: Source) -> Source:
        for kind in kinds:
            known = _sources.setdefault(kind, [])
            if source not in known:
                known.append(source)
        return source

    return register


def ways(kind: str, person: Any, *, over: bool) -> list[Way]:
    """Return what lies ready for this person at a gathering of this kind."""
    return [way for source in _sources.get(Kind(kind), ()) for way in source(person, over)]
