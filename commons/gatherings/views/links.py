"""The pages behind links: a gathering for whoever holds its link, a guest's own answer, and the link itself.

A visitor reads what would stand on a poster, and nothing of people: no host, no names, no numbers of who comes (those
could point to somebody, mission M7), no exact address.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.gatherings import access, rules
from commons.gatherings.actions import plans, seats
from commons.gatherings.forms.coming import PartyForm
from commons.gatherings.models import Gathering
from commons.gatherings.queries import links as queries
from commons.gatherings.queries import lists, page, words
from commons.gatherings.states import OpenTo, Said
from commons.web import rates
from commons.web.client import client_key
from commons.web.qr import qr
from commons.web.refusal import Refused, TooOften

# From one line, and for one gathering, in an hour; a school hall may share one line.
FROM_ONE_LINE, FOR_ONE_GATHERING, AN_HOUR = 20, 120, timedelta(hours=1)
OFTEN = gettext_lazy("That was often in a short time. Wait some minutes, and press once more: nothing is lost.")


@sensitive_post_parameters("name", "note")
@gate.by_link
def gathering_open(request: HttpRequest, token: str) -> HttpResponseBase:
    """A gathering behind its public link: looking changes nothing, its button says that somebody comes."""
    gathering = queries.open_with(token)
    if gathering is None:
        return render(request, "gatherings/gathering_gone.html", status=404)
    form = PartyForm(request.POST or None, gathering=gathering, initial={"key": secrets.token_urlsafe(16)})
    status = 200
    if request.method == "POST":
        if form.is_valid() and form.cleaned_data["key"]:
            try:
                _not_too_often(request, gathering)
                coming = seats.come_as_guest(
                    gathering=gathering, key=form.cleaned_data["key"], party=form.party(), now=clock.now()
                )
                return redirect("gathering_guest", coming.token())
            except Refused as refusal:
                refusal.show_on(form)
                status = refusal.status
        else:
            status = 422
    with timezone.override(gathering.zone):
        context = {"shown": page.shown(gathering, clock.now()), "gathering": gathering, "form": form, "token": token}
        return render(request, "gatherings/gathering_open.html", context, status=status)


def _not_too_often(request: HttpRequest, gathering: Gathering) -> None:
    """Raise `TooOften` for a line, or a gathering, that answers more than people do."""
    line = rates.take(f"gathering:{client_key(request)}", FROM_ONE_LINE, AN_HOUR)
    if not line or not rates.take(f"gathering:of:{gathering.ref}", FOR_ONE_GATHERING, AN_HOUR):
        raise TooOften(OFTEN)


@sensitive_post_parameters("name", "note")
@gate.by_link
def gathering_guest(request: HttpRequest, token: str) -> HttpResponseBase:
    """A guest's own page: what they said, where exactly once it is time, and a way to change their mind."""
    coming = queries.guest_with(token)
    if coming is None:
        return render(request, "gatherings/gathering_gone.html", status=404)
    gathering, now, status = coming.gathering, clock.now(), 200
    form = PartyForm(request.POST or None, gathering=gathering, coming=coming)
    if request.method == "POST":
        try:
            if request.POST.get("say") == "no":
                seats.stay_away(gathering=gathering, coming=coming, now=now)
                return redirect("gathering_guest", token)
            if form.is_valid():
                seats.change_party(coming=coming, party=form.party(), now=now)
                return redirect("gathering_guest", token)
            status = 422
        except Refused as refusal:
            form.is_valid()
            refusal.show_on(form)
            status = refusal.status
    said = Said(coming.said)
    times = {"starts_at": gathering.starts_at, "ends_at": gathering.ends_at, "now": now}
    with timezone.override(gathering.zone):
        context = {
            "shown": page.shown(gathering, now),
            "gathering": gathering,
            "coming": coming,
            "said": said,
            "form": form,
            "token": token,
            "address_open": rules.address_open(said=said, guest=True, **times),
            "opens": words.day_and_time(gathering.starts_at - rules.GUESTS_LEARN_BEFORE, gathering.zone),
        }
        return render(request, "gatherings/gathering_guest.html", context, status=status)


@gate.permit(access.CHANGE, fetch=lists.gatherings_of, methods=("GET", "POST"))
def gathering_link(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """The public link, to copy, read out or print; POST takes it back and makes another."""
    if gathering.open_to != OpenTo.LINK:
        raise Http404
    if request.method == "POST":
        try:
            plans.renew_link(gathering=gathering, now=clock.now())
            messages.success(request, _("This is another link. The one that was out opens nothing any more."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("gathering_link", gathering.ref)
    link = settings.SITE_URL + reverse("gathering_open", args=[gathering.token()])
    context = {"gathering": gathering, "link": link, "qr": qr(link), "shown": page.shown(gathering, clock.now())}
    return render(request, "gatherings/gathering_link.html", context)
