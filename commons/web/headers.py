"""The headers that Django and django-csp leave out, on every response: pages, files and errors."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Everything that a page could ask a phone for is off; passkeys alone are for this server's own pages.
_OFF = [
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "serial", "screen-wake-lock", "usb", "window-management"),
    "xr-spatial-tracking",
]
_OURS = ["publickey-credentials-create", "publickey-credentials-get"]
PERMISSIONS = ", ".join([f"{feature}=()" for feature in _OFF] + [f"{feature}=(self)" for feature in _OURS])
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SIGN_OUT_PAGES = frozenset({"account_logout"})


class HeadersMiddleware:
    """Stands outside of nearly everything, so that no answer leaves without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add what is missing on the way out."""
        response = self.get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        if _came_by_link(request):
            # The address holds the token: no other page may learn it, not even one of ours.
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        elif _is_personal(request, response) and not getattr(response, "same_for_everybody", False):
            response.headers["Cache-Control"] = "no-store"
        if _signed_out(request, response):
            clear_site_data(response)
        return response


def same_for_everybody(response: HttpResponseBase) -> HttpResponseBase:
    """Say of an answer that nothing in it depends on who asks: it may be kept though somebody is signed in.

    For parts that a public page shows too, as the streets of the map; never for a page.
    """
    response.same_for_everybody = True  # type: ignore[attr-defined]
    return response


def _came_by_link(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and getattr(getattr(match.func, "gate", None), "kind", "") == "link"


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a session came or goes with it. Told by the cookie: asking who needs the database."""
    if not hasattr(request, "session"):  # a static file, served before sessions are looked at
        return False
    name = settings.SESSION_COOKIE_NAME
    return name in request.COOKIES or name in response.cookies


def _signed_out(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    is_page = match is not None and match.url_name in SIGN_OUT_PAGES
    return is_page and request.method == "POST" and response.status_code < 400


def clear_site_data(response: HttpResponseBase) -> None:
    """Leave nothing on a phone that was signed out."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
