"""Answering: by the link in a message, without signing in, or on the roll call."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from commons import clock, gate
from commons.web.language import speaking_to
from commons.web.refusal import Refused
from pods.actions import answers
from pods.forms.calls import AnswerForm, minutes_choices
from pods.models import Call
from pods.queries.answers import Asked, answer_page, asked_by
from pods.states import Via


@gate.by_link
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a link asks; take the answer that a pressed button posts. Looking changes nothing."""
    now = clock.now()
    asked = asked_by(token, now)
    if asked is None:
        return _page(request, "pods/answer_gone.html", {}, status=404)
    with speaking_to(asked.person):
        if request.method == "POST":
            return _take(request, token, asked, now)
        return _show(request, token, asked, now)


def _take(request: HttpRequest, token: str, asked: Asked, now: datetime) -> HttpResponseBase:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, token, asked, now, unclear=True, status=400)
    try:
        give_answer(form, asked.call, asked.person.pk, via=Via.LINK, now=now)
    except Refused as refused:
        return _show(request, token, asked, now, refused=str(refused), status=refused.status)
    return HttpResponseRedirect(reverse("answer", args=[token]))


def give_answer(form: AnswerForm, call: Call, person_id: int, *, via: Via, now: datetime) -> None:
    """Pass a valid form on to the engine: an answer, or the wish that someone else be called too."""
    said = form.answer()
    if said is None:
        answers.call_more(call_id=call.pk, person_id=person_id, now=now)
        return
    answers.answer_call(
        call_id=call.pk,
        person_id=person_id,
        answer=said,
        minutes=form.minutes_at(call, now),
        via=via,
        key=form.cleaned_data["key"],
        now=now,
    )


def _show(
    request: HttpRequest, token: str, asked: Asked, now: datetime, *, status: int = 200, **more: Any
) -> HttpResponse:
    page = answer_page(asked, now)
    context = {
        "page": page,
        "token": token,
        "key": secrets.token_urlsafe(16),
        "minutes": minutes_choices(asked.call, now, asked.invite.minutes),
        "at_home": request.user.is_authenticated and request.user.pk == asked.person.pk,
        **more,
    }
    answered = bool(page.said) or not page.live
    return _page(request, "pods/answered.html" if answered else "pods/answer.html", context, status=status)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Make a page that says nothing of the network in its title, where previews and shoulders look."""
    response = render(request, template, {"neighbourhood": None, **context}, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
