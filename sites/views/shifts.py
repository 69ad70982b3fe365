"""A shift in the browser: places on it, its list, a closed week, how it went; and the link in a message about it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web.language import speaking_to
from commons.web.refusal import Refused
from sites import access
from sites.actions import shift_answers, shifts, supplies
from sites.forms.popups import CheckInForm, ClosingForm, ShiftAnswerForm, SupplyForm
from sites.models import Shift
from sites.queries import popups as queries
from sites.queries.shift_links import answer_page, opened_by
from sites.rules import shifts as rules
from sites.states import HOLDING, ClosedFor, ShiftState

POST = ("POST",)


@gate.permit(access.SEE_POPUPS, fetch=queries.shifts_of)
def shift(request: HttpRequest, shift: Shift) -> HttpResponse:
    """One shift: its places, its list, and for those who keep it what they can do about it."""
    return _page(request, shift)


def _page(request: HttpRequest, shift: Shift, *, form: SupplyForm | None = None, status: int = 200) -> HttpResponse:
    now = clock.now()
    person: Any = request.user
    keeps = access.KEEP_SHIFT.allows(person, shift)
    named = queries.knows_names(shift, person, keeps=keeps)
    state = ShiftState(shift.state)
    context = {
        "shift": shift,
        "popup": shift.popup,
        "view": queries.shift_views([shift], person, now, named=named)[0],
        "named": named,
        "keeps": keeps,
        "asked": queries.asked_now(shift),
        "alone": keeps and state is ShiftState.COMING and shift.alone_at is not None and now < shift.starts_at,
        "supplies": queries.supplies_of(shift),
        "form": form or SupplyForm(),
        "closing": ClosingForm(),
        "may_close": keeps and rules.closing_refused(state, shift.starts_at, now) is None,
        "may_call_off": keeps and rules.calling_off_refused(state, shift.starts_at, now) is None,
        "may_check_in": keeps and rules.check_in_refused(state, shift.times, now) is None,
        "over": now >= shift.ends_at,
    }
    return render(request, "sites/shift.html", context, status=status)


def _do(
    request: HttpRequest, shift: Shift, deed: Callable[[datetime], object], said: str, to: str = ""
) -> HttpResponse:
    """Do it, or say why not; either way the page that it was pressed on follows."""
    try:
        deed(clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    if to == "popup":
        return redirect("popup", shift.popup.ref)
    return redirect("shift", shift.ref)


def _seen(request: HttpRequest) -> int | None:
    """Return which of its times and places the page showed that was pressed on."""
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 6 else None


@gate.permit(access.JOIN_SHIFT, fetch=queries.shifts_of, methods=POST)
def shift_join(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Take a place."""
    person: Any = request.user
    number = request.POST.get("role", "")
    role = shift.roles.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if role is None:
        messages.error(request, _("Choose one of the roles of this shift."))
        return redirect("shift", shift.ref)
    said = _("You're on it: %(role)s. The day before you are asked once whether it still holds.") % {"role": role}
    back, seen = request.POST.get("back", ""), _seen(request)
    return _do(
        request, shift, lambda now: shifts.join(shift=shift, role=role, person=person, now=now, seen=seen), said, back
    )


@gate.permit(access.JOIN_SHIFT, fetch=queries.shifts_of, methods=POST)
def shift_confirm(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Say that it holds."""
    person: Any = request.user
    said = _("Thank you. You are counted on.")
    back, seen = request.POST.get("back", ""), _seen(request)
    return _do(
        request, shift, lambda now: shifts.confirm(shift=shift, person=person, now=now, seen=seen), said, back
    )  # fmt: skip


@gate.permit(access.JOIN_SHIFT, fetch=queries.shifts_of, methods=POST)
def shift_leave(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Leave one's place."""
    person: Any = request.user
    said = _("Thank you for saying so. Your place is free for others.")
    back = request.POST.get("back", "")
    return _do(request, shift, lambda now: shifts.leave(shift=shift, person=person, now=now), said, back)


@gate.permit(access.KEEP_SHIFT, fetch=queries.shifts_of, methods=POST)
def shift_close(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Announce that there is none this week, or that there is after all; or call it off on its last day."""
    if request.POST.get("do") == "open":
        return _do(
            request, shift, lambda now: shifts.open_after_all(shift=shift, now=now), _("It is on after all.")
        )  # fmt: skip
    if request.POST.get("do") == "off":
        told = _("Called off. Whoever has a place is told at once.")
        return _do(request, shift, lambda now: shifts.call_off(shift=shift, now=now), told)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why: we rest, a holiday, the place is closed, the weather."))
        return redirect("shift", shift.ref)
    why = ClosedFor(form.cleaned_data["why"])
    said = _("Announced as closed. It neither counts nor breaks the row; whoever had a place is told.")
    return _do(request, shift, lambda now: shifts.close_week(shift=shift, why=why, now=now), said)


@gate.permit(access.KEEP_SHIFT, fetch=queries.shifts_of, methods=("GET", "POST"))
def shift_check_in(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Write down how it went, or correct it."""
    roles, sign_ups = list(shift.roles.all()), queries.sign_ups_of(shift)
    form = CheckInForm(
        request.POST or None,
        popup=shift.popup,
        roles=roles,
        sign_ups=sign_ups,
        initial=_written(shift, roles, sign_ups),
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            state = shifts.check_in(
                shift=shift,
                opened=said["opened"] == "yes",
                came=[int(pk) for pk in said.get("came", [])],
                others=form.others(),
                count=shifts.Count(said["helped"], said["given"], said["cost"]),
                now=clock.now(),
            )
            messages.success(request, _after(state))
            return redirect("shift", shift.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "shift": shift, "popup": shift.popup}
    return render(request, "sites/shift_check_in.html", context, status=status)


def _written(shift: Shift, roles: list[Any], sign_ups: list[Any]) -> dict[str, Any]:
    """Return what stands in the form at first: what was written before, or that all who hold a place came."""
    before = shift.written_at is not None
    came = [one for one in sign_ups if (one.came if before else one.state in HOLDING)]
    said: dict[str, Any] = {
        "opened": "no" if before and shift.state == ShiftState.MISSED else "yes",
        "came": [str(one.pk) for one in came],
        "helped": shift.helped,
        "given": shift.given,
        "cost": shift.cost,
    }
    for role in roles if before else []:
        said[f"others_{role.pk}"] = max(0, (role.came or 0) - sum(one.role_id == role.pk for one in came)) or None
    return said


def _after(state: ShiftState) -> str:
    if state is ShiftState.KEPT:
        return _("Written down: this week was kept. Thank you, all of you.")
    if state is ShiftState.SHORT:
        return _("Written down: open, with fewer people than it needs. That does not count as kept.")
    return _("Written down: not held this week.")


@gate.permit(access.JOIN_SHIFT, fetch=queries.shifts_of, methods=POST)
def shift_supply(request: HttpRequest, shift: Shift) -> HttpResponse:
    """Put something on the list, say that one brings it, or not after all."""
    person: Any = request.user
    ref = request.POST.get("bring") or request.POST.get("leave")
    if ref:
        willing = "bring" in request.POST
        said = _("Thank you for bringing it.") if willing else _("It is on the list for others.")
        return _do(
            request,
            shift,
            lambda now: supplies.bring(shift=shift, ref=ref, person=person, willing=willing, now=now),
            said,
        )
    form = SupplyForm(request.POST)
    if not form.is_valid():
        return _page(request, shift, form=form, status=422)
    what = form.cleaned_data["what"]
    return _do(request, shift, lambda now: supplies.add(shift=shift, what=what, now=now), _("It is on the list."))


# --- the link in a message -------------------------------------------------------------------------


@gate.by_link
def shift_answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what a link asks; take what a pressed button posts. Looking changes nothing."""
    now = clock.now()
    opened = opened_by(token, now)
    if opened is None:
        return _plain(request, "notices/link_gone.html", {}, 404)
    with speaking_to(opened.person):
        context: dict[str, Any] = {"token": token}
        status = 200
        if request.method == "POST":
            form = ShiftAnswerForm(request.POST)
            if form.is_valid():
                try:
                    shift_answers.answer(
                        shift=opened.shift, person=opened.person.pk, now=now, **form.cleaned_data
                    )  # fmt: skip
                    return redirect("shift_answer", token)
                except Refused as refused:
                    context["refused"], status = str(refused), refused.status
            else:
                context["unclear"], status = True, 400
        opened = opened_by(token, now) or opened
        return _plain(request, "sites/shift_answer.html", {**context, "page": answer_page(opened, now)}, status)


def _plain(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """Make a page that says nothing of the network in its title, where previews and shoulders look."""
    response = render(request, template, {"neighbourhood": None, **context}, status=status)
    response.headers["Content-Language"] = translation.get_language() or ""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
