"""Coming into a pod: naming someone, asking for oneself, saying yes, vouching, objecting."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web import rates
from commons.web.refusal import Refused
from pods import access
from pods.actions import joining as actions
from pods.forms.pods import FindForm, NamedForm, PartForm
from pods.models import Joining, Pod
from pods.queries import joining as queries
from pods.queries import pods as pod_queries
from pods.rules.health import Size, size
from pods.rules.joining import days_passed
from pods.states import JoiningState
from pods.views import Request

# Enough to form a pod in one evening, too few to read a network's members out letter by letter.
FINDS, FINDS_PER = 60, timedelta(hours=1)


@gate.permit(access.NAME_NEWCOMER, fetch=pod_queries.pods_visible_to, by="ref", methods=("GET", "POST"))
def name_someone(request: Request, pod: Pod) -> HttpResponse:
    """Find a member of the network and name them: a founder while the pod forms, a newcomer after."""
    refused = _name(request, pod) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        return redirect("pod_name", pod.ref)
    now = clock.now()
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    searched = bool(words)
    slow = searched and not rates.take(f"find:{request.user.pk}", FINDS, FINDS_PER)
    members = pod_queries.members_of(pod)
    context = {
        "pod": pod,
        "form": form,
        "searched": searched and not slow,
        "slow": slow,
        "found": queries.people_found(words, pod, request.user) if searched and not slow else [],
        "refused": refused,
        "members": members,
        "forming": pod.ready_at is None,
        "full": size(members) is Size.FULL,
        "joinings": queries.under_way(pod, request.user, now),
    }
    return render(request, "pods/name.html", context, status=refused.status if refused else 200)


def _name(request: Request, pod: Pod) -> Refused | None:
    """Name whom the button meant; return the refusal, if there is one."""
    form = NamedForm(request.POST)
    person = queries.person_named(form.cleaned_data["person"]) if form.is_valid() else None
    if person is None:
        return Refused(_("Nobody has this code. Please look again."))
    try:
        actions.name_someone(by=request.user, pod=pod, person=person, now=clock.now())
    except Refused as refused:
        return refused
    messages.success(request, _("%(who)s was asked. Nothing happens before they say yes.") % {"who": person.handle})
    return None


@gate.permit(access.ASK_TO_JOIN, fetch=pod_queries.pods_visible_to, by="ref", methods=("POST",))
def ask_to_join(request: Request, pod: Pod) -> HttpResponse:
    """Ask for a seat."""
    try:
        joining = actions.ask_to_join(by=request.user, pod=pod, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("pod", pod.ref)
    messages.success(request, _("You asked to join. The pod has seven days to think about it."))
    return redirect("joining", joining.ref)


@gate.permit(access.SEE_JOINING, fetch=queries.joinings_visible_to, by="ref")
def joining(request: Request, joining: Joining) -> HttpResponse:
    """Show how someone comes into a pod, and what this reader can do about it."""
    now = clock.now()
    return render(
        request,
        "pods/joining.html",
        {
            "joining": joining,
            "itself": joining.person_id == request.user.pk,
            "open": joining.state == JoiningState.OPEN.value and joining.closes_at > now,
            "admitted": joining.state == JoiningState.ADMITTED.value,
            "day": days_passed(joining.opened_at, now),
            "asked": queries.founders_asked(joining) if joining.founder else [],
        },
    )


def _part(
    request: Request,
    joining: Joining,
    yes: Callable[..., Any],
    no: Callable[..., Any],
    sentences: tuple[str, str],
) -> HttpResponse:
    """Do one part or take it back, say so, and return to the page of the joining."""
    form = PartForm(request.POST)
    if not form.is_valid():
        return redirect("joining", joining.ref)
    try:
        (yes if form.yes else no)(by=request.user, joining=joining, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentences[0 if form.yes else 1])
    return redirect("joining", joining.ref)


@gate.permit(access.AGREE_TO_JOIN, fetch=queries.joinings_visible_to, by="ref", methods=("POST",))
def agree(request: Request, joining: Joining) -> HttpResponse:
    """Say yes or no to a seat."""
    said = _("You said yes."), _("You said no. Nothing more will come of it.")
    return _part(request, joining, actions.agree, actions.decline, said)


@gate.permit(access.VOUCH, fetch=queries.joinings_visible_to, by="ref", methods=("POST",))
def vouch(request: Request, joining: Joining) -> HttpResponse:
    """Give one's word for a newcomer, or take it back."""
    said = _("You vouch for them."), _("You took your word back.")
    return _part(request, joining, actions.vouch, actions.unvouch, said)


@gate.permit(access.OBJECT, fetch=queries.joinings_visible_to, by="ref", methods=("POST",))
def object_quietly(request: Request, joining: Joining) -> HttpResponse:
    """Object, or take the objection back; seen by nobody."""
    said = _("You objected. Nobody sees it."), _("You took your objection back. Nobody sees that either.")
    return _part(request, joining, actions.object_quietly, actions.withdraw_objection, said)
