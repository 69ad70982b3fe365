"""Scoring a place, taking one's card back, and the ranked list."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.people.models import Person
from commons.web.refusal import Refused
from sites import access
from sites.actions import scores as actions
from sites.actions.scores import Said
from sites.forms.scores import ScoreForm
from sites.models import Place
from sites.models.places import KINDS
from sites.queries import places as place_queries
from sites.queries import score_words as words
from sites.queries import scores as queries
from sites.queries.neighbourhood import local_zone


def _today() -> date:
    return clock.now().astimezone(local_zone()).date()


# --- one place ----------------------------------------------------------------------------------------


def place_scores(place: Place, person: Any) -> dict[str, Any]:
    """Return what `sites/parts/place_scores.html` shows of a place."""
    score, hints = queries.score_of(place), words.hints(queries.around(place))
    columns = queries.columns(score, queries.given(place)) if score else ()
    return {
        "score": score,
        "why": words.why(score.means()) if score else "",
        "columns": [words.drawn(one, score.observers, hints[one.criterion]) for one in columns] if score else [],
        "hints": [hint for of_one in hints.values() for hint in of_one],
        "notes": queries.notes(place) if score else [],
        "mine": queries.card_of(person, place),
        "earlier": queries.history_of(person, place),
        "half_life": settings.SCORE_HALF_LIFE_DAYS,
    }


@sensitive_post_parameters("note")
@gate.permit(access.SCORE_PLACES, fetch=place_queries.places_of, by="ref", methods=("GET", "POST"))
def place_score(request: HttpRequest, place: Place) -> HttpResponse:
    """One's own card of a place: three taps and a button."""
    person: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    today = now.astimezone(local_zone()).date()
    mine = queries.card_of(person, place)
    form = ScoreForm(request.POST or None, card=mine, today=today)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            said = Said(form.marks(), form.cleaned_data["note"], form.cleaned_data["observed_on"])
            actions.give(by=person, place=place, said=said, today=today, now=now)
            messages.success(request, _("Your card counts from now on. When you have been there again, change it."))
            return redirect("place", place.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    hints = words.hints(queries.around(place))
    rows = [(row, hints[name]) for name, row in zip(hints, form.rows(), strict=True)]
    context = {"place": place, "form": form, "rows": rows, "mine": mine}
    return render(request, "sites/place_score.html", context, status=status)


@gate.permit(access.SCORE_PLACES, fetch=place_queries.places_of, by="ref", methods=("POST",))
def place_score_take_back(request: HttpRequest, place: Place) -> HttpResponse:
    """Take one's own card back."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        actions.withdraw(by=person, place=place, now=clock.now())
        messages.success(request, _("Your card counts no more."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("place", place.ref)


# --- the ranked list ------------------------------------------------------------------------------------


@gate.permit(access.SCORE_PLACES)
def places_ranked(request: HttpRequest) -> HttpResponse:
    """Scored places, those that are high on all three first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(KINDS) else ""
    steps = queries.ladder(kind)
    page = Paginator(steps, queries.A_PAGE).get_page(request.GET.get("page"))
    lines = queries.lines(steps, (page.number - 1) * queries.A_PAGE)
    faded_before = _today() - timedelta(days=settings.SCORE_HALF_LIFE_DAYS)
    shown = [words.line(one, faded_before) for one in lines]
    start = sum(one.leads for one in shown[: queries.START_WITH]) if page.number == 1 else 0
    context = {
        "page": page,
        "start": shown[:start],
        "lines": shown[start:],
        "missing": queries.START_WITH - start if page.number == 1 else 0,
        "cut": len(steps) == queries.RANKED_MOST,
        "most": queries.RANKED_MOST,
        "kinds": KINDS,
        "kind": kind,
    }
    return render(request, "sites/places_ranked.html", context)
