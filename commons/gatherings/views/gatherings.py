"""Gatherings in the browser: finding one, announcing, changing and calling one off, and its sheet for paper."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.gatherings import access, rules
from commons.gatherings.actions import plans
from commons.gatherings.forms.coming import PartyForm
from commons.gatherings.forms.plans import GatheringForm, initial_for
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.models.gathering import KINDS
from commons.gatherings.queries import at_hand, kinds, lists, page, produced, words
from commons.gatherings.states import OpenTo, Said
from commons.people.models import Person
from commons.people.rules import zone
from commons.web.context import neighbourhood
from commons.web.refusal import Refused

ROWS_A_PAGE = 20


@gate.permit(access.SEE)
def gatherings(request: HttpRequest) -> HttpResponse:
    """Those to come, a person's own, and those that are over."""
    now = clock.now()
    show = request.GET.get("show", lists.COMING)
    show = show if show in lists.SHOWS else lists.COMING
    found = Paginator(lists.listed(request.user, show, now), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "gathering": one,
            "day": words.short_day(one.starts_at, one.zone),
            "span": words.span(one),
            "begun": one.starts_at <= now,
        }
        for one in found
    ]
    return render(request, "gatherings/gatherings.html", {"page": found, "rows": rows, "show": show})


def _time_zone() -> str:
    here = neighbourhood()
    return here.time_zone if here is not None else "UTC"


@sensitive_post_parameters("address", "online")
@gate.permit(access.HOLD, methods=("GET", "POST"))
def gathering_new(request: HttpRequest) -> HttpResponse:
    """First what it is, then the rest, with that kind's own agenda to begin with."""
    person: Person = request.user  # type: ignore[assignment]
    now, time_zone, status = clock.now(), _time_zone(), 200
    kind = request.GET.get("kind", "")
    if request.method != "POST" and kind not in dict(KINDS):
        return render(request, "gatherings/gathering_kinds.html", {"kinds": kinds.kinds()})
    if request.method == "POST":
        form = GatheringForm(request.POST, zone=zone(time_zone))
        if form.is_valid():
            try:
                made = plans.hold(by=person, plan=form.plan(), time_zone=time_zone, now=now)
                messages.success(request, _("It is announced. Members find it under Gatherings."))
                return redirect("gathering", made.ref)
            except Refused as refusal:
                refusal.show_on(form)
                status = refusal.status
    else:
        form = GatheringForm(
            initial=initial_for(kind, now, zone(time_zone), get_language() or "en"), zone=zone(time_zone)
        )
    return render(request, "gatherings/gathering_change.html", {"form": form, "zone": time_zone}, status=status)


@gate.permit(access.SEE, fetch=lists.gatherings_of)
def gathering(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """One gathering: what for, when, where, whether one comes, and afterwards what came of it."""
    return gathering_page(request, gathering)


def gathering_page(
    request: HttpRequest, gathering: Gathering, *, form: PartyForm | None = None, status: int = 200
) -> HttpResponse:
    """Render a gathering for a member, with a form that was refused where there is one."""
    person: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    mine = Coming.objects.filter(gathering=gathering, person=person).first()
    said = Said(mine.said) if mine is not None else None
    holds = access.CHANGE.allows(request.user, gathering)
    comes = rules.address_open(
        said=said, guest=False, starts_at=gathering.starts_at, ends_at=gathering.ends_at, now=now
    )
    shown = page.shown(gathering, now)
    context = {
        "shown": shown,
        "gathering": gathering,
        "ways": [] if shown.cancelled else at_hand.ways(gathering.kind, person, over=shown.over),
        "numbers": page.numbers(gathering),
        "mine": mine,
        "said": said,
        "holds": holds,
        "address_open": comes or holds,
        "produced": produced.lines(gathering, now),
        "form": form or PartyForm(gathering=gathering, coming=mine or Coming(person_id=person.pk)),
        "may_record": _may_record(gathering, now),
        "by_link": gathering.open_to == OpenTo.LINK,
    }
    return render(request, "gatherings/gathering.html", context, status=status)


def _may_record(gathering: Gathering, now: datetime) -> bool:
    facts: dict[str, Any] = {name: getattr(gathering, name) for name in ("kind", "state", "starts_at", "ends_at")}
    return rules.record_refused(now=now, **facts) is None


@sensitive_post_parameters("address", "online")
@gate.permit(access.CHANGE, fetch=lists.gatherings_of, methods=("GET", "POST"))
def gathering_change(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """Change it; whoever comes is told when it moved."""
    person: Person = request.user  # type: ignore[assignment]
    form = GatheringForm(request.POST or None, zone=gathering.zone, gathering=gathering)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            plans.change(by=person, gathering=gathering, plan=form.plan(), seen=form.seen_at(), now=clock.now())
            messages.success(request, _("Kept. If it moved, those who come are being told."))
            return redirect("gathering", gathering.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "gathering": gathering, "zone": gathering.time_zone}
    return render(request, "gatherings/gathering_change.html", context, status=status)


@gate.permit(access.CHANGE, fetch=lists.gatherings_of, methods=("POST",))
def gathering_cancel(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """Call it off; no reason is asked."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        plans.cancel(by=person, gathering=gathering, now=clock.now())
        messages.success(
            request, _("Called off. Members who meant to come are being told; guests read it behind their link.")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("gathering", gathering.ref)


@gate.permit(access.SEE, fetch=lists.gatherings_of)
def gathering_sheet(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """The sheet for the wall and the table: agenda, access, children; nobody signs it."""
    shown = page.shown(gathering, clock.now())
    return render(request, "gatherings/gathering_sheet.html", {"shown": shown, "gathering": gathering})
