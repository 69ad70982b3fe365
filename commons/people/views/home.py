"""The first page, the page of today, and what is held in common about who may do what."""

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from commons import clock, gate
from commons.gate import Permission
from commons.people import access
from commons.web import today as waiting
from commons.web.context import neighbourhood


@gate.public
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for whoever comes by; members go on to today."""
    if request.user.is_authenticated:
        return redirect("today")
    if neighbourhood() is None:
        return render(request, "people/unfounded.html")
    return render(request, "people/home.html")


@gate.signed_in
def today(request: HttpRequest) -> HttpResponse:
    """Only what waits for this person, the most urgent first."""
    return render(request, "people/today.html", {"cards": waiting.cards(request.user, clock.now())})


@gate.signed_in
def commons_page(request: HttpRequest) -> HttpResponse:
    """What belongs to all: inviting, organizers, access, and one's own settings."""
    return render(request, "people/commons.html", {"organizes": access.is_organizer(request.user)})


@gate.permit(access.READ_TABLE)
def who_may(request: HttpRequest) -> HttpResponse:
    """Every app's table of permissions, as the program obeys it."""
    person = request.user

    def row(permission: Permission) -> dict[str, object]:
        return {"what": permission.what, "who": permission.who}

    parts = [
        {"title": apps.get_app_config(table.app).verbose_name, "rows": [row(one) for one in table]}
        for table in gate.tables()
    ]
    return render(request, "people/who_may.html", {"parts": parts, "organizes": access.is_organizer(person)})
