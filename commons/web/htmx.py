"""The htmx protocol, spoken in one place so that views need not know it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

REDIRECTS = {301, 302, 303, 307, 308}


def asked_by_htmx(request: HttpRequest) -> "HtmxDetails | None":
    """What htmx said about the request; nothing for a plain one, and for one that never reached its middleware."""
    details = getattr(request, "htmx", None)
    return cast("HtmxDetails", details) if details else None


class HtmxProtocolMiddleware:
    """Caches are told apart, redirects lead the whole page, and messages arrive beside a fragment.

    Stands below MessageMiddleware and django_htmx's own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer htmx in its own words."""
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        details = asked_by_htmx(request)
        if details is None:
            return response
        if response.status_code in REDIRECTS:
            return _lead_the_page(details, response)
        if 200 <= response.status_code < 300 and response.status_code != 204:
            _add_messages(request, response)
        return response


def _lead_the_page(details: "HtmxDetails", response: HttpResponseBase) -> HttpResponseBase:
    """A redirect that the browser would follow unseen, and swap a whole page into a corner, becomes a real one.

    The response stays the same object: its cookies have to reach the browser.
    """
    target = response.headers["Location"]
    del response.headers["Location"]
    sign_in = resolve_url(settings.LOGIN_URL)
    if urlsplit(target).path == sign_in:
        # The session ended while a fragment was polled: come back to the page it is part of, not to the fragment.
        page = details.current_url_abs_path
        target = f"{sign_in}?{urlencode({'next': page})}" if page else sign_in
    response.status_code = 204
    response.headers["HX-Redirect"] = target
    return response


def _add_messages(request: HttpRequest, response: HttpResponseBase) -> None:
    """Messages that no page has shown yet travel with the fragment, out of band."""
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    messages = get_messages(request)
    if not is_page or getattr(messages, "used", True) or not len(messages):
        return
    shown = render_to_string("parts/messages.html", {"messages": messages, "oob": True}, request=request)
    response.write(shown)
