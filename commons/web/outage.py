"""The database is away: say so plainly, with 503 and a time to come back, instead of an error page."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_S = 5

log = structlog.get_logger(__name__)


def away() -> HttpResponse:
    """The page; rendered without the request, whose context would ask the database who is looking."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    response.headers["Cache-Control"] = "no-store"
    return response


class OutageMiddleware:
    """Catches what views and their templates meet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Do nothing: exceptions of views come by ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 when the database was away; leave all else to others."""
        if not isinstance(exception, AWAY):
            return None
        # PostgreSQL's own five letters tell a server that is gone from a deadlock; they say nothing of anybody.
        code = getattr(exception.__cause__, "sqlstate", None) or ""
        log.warning("database_away", error=type(exception).__name__, code=code)
        return away()
