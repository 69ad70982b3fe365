"""A visit in the browser: written down on a phone, read, changed, put together with another's."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.web.refusal import Refused
from sites import access
from sites.actions import listening as actions
from sites.actions.listening import SENTENCES, Meanwhile, Said
from sites.forms.listening import VisitForm
from sites.models import ListeningRound, Visit
from sites.queries import listening as queries
from sites.queries.neighbourhood import local_zone
from sites.rules.listening import Refusal, is_open
from sites.views import Request


@sensitive_post_parameters()
@gate.permit(access.WRITE_VISITS, fetch=queries.rounds_read_by, methods=("GET", "POST"))
def visit_new(request: Request, one: ListeningRound) -> HttpResponse:
    """Write a visit down."""
    now = clock.now()
    form = _form(request, one, now)
    return _answer(request, one, form, now)


@gate.permit(access.READ_NOTES, fetch=queries.visits_read_by)
def visit(request: Request, visit: Visit) -> HttpResponse:
    """What one visit noticed."""
    one, now = visit.round, clock.now()
    context = {
        "visit": visit,
        "place": queries.place_of(one),
        "there": [here.person.handle for here in visit.there.select_related("person")],
        "needs": [named.need for named in visit.named.select_related("need").order_by("need__sort_key")],
        "notes": queries.notes_of(visit),
        "changes": is_open(one, now) and access.WRITE_VISITS.allows(request.user, visit),
    }
    return render(request, "sites/visit.html", context)


@sensitive_post_parameters()
@gate.permit(access.WRITE_VISITS, fetch=queries.visits_read_by, methods=("GET", "POST"))
def visit_change(request: Request, visit: Visit) -> HttpResponse:
    """Change what was written down."""
    now = clock.now()
    form = _form(request, visit.round, now, visit)
    return _answer(request, visit.round, form, now, visit)


def _form(request: Request, one: ListeningRound, now: datetime, visit: Visit | None = None) -> VisitForm:
    team = queries.team_of(one)
    if visit is not None:
        # Whoever left the team since was there all the same.
        team += [here.person for here in visit.there.select_related("person") if here.person not in team]
    return VisitForm(
        request.POST or None, of=one, team=team, person=request.user, now=now, zone=local_zone(), visit=visit
    )


def _answer(
    request: Request, one: ListeningRound, form: VisitForm, now: datetime, visit: Visit | None = None
) -> HttpResponse:
    if request.method != "POST" and not is_open(one, now):
        messages.error(request, str(SENTENCES[Refusal.OVER]))
        return redirect("listening_round", one.ref)
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = _kept(request, one, form, now, visit)
                messages.success(request, _("Written down, sealed for your team."))
                return redirect("visit", kept.ref)
            except Meanwhile as meanwhile:
                status, theirs = meanwhile.status, meanwhile
            except Refused as refusal:
                refusal.show_on(form)
                status = refusal.status
    context = {
        "form": form,
        "round": one,
        "place": queries.place_of(one),
        "visit": visit,
        "theirs": theirs,
        "their_notes": queries.notes_of(theirs.visit) if theirs else [],
    }
    return render(request, "sites/visit_form.html", context, status=status)


def _kept(request: Request, one: ListeningRound, form: VisitForm, now: datetime, visit: Visit | None) -> Visit:
    add, said = form.cleaned_data["add"], Said(**form.said())
    if visit is None:
        return actions.write(one=one, by=request.user, said=said, now=now, add=add)
    version = form.cleaned_data["version"] or 0
    return actions.change(visit=visit, by=request.user, said=said, version=version, now=now, add=add)
