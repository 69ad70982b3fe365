"""A person's own rest: days on which nobody calls them."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.people import access, queries, rules
from commons.people.actions import rest as actions
from commons.people.forms.rest import LastDayForm, RestForm
from commons.people.models import Absence, Person
from commons.web.refusal import Refused


def _today(person: Person, now: datetime) -> date:
    """Return the day on this person's own calendar."""
    return now.astimezone(rules.zone(person.time_zone)).date()


@gate.signed_in(methods=("GET", "POST"))
def rest(request: HttpRequest) -> HttpResponse:
    """What rest there is, and the ways to take one: three usual ones, or any days."""
    person: Person = request.user  # type: ignore[assignment]
    today = _today(person, clock.now())
    presets = rules.rest_presets(today)
    chosen = presets.get(request.POST.get("preset", ""))
    data = {"first": chosen[0], "last": chosen[1]} if chosen else request.POST
    form = RestForm(data if request.method == "POST" else None, today=today)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.rest(person=person, today=today, **form.cleaned_data)
            _say_until(request, made)
            return redirect("rest")
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    stretches = queries.rests(person, today)
    return render(
        request, "people/rest.html", {"form": form, "presets": presets, "today": today, **stretches}, status=status
    )


def _say_until(request: HttpRequest, absence: Absence) -> None:
    first, last = actions.days(absence)
    words = {"first": date_format(first, "DATE_FORMAT"), "last": date_format(last, "DATE_FORMAT")}
    messages.success(
        request, _("You rest from %(first)s until the end of %(last)s. Nobody calls you on these days.") % words
    )


@gate.permit(access.REST, fetch=queries.absences_of, by="day", methods=("POST",))
def rest_change(request: HttpRequest, absence: Absence) -> HttpResponse:
    """Another last day for one rest."""
    person: Person = request.user  # type: ignore[assignment]
    form = LastDayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is no date. Nothing was changed."))
        return redirect("rest")
    try:
        _say_until(
            request, actions.change_rest(absence=absence, today=_today(person, clock.now()), **form.cleaned_data)
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("rest")


@gate.permit(access.REST, fetch=queries.absences_of, by="day", methods=("POST",))
def rest_end(request: HttpRequest, absence: Absence) -> HttpResponse:
    """Welcome back: today is no day of rest any more."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        actions.end_rest(absence=absence, today=_today(person, clock.now()))
        messages.success(request, _("Your rest is over. Calls can reach you again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("rest")


@gate.permit(access.REST, fetch=queries.absences_of, by="day", methods=("POST",))
def rest_forget(request: HttpRequest, absence: Absence) -> HttpResponse:
    """Delete a rest that is over, or that never was to be."""
    actions.forget_rest(absence=absence)
    messages.success(request, _("Deleted. Nothing of it is kept."))
    return redirect("rest")
