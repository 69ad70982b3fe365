"""The navigation is the road; each app puts its own stop on it from ``ready()``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest
from django.urls import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Tempo = Literal["fast", "medium", "slow"]


def everybody(_person: Any) -> bool:
    """For stops that visitors see too."""
    return True


@dataclass(frozen=True)
class Stop:
    """A stop as registered."""

    label: "StrOrPromise"
    url_name: str
    order: int
    tempo: Tempo | None
    when: Callable[[Any], bool]
    beside: bool


@dataclass(frozen=True)
class Link:
    """A stop as a page shows it."""

    label: "StrOrPromise"
    url: str
    tempo: Tempo | None
    current: bool
    beside: bool


_stops: dict[str, Stop] = {}


def register(
    label: "StrOrPromise",
    url_name: str,
    order: int,
    tempo: Tempo | None = None,
    when: Callable[[Any], bool] = everybody,
    beside: bool = False,
) -> None:
    """Put a stop on the road; ``when(person)`` says who sees it, and
    ``beside`` sets it apart from the road (the commons). Registering again replaces."""
    _stops[url_name] = Stop(label, url_name, order, tempo, when, beside)


def links(request: HttpRequest) -> list[Link]:
    """The road as this person sees it, and where on it she stands."""
    visible = sorted((stop for stop in _stops.values() if stop.when(request.user)), key=lambda stop: stop.order)
    urls = [reverse(stop.url_name) for stop in visible]
    here = max((url for url in urls if request.path.startswith(url)), key=len, default=None)
    if here == "/" != request.path:  # every address begins with the home page's
        here = None
    return [
        Link(stop.label, url, stop.tempo, url == here, stop.beside) for stop, url in zip(visible, urls, strict=True)
    ]
