"""A call in the browser: raising it, its roll call, its sealed details, and what its pod does with it."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.notices.queries import carrying_stopped
from commons.web.etag import etag, not_modified, tagged
from commons.web.htmx import asked_by_htmx
from commons.web.refusal import Refused
from pods import access
from pods.actions import calls
from pods.forms.calls import AddNeedForm, AnswerForm, CallForm, Moments, NeedFormSet, minutes_choices
from pods.models import Call, Pod
from pods.queries import lines, raising
from pods.queries.calls import calls_visible_to, knows_names, pods_that_call, tag_of
from pods.queries.details import why_not_yet
from pods.queries.handoff import handoff_lines
from pods.queries.roll import RollCall, pace_words, roll_call, state_words
from pods.states import InviteState, Via
from pods.views import Request
from pods.views.answers import give_answer
from sites.queries.neighbourhood import local_zone

POST = ("POST",)


# --- raising ---------------------------------------------------------------------------------------


@sensitive_post_parameters("details", "cross_street")
@gate.permit(access.RAISE_CALL, fetch=pods_that_call, methods=("GET", "POST"))
def call_new(request: Request, pod: Pod) -> HttpResponseBase:
    """Raise a call: show the form, one more row, how it will read, or send it."""
    now = clock.now()
    form, rows = _forms(request, pod, now)
    if request.method != "POST" or "more_rows" in request.POST:
        part = "#needs" if asked_by_htmx(request) else ""
        return _raise_page(request, pod, form, rows, part=part)
    valid = form.is_valid() & rows.is_valid()
    if "preview" in request.POST:
        return _raise_page(request, pod, form, rows, part="#preview", now=now)
    if not valid:
        return _raise_page(request, pod, form, rows, now=now, status=422)
    try:
        call = calls.raise_call(by=request.user, pod=pod, needs=_pairs(rows), now=now, **_values(form))
    except Refused as refused:
        refused.show_on(form)
        return _raise_page(request, pod, form, rows, now=now, status=refused.status)
    messages.success(request, _("The call is out. This page keeps up with who is coming."))
    return HttpResponseRedirect(reverse("call", args=[call.ref]))


def _forms(request: Request, pod: Pod, now: datetime) -> tuple[CallForm, Any]:
    """Return the form and its rows; asking for one more row keeps what was typed and judges nothing yet."""
    common: dict[str, Any] = {"kinds": raising.kinds_for(pod, request.user, now), "moments": Moments(now, local_zone())}
    row_kwargs: dict[str, Any] = {"skills": raising.skills()}
    if request.method == "POST" and "more_rows" not in request.POST:
        rows = NeedFormSet(request.POST, prefix="need", form_kwargs=row_kwargs)
        return CallForm(request.POST, **common), rows
    if request.method == "POST":
        typed = NeedFormSet(request.POST, prefix="need", form_kwargs=row_kwargs)
        kept = [{name: row[name].value() for name in ("skill", "count")} for row in typed.forms]
        form = CallForm(initial=request.POST.dict(), **common)
    else:
        kept = [{"skill": "anyone", "count": 2}]
        form = CallForm(initial={"key": secrets.token_urlsafe(16), "block": pod.block_id, "when": "now"}, **common)
    rows = NeedFormSet(prefix="need", initial=kept, form_kwargs=row_kwargs)
    rows.extra = 1 if request.method == "POST" else 2
    return form, rows


def _pairs(rows: Any) -> list[tuple[Any, int]]:
    return [(need.skill, need.count) for need in rows.needs()]


def _values(form: CallForm) -> dict[str, Any]:
    asked = ("kind", "block", "cross_street", "details", "needed_at", "coming", "key")
    return {name: form.cleaned_data[name] for name in asked}


def _raise_page(
    request: Request,
    pod: Pod,
    form: CallForm,
    rows: Any,
    *,
    part: str = "",
    now: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "pod": pod,
        "form": form,
        "rows": rows,
        "previews": _previews(form, rows, now) if now else [],
        "emergency_number": raising.emergency_number(),
        "kind": form.cleaned_data.get("kind") if form.is_bound and hasattr(form, "cleaned_data") else None,
    }
    return render(request, f"pods/call_new.html{part}", context, status=status if not part else 200)


def _previews(form: CallForm, rows: Any, now: datetime) -> list[tuple[str, str]]:
    """Return the safe line in each language that the network speaks, as far as it is typed."""
    if not form.is_bound:
        return []
    typed = form.cleaned_data
    street, needed_at, needs = typed.get("cross_street"), typed.get("needed_at"), rows.needs()
    if not (street and needed_at and needs):
        return []
    zone = form.moments.zone
    return [(code, lines.compose(street, needed_at, needs, code, zone, now)) for code, _name in settings.LANGUAGES]


# --- the roll call ---------------------------------------------------------------------------------


@gate.permit(access.SEE_CALL, fetch=calls_visible_to)
def call(request: Request, call: Call) -> HttpResponseBase:
    """Show the roll call, or only say that nothing has changed since."""
    tag = tag_of(call)
    same = not_modified(request, tag)
    return same if same is not None else tagged(request, _roll_page(request, call), tag)


def _roll_page(request: Request, call: Call, *, need_form: AddNeedForm | None = None) -> HttpResponse:
    roll = roll_call(call, request.user)
    panel = _panel(roll)
    comes = roll.mine is not None and roll.mine.state == InviteState.COMING
    polled = bool(asked_by_htmx(request))
    context = {
        "roll": roll,
        "call": call,
        "state": state_words(roll),
        "pace": pace_words(call),
        "stopped": carrying_stopped(roll.now),
        "named": knows_names(call),
        "handoff": handoff_lines(call, roll.now),
        "headers": json.dumps({"If-None-Match": etag(request, tag_of(call), htmx=True)}),
        "panel": panel,
        "oob": polled,
        # What is being typed stays as it is while the call stands as it stood.
        "panel_changed": not polled or request.method == "POST" or request.GET.get("panel") != panel,
        "key": secrets.token_urlsafe(16),
        "minutes": minutes_choices(call, roll.now, roll.mine.minutes if roll.mine else None),
        "need_form": need_form or AddNeedForm(skills=raising.skills(), initial={"skill": "anyone"}),
        "may_answer": access.ANSWER_CALL.allows(request.user, call),
        "may_details": roll.turning and (call.raised_by_id == request.user.pk or comes),
        "may_run": access.RUN_CALL.allows(request.user, call) and roll.turning,
        "may_second": access.SECOND_CALL.allows(request.user, call) and call.raised_by_id != request.user.pk,
        "emergency_number": raising.emergency_number() if call.kind.emergency_first else "",
    }
    return render(request, "pods/call.html#poll" if polled else "pods/call.html", context)


def _panel(roll: RollCall) -> str:
    """Return what decides which buttons there are."""
    mine = roll.mine
    return f"{roll.call.state}.{mine.state if mine else ''}"


def _done(request: Request, call: Call) -> HttpResponseBase:
    """Answer a deed: the page's parts to htmx, the way back to everybody else."""
    if asked_by_htmx(request):
        return _roll_page(request, calls_visible_to(request.user).get(pk=call.pk))
    return HttpResponseRedirect(reverse("call", args=[call.ref]))


def _do(request: Request, call: Call, deed: Callable[[datetime], object], said: str) -> HttpResponseBase:
    """Do it, or say why not; either way the roll call follows."""
    try:
        deed(clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return _done(request, call)


@gate.permit(access.ANSWER_CALL, fetch=calls_visible_to, methods=POST)
def call_answer(request: Request, call: Call) -> HttpResponseBase:
    """Answer on the roll call, or ask that someone else be called too."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That answer was not understood, and nothing was changed. Please press once more."))
        return _done(request, call)
    more = form.answer() is None
    said = _("The next people are being asked now.") if more else _("Thank you. Your answer stands below.")

    def give(now: datetime) -> None:
        give_answer(form, call.pk, call.needed_at, request.user.pk, via=Via.PAGE, now=now)

    return _do(request, call, give, said)


@gate.permit(access.SECOND_CALL, fetch=calls_visible_to, methods=POST)
def call_confirm(request: Request, call: Call) -> HttpResponseBase:
    """Confirm as a second member that it is so."""
    said = _("Confirmed. The call may now reach further.")
    return _do(request, call, lambda now: calls.confirm_call(by=request.user, call=call, now=now), said)


@gate.permit(access.SECOND_CALL, fetch=calls_visible_to, methods=POST)
def call_release(request: Request, call: Call) -> HttpResponseBase:
    """Release the sealed details to those who come."""
    said = _("Released. Those who come can read the details now.")
    return _do(request, call, lambda now: calls.release_details(by=request.user, call=call, now=now), said)


@gate.permit(access.RUN_CALL, fetch=calls_visible_to, methods=POST)
def call_need(request: Request, call: Call) -> HttpResponseBase:
    """Ask for more people than at first."""
    form = AddNeedForm(request.POST, skills=raising.skills())
    need = form.need() if form.is_valid() else None
    if need is None:
        messages.error(request, _("Nothing was added: say who is needed, and how many."))
        return _done(request, call)

    def add(now: datetime) -> object:
        return calls.add_need(by=request.user, call=call, skill=need.skill, count=need.count, now=now)

    return _do(request, call, add, _("Added. People are asked for it as for the rest."))


@gate.permit(access.RUN_CALL, fetch=calls_visible_to, methods=POST)
def call_cancel(request: Request, call: Call) -> HttpResponseBase:
    """Call it off; no reason is asked."""
    said = _("Cancelled. Everyone who was reached is being told.")
    return _do(request, call, lambda now: calls.cancel_call(by=request.user, call=call, now=now), said)


@gate.permit(access.RUN_CALL, fetch=calls_visible_to, methods=POST)
def call_close(request: Request, call: Call) -> HttpResponseBase:
    """Close a call that is over."""
    said = _("Closed. Thank you, all of you.")
    return _do(request, call, lambda now: calls.close_call(by=request.user, call=call, now=now), said)


# --- the sealed details ----------------------------------------------------------------------------


@gate.permit(access.READ_DETAILS, fetch=calls_visible_to, methods=("GET", "POST"))
def call_details(request: Request, call: Call) -> HttpResponseBase:
    """Say who may read the details and why not yet; POST opens them, and that is written down."""
    context: dict[str, Any] = {"call": call, "headline": lines.headline(call, call.asked_at)}  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        try:
            context["details"] = calls.reveal_details(by=request.user, call=call, now=clock.now())
            context["opened"] = True
        except Refused as refused:
            context["refused"], status = str(refused), refused.status
    context["why_not"] = why_not_yet(call, request.user)
    return render(request, "pods/details.html", context, status=status)
