"""Pop-up stations in the browser: the list, planning one, its page, opening it, changing its words, ending it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons import clock, gate
from commons.web.refusal import Refused
from sites import access
from sites.actions import moves
from sites.actions import popups as actions
from sites.actions.popups import Meanwhile, Rhythm, Said
from sites.forms.popups import HostForm, PopupForm, WordsForm
from sites.forms.rhythm import MoveForm
from sites.models import Place, Popup
from sites.queries import popups as queries
from sites.queries.moves import places_to_stand, weeks_ahead
from sites.queries.neighbourhood import local_zone
from sites.queries.places import places_of
from sites.queries.reliability import Row, rows_of
from sites.queries.stages import standing
from sites.states import HostWord

ROWS_A_PAGE = 30


@gate.permit(access.SEE_POPUPS)
def popups(request: HttpRequest) -> HttpResponse:
    """All stations, with how reliably each opened and when it opens next."""
    page = Paginator(queries.listed(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    stations = queries.stations(page.object_list, request.user, clock.now())
    return render(request, "sites/popups.html", {"page": page, "stations": stations})


@gate.permit(access.PLAN_POPUP, fetch=places_of, by="ref", methods=("GET", "POST"))
def popup_new(request: HttpRequest, place: Place) -> HttpResponse:
    """Plan a station at a place; where listening is not done the page says what is missing."""
    now = clock.now()
    form, status = PopupForm(request.POST or None, needs=queries.needs_for(place)), 200
    if request.method == "POST" and form.is_valid():
        try:
            made = _plan(request.user, place, form, now)
            messages.success(request, _("“%(what)s” is planned.") % {"what": made})
            return redirect("popup", made.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "place": place, "standing": standing(place, now)}
    return render(request, "sites/popup_new.html", context, status=status)


def _plan(by: Any, place: Place, form: PopupForm, now: datetime) -> Popup:
    said = form.cleaned_data
    rhythm = Rhythm(said["weekday"], said["starts"], said["minutes"])
    made = actions.plan(
        by=by, place=place, need=said["need"], said=_said(said), rhythm=rhythm, roles=form.roles(), now=now
    )
    if said["host"] != HostWord.ASKED:
        made = actions.open_station(popup=made, host=HostWord(said["host"]), now=now)
    return made


def _said(said: dict[str, Any]) -> Said:
    return Said(said["name"], said["becomes"], said["counted"], said["supplies"])


@gate.permit(access.SEE_POPUPS, fetch=queries.popups_of)
def popup(request: HttpRequest, popup: Popup) -> HttpResponse:
    """One station: what, when next with its free places, its weeks, what it could become."""
    return _page(request, popup)


def _page(request: HttpRequest, popup: Popup, *, form: HostForm | None = None, status: int = 200) -> HttpResponse:
    now = clock.now()
    coming = queries.coming_shifts(popup, request.user, now)
    context = {
        "popup": popup,
        "every": queries.every_week(popup),
        "coming": coming,
        "first": next((one for one in coming if one.open and one.free and not one.holds), None),
        "row": rows_of([popup.pk], now.astimezone(local_zone()).date()).get(popup.pk, Row()),
        "past": queries.past_shifts(popup, now),
        "sums": queries.sums_of(popup),
        "keeps": access.KEEP_POPUP.allows(request.user, popup),
        "offers": queries.offers_to_stand_in(popup, request.user),
        "form": form or HostForm(),
    }
    return render(request, "sites/popup.html", context, status=status)


@gate.permit(access.KEEP_POPUP, fetch=queries.popups_of, methods=("GET", "POST"))
def popup_change(request: HttpRequest, popup: Popup) -> HttpResponse:
    """Say it in other words."""
    form, status = WordsForm(request.POST or None, popup=popup), 200
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            actions.change(popup=popup, said=_said(form.cleaned_data), version=version)
            messages.success(request, _("Kept."))
            return redirect("popup", popup.ref)
        except Refused as refusal:
            status = _show(request, refusal, form, popup)
    return render(request, "sites/popup_change.html", {"form": form, "popup": popup}, status=status)


@gate.permit(access.KEEP_POPUP, fetch=queries.popups_of, methods=("GET", "POST"))
def popup_move(request: HttpRequest, popup: Popup) -> HttpResponse:
    """Another day, time, place, or other people on a shift; whoever is on one that moves is asked."""
    now = clock.now()
    weeks = weeks_ahead(popup, now)
    form = MoveForm(request.POST or None, popup=popup, weeks=weeks, places=places_to_stand(popup))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _moved(_move(popup, form, now)))
            return redirect("popup", popup.ref)
        except Refused as refusal:
            status = _show(request, refusal, form, popup)
    context = {
        "form": form,
        "popup": popup,
        "every": queries.every_week(popup),
        "weeks": weeks,
        "people": sum(week.people for week in weeks),
    }
    return render(request, "sites/popup_move.html", context, status=status)


def _move(popup: Popup, form: MoveForm, now: datetime) -> moves.Moved:
    said = form.cleaned_data
    rhythm = Rhythm(said["weekday"], said["starts"], said["minutes"])
    host = HostWord(said["host"] or HostWord.ASKED)
    plan = moves.Plan(said["place"], rhythm, form.roles(), host)
    return moves.move(popup=popup, plan=plan, version=said["version"] or 0, first=said.get("first"), now=now)


def _moved(done: moves.Moved) -> str:
    if not done.weeks:
        return _("Kept.")
    said = ngettext(
        "Kept: %(count)d week has moved. Signs on paper say the old time: print them anew.",
        "Kept: %(count)d weeks have moved. Signs on paper say the old time: print them anew.",
        done.weeks,
    ) % {"count": done.weeks}
    if not done.told:
        return said
    asked = ngettext(
        "%(count)d neighbour is asked whether they can still come.",
        "%(count)d neighbours are asked whether they can still come.",
        done.told,
    ) % {"count": done.told}
    return f"{said} {asked}"


def _show(request: HttpRequest, refusal: Refused, form: WordsForm | MoveForm, popup: Popup) -> int:
    """Put the sentence on the form and return the status; over what changed meanwhile a second press is meant."""
    refusal.show_on(form)
    if isinstance(refusal, Meanwhile):
        popup.refresh_from_db()
        said = request.POST.copy()
        said["version"] = str(popup.version)
        form.data = said
    return refusal.status


@gate.permit(access.KEEP_POPUP, fetch=queries.popups_of, methods=("POST",))
def popup_open(request: HttpRequest, popup: Popup) -> HttpResponse:
    """Note the host's word and open."""
    form = HostForm(request.POST)
    if not form.is_valid():
        return _page(request, popup, form=form, status=422)
    host = HostWord(form.cleaned_data["host"])
    said = _("It is open: the next four weeks are on this page.")
    return _do(request, popup, lambda now: actions.open_station(popup=popup, host=host, now=now), said)


@gate.permit(access.KEEP_POPUP, fetch=queries.popups_of, methods=("POST",))
def popup_end(request: HttpRequest, popup: Popup) -> HttpResponse:
    """End it."""
    said = _("It has ended. What it kept stays; whoever had a place is told.")
    return _do(request, popup, lambda now: actions.end(popup=popup, now=now), said)


@gate.permit(access.JOIN_SHIFT, fetch=queries.popups_of, methods=("POST",))
def popup_stand_in(request: HttpRequest, popup: Popup) -> HttpResponse:
    """Be asked when a place is free, or not any more."""
    person: Any = request.user
    willing = request.POST.get("willing") == "yes"
    said = _("You are asked when a place is free, a few of you at a time.")
    if not willing:
        said = _("You are not asked any more.")
    return _do(
        request, popup, lambda now: actions.offer(popup=popup, person=person, willing=willing, now=now), said
    )  # fmt: skip


def _do(request: HttpRequest, popup: Popup, deed: Callable[[datetime], object], said: str) -> HttpResponse:
    """Do it, or say why not; either way the station's page follows."""
    try:
        deed(clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("popup", popup.ref)
