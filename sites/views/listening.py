"""Listening at a place: how it goes, the team and its notes, and what people need."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web import phrases
from commons.web.refusal import Refused
from sites import access
from sites.actions import listening as actions
from sites.models import Listener, ListeningRound, Place
from sites.queries import listening as queries
from sites.queries import needs as need_queries
from sites.queries.places import places_of
from sites.queries.stages import heard_in, standing
from sites.rules.listening import is_open
from sites.views import Request

POST = ("POST",)
NEEDS_A_PAGE = 20


@gate.permit(access.LISTEN, fetch=places_of, methods=("GET", "POST"))
def place_listen(request: Request, place: Place) -> HttpResponse:
    """How listening goes, whether somebody does here, and what was needed; pressed, a round begins."""
    now = clock.now()
    if request.method == "POST":
        try:
            begun = actions.begin(place=place, by=request.user, now=now)
            messages.success(
                request, _("The round has begun. Tell one or two others to open this place and ask to listen along.")
            )
            return redirect("listening_round", begun.ref)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("place_listen", place.ref)
    stage = standing(place, now)
    one = stage.round
    team = len(queries.team_of(one)) if one else 0
    context = {
        "place": place,
        "stage": stage,
        "round": one,
        "mine": queries.standing_in(one, request.user) if one else "",
        "team": team,
        "team_words": phrases.capital(phrases.number(team)),
        "reads": one is not None and access.READ_NOTES.allows(request.user, one),
        "needs": need_queries.needs_at(place),
        "past": queries.past_rounds(place, request.user, one),
    }
    return render(request, "sites/place_listen.html", context)


@gate.permit(access.READ_NOTES, fetch=queries.rounds_read_by)
def listening_round(request: Request, one: ListeningRound) -> HttpResponse:
    """A round as its team reads it: who listens, which visits, and what was noticed under each prompt."""
    now = clock.now()
    place = queries.place_of(one)
    page = Paginator(queries.visits_of(one), queries.VISITS_A_PAGE).get_page(request.GET.get("page"))
    open_ = is_open(one, now)
    context = {
        "round": one,
        "place": place,
        "open": open_,
        "heard": heard_in(one),
        "stage": standing(place, now),
        "team": queries.team_of(one),
        "asks": queries.asks_of(one) if open_ else [],
        "page": page,
        "prompts": queries.by_prompt(page),
        "listens": access.WRITE_VISITS.allows(request.user, one),
    }
    return render(request, "sites/listening_round.html", context)


@gate.permit(access.LISTEN, fetch=queries.open_rounds, methods=POST)
def round_ask(request: Request, one: ListeningRound) -> HttpResponse:
    """Ask to listen along."""
    try:
        actions.ask(one=one, by=request.user, now=clock.now())
        messages.success(request, _("You asked. Somebody of the team answers you on this page."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("place_listen", queries.place_of(one).ref)


@gate.permit(access.WRITE_VISITS, fetch=queries.asks_heard_by, methods=POST)
def round_answer(request: Request, listener: Listener) -> HttpResponse:
    """Take somebody into the team, or not."""
    yes = request.POST.get("do") == "yes"
    try:
        actions.answer(listener=listener, by=request.user, yes=yes, now=clock.now())
        said = _("%(who)s listens with you.") if yes else _("%(who)s was not taken in. Nobody tells them why.")
        messages.success(request, said % {"who": listener.person.handle})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("listening_round", listener.round.ref)


@gate.permit(access.LISTEN, fetch=queries.open_rounds, methods=POST)
def round_leave(request: Request, one: ListeningRound) -> HttpResponse:
    """Leave the team, or stop asking."""
    actions.leave(one=one, person=request.user, now=clock.now())
    messages.success(request, _("You are not in this team any more. Its notes are closed to you."))
    return redirect("place_listen", queries.place_of(one).ref)


@gate.permit(access.END_ROUND, fetch=queries.rounds_read_by, methods=POST)
def round_end(request: Request, one: ListeningRound) -> HttpResponse:
    """End a round."""
    actions.end(one=one, now=clock.now())
    messages.success(
        request, _("The round is over. What was needed stays counted; the notes go 90 days after each visit.")
    )
    return redirect("listening_round", one.ref)


@gate.permit(access.SEE_PLACES)
def place_needs(request: Request) -> HttpResponse:
    """What people need: each need that was named, at how many places and visits, and where most."""
    page = Paginator(need_queries.tally(), NEEDS_A_PAGE).get_page(request.GET.get("page"))
    shown = need_queries.with_places(page)
    return render(request, "sites/place_needs.html", {"page": page, "needs": shown})
