"""What waits for a person: each app answers for its own part, Today shows it most urgent first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from commons.web.nav import Tempo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Urgency: a larger number stands higher on the page.
NOW, TODAY, SOON, SOMETIME = 100, 60, 40, 20


@dataclass(frozen=True)
class Card:
    """One thing that waits: what it is about, what it says, and the one thing to do about it."""

    urgency: int
    kicker: "StrOrPromise"
    title: "StrOrPromise"
    body: "StrOrPromise"
    url: str
    action: "StrOrPromise"
    tempo: Tempo | None = None


Source = Callable[[Any, datetime], Iterable[Card]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Mark ``function(person, now)`` as a source of cards; import its module from the app's ``ready()``."""
    if function not in _sources:
        _sources.append(function)
    return function


def cards(person: Any, now: datetime) -> list[Card]:
    """All that waits for her; among equals the sources keep their order."""
    found = [card for of in _sources for card in of(person, now)]
    return sorted(found, key=lambda card: -card.urgency)
