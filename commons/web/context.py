"""What every page knows: whose house this is, and the road through it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commons.web import nav

_neighbourhood: list[Callable[[], Any]] = []


def neighbourhood_from(function: Callable[[], Any]) -> None:
    """Say who knows the neighbourhood (an app above, from its ``ready()``)."""
    _neighbourhood[:] = [function]


def neighbourhood() -> Any:
    """The neighbourhood's row, or None before it was founded."""
    return _neighbourhood[0]() if _neighbourhood else None


def house(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Both are asked for only by pages that show them."""
    return {
        "neighbourhood": SimpleLazyObject(_neighbourhood[0]) if _neighbourhood else None,
        "source_url": settings.SOURCE_URL,
        # Error pages for a broken request are made before anybody knows who asks: they show no road.
        "nav": SimpleLazyObject(lambda: nav.links(request) if hasattr(request, "user") else []),
    }
