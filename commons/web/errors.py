"""The pages for what goes wrong: ``handler403`` and ``handler500`` of the addresses."""

import sys

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.defaults import server_error as plain_server_error

from commons.gate import Forbidden
from commons.web.outage import AWAY, away


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Refuse with the sentence of the permission that was missing: it says who could."""
    who = exception.sentence if isinstance(exception, Forbidden) else None
    return render(request, "403.html", {"who": who}, status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Tell a database that is away from a mistake of ours.

    Views' exceptions have met OutageMiddleware before. What the other middlewares meet (loading a
    session, or the person in it) Django shows to no middleware, only to this.
    """
    if isinstance(sys.exc_info()[1], AWAY):
        return away()
    return plain_server_error(request)
