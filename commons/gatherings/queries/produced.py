"""What came of a gathering, counted by the apps above: each says once how it counts, from its `ready()`.

    produced(Kind.ASSET_MAPPING)(assets_mapped)

where ``assets_mapped(begin, end)`` returns lines such as ``Line(12, "skills, rooms and tools on the map")`` for what
was made between the beginning of a gathering and some hours after its end. What several gatherings at once made counts
for each.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commons.gatherings import rules
from commons.gatherings.models import Gathering
from commons.gatherings.states import Kind, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Line:
    """So many of what: the number stands large, the words below it."""

    count: int
    what: "StrOrPromise"


Source = Callable[[datetime, datetime], Iterable[Line]]
_sources: dict[Kind, list[Source]] = {}


def produced(*kinds: Kind) -> Callable[[Source], Source]:
    """Register a count for gatherings of these kinds; without any, for all of them. Twice is once."""

    def register(source: Source) -> Source:
        for kind in kinds or tuple(Kind):
            known = _sources.setdefault(kind, [])
            if source not in known:
                known.append(source)
        return source

    return register


def lines(gathering: Gathering, now: datetime) -> list[Line]:
    """Return what came of a gathering that has begun, without zeros; none of one that was called off."""
    if gathering.state == State.CANCELLED or gathering.starts_at > now:
        return []
    until = gathering.ends_at + rules.PRODUCED_UNTIL
    found = (line for source in _sources.get(Kind(gathering.kind), ()) for line in source(gathering.starts_at, until))
    return [line for line in found if line.count]
