"""Saying as a member whether one comes, and for the host who does."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.gatherings import access
from commons.gatherings.actions import seats
from commons.gatherings.forms.coming import PartyForm
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.queries import lists, page, words
from commons.gatherings.states import Said
from commons.gatherings.views.gatherings import gathering_page
from commons.people.models import Person
from commons.web.refusal import Refused

ROWS_A_PAGE = 50


@sensitive_post_parameters("note")
@gate.permit(access.ANSWER, fetch=lists.gatherings_of, methods=("POST",))
def gathering_come(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """One tap: I come, or I don't; and beside it for how many, children, and what one needs."""
    person: Person = request.user  # type: ignore[assignment]
    if request.POST.get("say") == "no":
        return _do_not(request, person, gathering)
    mine = Coming.objects.filter(gathering=gathering, person=person).first()
    form = PartyForm(request.POST, gathering=gathering, coming=mine or Coming(person_id=person.pk))
    if not form.is_valid():
        return gathering_page(request, gathering, form=form, status=422)
    try:
        said = seats.come(by=person, gathering=gathering, party=form.party(), now=clock.now())
    except Refused as refusal:
        refusal.show_on(form)
        return gathering_page(request, gathering, form=form, status=refusal.status)
    if said.said == Said.WAITING:
        messages.success(request, _("Every seat is taken. You are on the waiting list, and are told when one is free."))
    else:
        messages.success(request, _("You are expected. See you there."))
    return redirect("gathering", gathering.ref)


def _do_not(request: HttpRequest, person: Person, gathering: Gathering) -> HttpResponse:
    try:
        seats.stay_away(by=person, gathering=gathering, now=clock.now())
        messages.success(request, _("Thank you for saying so. Nobody waits for you."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("gathering", gathering.ref)


@gate.permit(access.SEE_NAMES, fetch=lists.gatherings_of)
def gathering_who(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """Who comes and what they need, for whoever lays the tables; gone a week after."""
    rows = Paginator(lists.comings_of(gathering), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "gathering": gathering,
        "shown": page.shown(gathering, clock.now()),
        "numbers": page.numbers(gathering),
        "needs": page.needs(gathering),
        "languages": page.languages(gathering),
        "page": rows,
        "day": words.day(gathering.starts_at, gathering.zone),
    }
    return render(request, "gatherings/gathering_who.html", context)
