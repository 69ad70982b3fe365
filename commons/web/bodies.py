"""Large bodies are taken from members alone: one is read, and kept in a file, before any door asks who comes."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

# Bytes. Up to here the server in front reads a body whole before a thread of ours is asked for (see Caddyfile): a
# stranger who sends more, byte by byte and on many lines at once, would hold every thread.
LARGE = 4_000_000


class LargeBodyMiddleware:
    """Stands before the check of forged forms, which reads the body of whoever comes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Show strangers with a large body to the door; without a length, Django reads nothing."""
        said = request.META.get("CONTENT_LENGTH") or "0"
        if said.isdecimal() and int(said) > LARGE and SESSION_KEY not in request.session:
            return redirect_to_login(request.path)
        return self.get_response(request)
