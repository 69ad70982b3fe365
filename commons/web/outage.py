"""The database is away: say so plainly, with 503 and a time to come back, instead of an error page."""

import sys
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_S = 5

log = structlog.get_logger(__name__)


def away() -> HttpResponse:
    """The page; rendered without the request, whose context would ask the database who is looking."""
    sentence = _(
        "The database is not answering just now. Nothing that was saved is lost, and alerts go out as soon as it is back. "
        "Please try again in a few seconds."
    )
    response = HttpResponse(render_to_string("503.html", {"sentence": sentence}), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    response.headers["Cache-Control"] = "no-store"
    return response


class OutageMiddleware:
    """Catches what views and their templates meet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, AWAY):
            return None
        log.warning("database_away", error=type(exception).__name__)
        return away()


def server_error(request: HttpRequest, template_name: str = "500.html") -> HttpResponseBase:
    """``handler500``: catches what the other middlewares meet (a session, a person), which Django shows to no middleware."""
    if isinstance(sys.exc_info()[1], AWAY):
        return away()
    return plain_server_error(request, template_name)
