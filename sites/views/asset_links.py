"""Answering without sign-in whether what one shares is still true, or was typed in rightly."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation

from commons import clock, gate
from commons.web.language import speaking_to
from commons.web.refusal import Refused
from sites.actions import freshness as actions
from sites.queries import asset_links as queries


@gate.by_link
def asset_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a link asks about; take what a pressed button says. Looking changes nothing."""
    now, refused, status = clock.now(), "", 200
    opened = queries.opened_by(token, now)
    if opened is None:
        return _page(request, "sites/asset_link_gone.html", {}, status=404)
    with speaking_to(opened.person):
        if request.method == "POST":
            try:
                actions.answer(
                    opened=opened, do=request.POST.get("do", ""), ref=request.POST.get("ref", ""), now=now
                )  # fmt: skip
                return redirect("asset_link", token)
            except Refused as refusal:
                refused, status = str(refusal), refusal.status
        context = {"opened": opened, "things": list(queries.about(opened, now)), "token": token, "refused": refused}
        return _page(request, "sites/asset_link.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Make a page that says nothing of the network in its title, where previews and shoulders look."""
    response = render(request, template, {"neighbourhood": None, **context}, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
