"""Answering 304 when nothing changed: a page that refreshes itself then costs one short question to the database.

Signed-in pages are ``no-store``, so the browser keeps nothing to compare with: an element that polls sends its tag
itself (``hx-headers='{"If-None-Match": …}'``, rendered anew with each fragment), and gets 304 with "swap nothing".
"""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from commons.web.htmx import asked_by_htmx


def etag(request: HttpRequest, tag: str, *, htmx: bool | None = None) -> str:
    """The tag as a header: another one for fragments than for pages, for each language, and for each reader.

    Weak, as compression makes it weak anyway. ``htmx=True`` gives a page the tag for the fragment it contains.
    """
    is_fragment = bool(asked_by_htmx(request)) if htmx is None else htmx
    user = getattr(request, "user", None)
    said = "\0".join([tag, "fragment" if is_fragment else "page", get_language() or "", str(getattr(user, "pk", None))])
    return f'W/"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def not_modified(request: HttpRequest, tag: str) -> HttpResponseBase | None:
    """The 304, or None when the page has to be made (give it ``tagged`` then)."""
    current = etag(request, tag)
    answer = get_conditional_response(request, etag=current, response=HttpResponse(headers={"ETag": current}))
    if answer is None or answer.status_code != 304:
        return None
    patch_vary_headers(answer, ["HX-Request", "Cookie", "Accept-Language"])
    if asked_by_htmx(request):
        answer.headers["HX-Reswap"] = "none"  # htmx would swap the empty body of a 304 in
    return answer


def tagged(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponse:
    """The page or fragment with its tag, for the next time."""
    response.headers["ETag"] = etag(request, tag)
    return response
