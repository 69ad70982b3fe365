"""Places: finding them, adding, correcting, and judging which two are one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.people.models import Person
from commons.web.refusal import Refused
from sites import access
from sites.actions import places as actions
from sites.forms.map import wanted
from sites.forms.places import PlaceForm
from sites.models import Double, Place
from sites.models.places import KINDS
from sites.queries import maps
from sites.queries import places as queries
from sites.queries.popups import stations_at
from sites.queries.stages import standing
from sites.views.scores import place_scores

# Steps of the small picture: half a pixel each on a telephone, and a quarter of the page high.
SMALL_WIDE, SMALL_HIGH = 1000, 560


@gate.permit(access.SEE_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    """All places that stand, of one kind or by name."""
    asked = wanted(request.GET)
    after, before = (request.GET.get(way, "").replace("\x00", "") for way in ("after", "before"))
    counted = maps.kinds_counted()
    context = {
        "leaf": queries.leaf(queries.found(asked.kind, asked.words), after=after, before=before),
        "kinds": [(key, label, counted.get(key, 0)) for key, label in KINDS],
        "asked": asked,
        "imports": access.IMPORT_PLACES.allows(request.user),
    }
    return render(request, "sites/places.html", context)


def _ground(place: Place | None) -> dict[str, Any]:
    """What the map beside the form shows at first: around the place, or everything."""
    box = maps.extent() if place is None else maps.around(place.latitude, place.longitude)
    return {"extent": box, "version": maps.version()}


@gate.permit(access.CHANGE_PLACES, methods=("GET", "POST"))
def place_new(request: HttpRequest) -> HttpResponse:
    """A place that no map has."""
    person: Person = request.user  # type: ignore[assignment]
    form = PlaceForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.add(by=person, kind=said["kind"], name=said["name"], point=said["position"], now=clock.now())
            messages.success(request, _("“%(what)s” is on the list.") % {"what": made})
            return redirect("place", made.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    return render(request, "sites/place_change.html", {"form": form, **_ground(None)}, status=status)


@gate.permit(access.SEE_PLACES, fetch=queries.places_of, by="ref")
def place(request: HttpRequest, place: Place) -> HttpResponse:
    """One place: what it is, where, how far it is on its road, and since when a map does not show it any more."""
    now = clock.now()
    context = {
        "place": place,
        "stations": stations_at(place, request.user, now),
        "stage": standing(place, now),
        "may_override": access.OVERRIDE_STAGE.allows(request.user),
        "scores": place_scores(place, request.user),
        **_surroundings(place),
    }
    return render(request, "sites/place.html", context)


def _surroundings(place: Place) -> dict[str, Any]:
    """A small picture of the streets around a place."""
    box = maps.around(place.latitude, place.longitude)
    picture = maps.picture(maps.version(), box, SMALL_WIDE, SMALL_HIGH)
    return {"picture": picture, "spots": [(*picture.frame.spot((place.latitude, place.longitude)), str(place))]}


@gate.permit(access.CHANGE_PLACES, fetch=queries.places_of, by="ref", methods=("GET", "POST"))
def place_change(request: HttpRequest, place: Place) -> HttpResponse:
    """Correct what a map, or somebody, said."""
    form = PlaceForm(request.POST or None, place=place)
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change(place=place, kind=said["kind"], name=said["name"], point=said["position"], now=clock.now())
            messages.success(request, _("Kept. No import changes it back."))
            return redirect("place", place.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "place": place, **_ground(place)}
    return render(request, "sites/place_change.html", context, status=status)


@gate.permit(access.MERGE_PLACES)
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that are likely one place."""
    page = Paginator(queries.doubles(), queries.SHOWN).get_page(request.GET.get("page"))
    return render(request, "sites/doubles.html", {"page": page})


@gate.permit(access.MERGE_PLACES, fetch=queries.doubles, by="ref", methods=("POST",))
def double(request: HttpRequest, double: Double) -> HttpResponse:
    """Which of the two stays, or that they are two."""
    try:
        kept = actions.decide(double=double, keep=request.POST.get("keep", ""), now=clock.now())
        if kept is None:
            messages.success(request, _("They are two, and are not proposed again."))
        else:
            messages.success(request, _("They are one now: “%(what)s”.") % {"what": kept})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("doubles")
