"""In whose language and by whose clock a page, or a message, is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation


class Reader(Protocol):
    """Whoever reads: a person, or anything that knows a language and a time zone."""

    @property
    def language(self) -> str:
        """The code of a language."""

    @property
    def time_zone(self) -> str:
        """The name of a time zone."""


def language_of(reader: Reader) -> str:
    """Her language, or the server's first where it doesn't speak hers (any more)."""
    return reader.language if reader.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def zone_of(reader: Reader) -> tzinfo:
    """Her time zone; UTC where its name means nothing to this machine."""
    try:
        return ZoneInfo(reader.time_zone)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or the name of a folder
        return UTC


@contextmanager
def speaking_to(reader: Reader) -> Iterator[None]:
    """Whatever is rendered inside is for her: messages, and one-tap pages that know her without a session."""
    with translation.override(language_of(reader)), timezone.override(zone_of(reader)):
        yield


class LanguageMiddleware:
    """A signed-in person's own language and time zone; a visitor's browser has spoken through LocaleMiddleware already.

    Stands below AuthenticationMiddleware. The language stays active on the way out, where LocaleMiddleware names it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate before the view; the response is rendered by then."""
        if request.user.is_authenticated:
            translation.activate(language_of(request.user))
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            timezone.activate(zone_of(request.user))
        else:
            timezone.deactivate()  # the thread may have served somebody else's request before
        return self.get_response(request)
