"""Importing places: upload a map, follow how it is read, see what it brought."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commons import clock, gate
from commons.people.models import Person
from commons.web.htmx import asked_by_htmx
from commons.web.refusal import Refused
from sites import access
from sites.actions import imports as actions
from sites.forms.places import MapForm
from sites.models import PlaceImport
from sites.queries import places as queries
from sites.queries.place_words import UNUSABLE, brought
from sites.states import ImportState


@gate.permit(access.IMPORT_PLACES, methods=("GET", "POST"))
def place_imports(request: HttpRequest) -> HttpResponse:
    """Upload a map; below, what was imported before."""
    person: Person = request.user  # type: ignore[assignment]
    form = MapForm(request.POST, request.FILES) if request.method == "POST" else MapForm()
    status = 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        pieces = upload.chunks(actions.PART)
        try:
            made = actions.enqueue(by=person, name=upload.name, pieces=pieces, area=form.area(), now=clock.now())
            return redirect("place_import", made.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "imports": queries.imports()[: queries.SHOWN]}
    return render(request, "sites/place_imports.html", context, status=status)


@gate.permit(access.IMPORT_PLACES, fetch=queries.imports, by="ref")
def place_import(request: HttpRequest, one: PlaceImport) -> HttpResponse:
    """How far it has come, or what it brought; asked again by htmx until it ended."""
    context = {
        "one": one,
        "running": one.state in (ImportState.QUEUED, ImportState.READING),
        "brought": brought(one.counts),
        "doubles": queries.doubles().count() if one.state == ImportState.DONE else 0,
        "problem": UNUSABLE.get(one.problem, ""),
    }
    template = "sites/place_import.html#progress" if asked_by_htmx(request) else "sites/place_import.html"
    return render(request, template, context)
