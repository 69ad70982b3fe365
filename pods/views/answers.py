"""Answering: by the link in a message, without signing in, or on the roll call."""

import secrets
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from commons import clock, gate
from commons.web.language import speaking_to
from commons.web.refusal import Refused
from pods.actions import answers
from pods.forms.calls import AnswerForm, minutes_choices
from pods.queries.answers import Asked, answer_page, asked_by
from pods.states import Via


@gate.by_link
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a link asks; take the answer that a pressed button posts. Looking changes nothing."""
    return _take(request, token) if request.method == "POST" else _show(request, token, clock.now())


def _take(request: HttpRequest, token: str) -> HttpResponseBase:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, token, clock.now(), unclear=True, status=400)
    try:
        taken = _take_by_link(form, token)
    except Refused as refused:
        return _show(request, token, clock.now(), refused=refused, status=refused.status)
    return HttpResponseRedirect(request.path) if taken else _gone(request)


def _take_by_link(form: AnswerForm, token: str) -> bool:
    """Pass a valid form on to the engine; return whether the link opened anything."""
    said = form.answer()
    if said is not None:
        key = form.cleaned_data["key"]
        return answers.answer_by_link(token=token, answer=said, minutes=form.minutes_at, key=key) is not None
    now = clock.now()
    asked = asked_by(token, now)
    if asked is None:
        return False
    answers.call_more(call_id=asked.call.pk, person_id=asked.person.pk, now=now)
    return True


def give_answer(
    form: AnswerForm, call_id: int, needed_at: datetime, person_id: int, *, via: Via, now: datetime
) -> None:
    """Pass a valid form on to the engine: an answer, or the wish that someone else be called too."""
    said = form.answer()
    if said is None:
        answers.call_more(call_id=call_id, person_id=person_id, now=now)
        return
    answers.answer_call(
        call_id=call_id,
        person_id=person_id,
        answer=said,
        minutes=form.minutes_at(needed_at, now),
        via=via,
        key=form.cleaned_data["key"],
        now=now,
    )


def _gone(request: HttpRequest) -> HttpResponse:
    return _page(request, "notices/link_gone.html", {}, status=404)


def _show(request: HttpRequest, token: str, now: datetime, *, status: int = 200, **more: Any) -> HttpResponse:
    asked = asked_by(token, now)
    if asked is None:
        return _gone(request)
    with speaking_to(asked.person):
        return _ask(request, token, asked, now, status=status, **more)


def _ask(request: HttpRequest, token: str, asked: Asked, now: datetime, *, status: int, **more: Any) -> HttpResponse:
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
