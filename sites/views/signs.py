"""Signs of a station: what they say, how they look, and the PDF; and the page that their code leads to."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.paper import press
from commons.people.models import Person
from commons.web import rates
from commons.web.refusal import Refused, TooOften
from sites import access
from sites.actions import signs as actions
from sites.forms.signs import PrintForm, WordsForm
from sites.models import Popup
from sites.queries import signs as queries
from sites.queries.neighbourhood import neighbourhood
from sites.rules.signs import layout
from sites.states import Paper, SignForm

HANDBILLS = {SignForm.HALF.value, SignForm.QUARTER.value}
PRINTED_MOST, PRINTED_PER = 30, timedelta(minutes=10)


def _chosen(request: HttpRequest) -> PrintForm:
    """Return the form as the address fills it; where it says nothing or nonsense, as most will want it."""
    spoken = list(queries.languages())
    mine = translation.get_language() or spoken[0]
    others = [code for code in spoken if code != mine]
    usual = {"form": "poster", "paper": "a4", "first": mine, "second": (others or [""])[0]}
    form = PrintForm({**usual, **request.GET.dict()})
    if not form.is_valid():
        form = PrintForm(usual)
        form.full_clean()
    return form


@gate.permit(access.SEE_SIGNS, fetch=queries.popups_with_signs, by="ref")
def signs(request: HttpRequest, popup: Popup) -> HttpResponse:
    """The signs of a station, as they will look."""
    return _page(request, popup, _chosen(request))


def _page(request: HttpRequest, popup: Popup, form: PrintForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "languages": [(code, name, queries.words_of(popup, code)) for code, name in queries.languages().items()],
        "lacking": queries.lacking(popup, list(queries.languages())),
        "shown": queries.is_shown(popup),
        "link": queries.link_of(popup),
        "may_word": access.WORD_SIGNS.allows(request.user, popup),
        "query": request.GET.urlencode(),
        "print": form.cleaned_data,
        **_said(popup, form),
    }
    return render(request, "sites/signs.html", context, status=status)


def _said(popup: Popup, form: PrintForm) -> dict[str, Any]:
    kind = SignForm(form.cleaned_data["form"])
    return {
        "popup": popup,
        "sign": queries.sign_text(popup, form.spoken(), kind),
        "kind": kind.value,
        "plain": form.cleaned_data["plain"],
        "neighbourhood": neighbourhood(),
    }


@gate.permit(access.SEE_SIGNS, fetch=queries.popups_with_signs, by="ref")
def sign_pdf(request: HttpRequest, popup: Popup) -> HttpResponse:
    """The sign as a PDF; where none can be made, the page again with a sentence that says why."""
    person: Person = request.user  # type: ignore[assignment]
    form = _chosen(request)
    try:
        if not rates.take(f"print {person.pk}", PRINTED_MOST, PRINTED_PER):
            raise TooOften(_("That was a lot of paper. Print again in a few minutes."))
        made = _printed(popup, form)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, popup, form, status=refusal.status)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{form.cleaned_data["form"]}-{popup.ref}.pdf"'
    return response


def _printed(popup: Popup, form: PrintForm) -> bytes:
    """Return the sign; a handbill whose words don't fit in letters that can be read is set anew, closer."""
    try:
        return _set(popup, form, dense=False)
    except press.Unprinted as unprinted:
        if unprinted.problem is not press.Problem.TOO_BIG or form.cleaned_data["form"] not in HANDBILLS:
            raise
    return _set(popup, form, dense=True)


def _set(popup: Popup, form: PrintForm, *, dense: bool) -> bytes:
    kind, paper = SignForm(form.cleaned_data["form"]), Paper(form.cleaned_data["paper"])
    laid = layout(kind, paper, dense=dense)
    context = {**_said(popup, form), "layout": laid, "dense": dense}

    def render_many(columns: int, rows: int) -> str:
        with translation.override(form.spoken()[0]):
            return render_to_string("sites/sign/paper.html", {**context, "rows": "x" * rows, "columns": "x" * columns})

    one = press.Trial(render_many(1, 1), laid.page_of_one)
    return press.pdf(
        render_many(laid.columns, laid.rows),
        sheets=["css/sign.css"],
        css=laid.page,
        sizes=laid.sizes,
        pages=1,
        trial=one if laid.columns > 1 else None,
        keep=True,
    )


@gate.permit(access.WORD_SIGNS, fetch=queries.popups_with_signs, by="ref", methods=("GET", "POST"))
def sign_words(request: HttpRequest, popup: Popup, language: str) -> HttpResponse:
    """What the signs say in one language."""
    languages = queries.languages()
    if language not in languages:
        return redirect("signs", popup.ref)
    own = queries.words_of(popup, language)
    initial = {"struggle": queries.struggle_of(popup)}
    initial |= {name: getattr(own, name, "") for name in ("headline", "line", "becomes")}
    form = WordsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("struggle", "headline", "line", "becomes")}
        actions.word(popup=popup, language=language, **said)
        messages.success(request, _("Kept. What you print from now on says so."))
        return redirect("signs", popup.ref)
    context = {
        "popup": popup,
        "form": form,
        "language": language,
        "languages": languages.items(),
        "usual": queries.sign_text(popup, [language]).first,
    }
    return render(request, "sites/sign_words.html", context)


@gate.permit(access.WORD_SIGNS, fetch=queries.popups_with_signs, by="ref", methods=("POST",))
def sign_page(request: HttpRequest, popup: Popup) -> HttpResponse:
    """Show the page behind the code, or take it away."""
    try:
        if request.POST.get("do") == "show":
            actions.show(popup=popup, now=clock.now())
            messages.success(request, _("Anybody can see the page now. New signs lead to it."))
        else:
            actions.hide(popup=popup)
            messages.success(request, _("The page is gone. Signs that hang already lead nowhere now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("signs", popup.ref)


@gate.public
def here(request: HttpRequest, ref: str) -> HttpResponse:
    """What a sign says, for whoever followed its code: the station, its hours, and what it could become."""
    popup = get_object_or_404(queries.shown(), ref=ref)
    spoken = translation.get_language() or ""
    known = queries.languages()
    sign = queries.sign_text(popup, [spoken if spoken in known else next(iter(known))])
    return render(request, "sites/here.html", {"popup": popup, "sign": sign, "side": sign.first})
