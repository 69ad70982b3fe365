"""The gathering kit: the countdown, cards to print, and typing in what people wrote on them."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons import clock, gate
from commons.people.models import Person
from commons.web.htmx import asked_by_htmx
from commons.web.refusal import Refused
from sites import access
from sites.actions import stacks as actions
from sites.forms.stacks import kind_choices, seen_choices, sheets_wanted
from sites.models import CardStack
from sites.models.assets import KINDS, LIMITS
from sites.queries import evening
from sites.queries import stacks as queries
from sites.rules.cards import Becomes, cells

CARDS_A_SHEET = 8
BLANK_ROWS = 8


@gate.permit(access.SEE_ASSETS)
def asset_cards(request: HttpRequest) -> HttpResponse:
    """Sheets of cards to print and cut, in one of the neighbourhood's languages."""
    language = request.GET.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else translation.get_language() or "en"
    sheets = sheets_wanted(request.GET.get("sheets", ""))
    # The labels stay lazy: the page is in the reader's language, the cards in that of whoever writes on them.
    context = {
        "language": language,
        "languages": settings.LANGUAGES,
        "sheets": [range(CARDS_A_SHEET)] * sheets,
        "count": sheets,
        "kinds": KINDS,
        "limits": LIMITS,
    }
    return render(request, "sites/asset_cards.html", context)


@gate.permit(access.ENTER_CARDS)
def asset_kit(request: HttpRequest) -> HttpResponse:
    """Everything for an asset evening: when it is, cards to print, stacks that wait to be typed in."""
    person: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    context = {
        "countdown": evening.standing(now),
        "planned": evening.planned(now),
        "stacks": queries.stacks_of(person)[: queries.SHOWN],
        "languages": settings.LANGUAGES,
    }
    return render(request, "sites/asset_kit.html", context)


@gate.permit(access.ENTER_CARDS, methods=("POST",))
def stack_new(request: HttpRequest) -> HttpResponse:
    """Begin a stack."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        return redirect("stack", actions.begin(by=person, now=clock.now()).ref)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("asset_kit")


@gate.permit(access.ENTER_CARDS, fetch=queries.stacks_of, by="ref", methods=("GET", "POST"))
def stack(request: HttpRequest, stack: CardStack) -> HttpResponse:
    """Type cards in, one a row. Everything that is sent is kept first, good or not; then it is said what it becomes."""
    if request.method == "POST":
        rows = cells({name: request.POST.getlist(name) for name in request.POST})
        try:
            stack = actions.keep(stack=stack, rows=rows, now=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("asset_kit")
        if asked_by_htmx(request):
            # Kept while somebody types: nothing on their page moves.
            return HttpResponse(status=204)
        if request.POST.get("do") == "enter":
            return _enter(request, stack)
        return redirect("stack", stack.ref)
    return _stack(request, stack)


def _stack(request: HttpRequest, stack: CardStack, status: int = 200) -> HttpResponse:
    rows = queries.unpack(stack)
    planned = queries.plan(rows)
    context = {
        "stack": stack,
        "rows": list(zip(rows, planned, strict=True)),
        "blank": range(len(rows) + 1, len(rows) + 1 + BLANK_ROWS),
        "kinds": kind_choices(),
        "audiences": seen_choices(),
        "amiss": sum(one.becomes is Becomes.AMISS for one in planned),
        "good": sum(one.becomes in {Becomes.SHARED, Becomes.INVITED} for one in planned),
    }
    return render(request, "sites/stack.html", context, status=status)


def _enter(request: HttpRequest, stack: CardStack) -> HttpResponse:
    try:
        planned, left = actions.enter(stack=stack, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("stack", stack.ref)
    entered = sum(one.becomes in {Becomes.SHARED, Becomes.INVITED} for one in planned)
    said = ngettext(
        "One card is entered. Its person is told, and can undo it.",
        "%(count)d cards are entered. Their people are told, and each can undo it.",
        entered,
    )
    messages.success(request, said % {"count": entered})
    return redirect("stack", left.ref) if left is not None else redirect("asset_kit")


@gate.permit(access.ENTER_CARDS, fetch=queries.stacks_of, by="ref", methods=("POST",))
def stack_forget(request: HttpRequest, stack: CardStack) -> HttpResponse:
    """Throw a stack away."""
    try:
        actions.forget(stack=stack)
        messages.success(request, _("The stack is forgotten. Nothing was entered."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("asset_kit")
