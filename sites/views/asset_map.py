"""The asset map: looking for what neighbours share, and asking them for it."""

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
from sites.actions import asks as actions
from sites.actions import assets as assets_actions
from sites.forms.asset_map import AskForm, HomeForm, LineForm, LookForm
from sites.models import Ask, Asset
from sites.queries import asks as asks_queries
from sites.queries import asset_map as queries
from sites.rules.asks import Step

ROWS_A_PAGE = 30


@gate.permit(access.SEE_ASSETS)
def asset_map(request: HttpRequest) -> HttpResponse:
    """What neighbours share, by word, kind and distance: as much of it as this person may see."""
    person: Person = request.user  # type: ignore[assignment]
    home = queries.home_of(person)
    form = LookForm(request.GET, at_home=home is not None)
    found = queries.found(person, form.wanted(), home, clock.now())
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": queries.rows(page, person, home),
        "home": home,
        "looking": any(request.GET.get(name) for name in ("q", "kind", "reach")),
        "keeps_cards": access.ENTER_CARDS.allows(person),
    }
    return render(request, "sites/asset_map.html", context)


@gate.permit(access.SHARE, methods=("GET", "POST"))
def asset_home(request: HttpRequest) -> HttpResponse:
    """On which block a person lives, or that they would rather not say."""
    person: Person = request.user  # type: ignore[assignment]
    home = queries.home_of(person)
    form = HomeForm(request.POST or None, initial={"block": home.block_id if home else None})
    if request.method == "POST" and form.is_valid():
        assets_actions.live_on(person=person, block=form.cleaned_data["block"])
        messages.success(request, _("Kept."))
        return redirect("asset_map")
    return render(request, "sites/asset_home.html", {"form": form})


@gate.permit(access.SEE_ASSETS, fetch=queries.asset_seen, by="ref", methods=("GET", "POST"))
def asset_seen(request: HttpRequest, asset: Asset) -> HttpResponse:
    """One thing that a neighbour shares, and the way to ask them for it."""
    person: Person = request.user  # type: ignore[assignment]
    now, status = clock.now(), 200
    form = AskForm(request.POST or None, asset=asset)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.ask(by=person, asset=asset, text=said["text"], until=said.get("until"), now=now)
            messages.success(request, _("Asked. When they answer, you find it on Today."))
            return redirect("ask", made.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    [row] = queries.rows([asset], person, queries.home_of(person))
    context = {"row": row, "form": form, "standing": asks_queries.open_between(person, asset.pk)}
    return render(request, "sites/asset_seen.html", context, status=status)


@gate.permit(access.SEE_ASSETS)
def asks(request: HttpRequest) -> HttpResponse:
    """What a person asks for, is asked for, has lent and has borrowed."""
    person: Person = request.user  # type: ignore[assignment]
    return render(request, "sites/asks.html", {"rows": asks_queries.rows(person, _today())})


@gate.permit(access.TAKE_PART, fetch=asks_queries.asks_of, by="ref", methods=("GET", "POST"))
def ask(request: HttpRequest, ask: Ask) -> HttpResponse:
    """How an asking stands, what the two said, and one more line."""
    person: Person = request.user  # type: ignore[assignment]
    form, status = LineForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.say(by=person, ask=ask, text=form.cleaned_data["text"], now=clock.now())
            return redirect("ask", ask.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    return _ask(request, ask, form, status)


@gate.permit(access.TAKE_PART, fetch=asks_queries.asks_of, by="ref", methods=("POST",))
def ask_step(request: HttpRequest, ask: Ask) -> HttpResponse:
    """Yes, no, handed over, came back."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        actions.take(by=person, ask=ask, step=Step(request.POST.get("step", "")), now=clock.now())
    except ValueError:
        messages.error(request, _("Choose one of the buttons."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("ask", ask.ref)


def _today() -> Any:
    return asks_queries.today_here(clock.now())


def _ask(request: HttpRequest, ask: Ask, form: LineForm, status: int) -> HttpResponse:
    person: Person = request.user  # type: ignore[assignment]
    context = {
        "row": asks_queries.row(ask, person, _today()),
        "lines": asks_queries.lines(ask),
        "steps": asks_queries.offered_steps(ask, person),
        "open": ask.state in asks_queries.OPEN,
        "form": form,
    }
    return render(request, "sites/ask.html", context, status=status)
