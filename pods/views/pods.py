"""Pods: all of them, one of them, forming one, leaving one."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web import rates
from commons.web.refusal import Refused
from pods import access
from pods.actions import pods as actions
from pods.forms.pods import PodForm
from pods.models import Pod
from pods.queries import health
from pods.queries import joining as joinings
from pods.queries import pods as queries
from pods.rules.raising import SMALLEST_POD
from pods.views import Request

PODS_A_PAGE, CALLS_A_PAGE = 60, 6
# Each pod can ask twelve people: nobody should be asked by one person all day.
FORMED, FORMED_PER = 5, timedelta(days=1)


@gate.permit(access.SEE_PODS)
def pod_list(request: Request) -> HttpResponse:
    """Show every standing pod, one's own first."""
    page = Paginator(queries.pods_listed_for(request.user), PODS_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.pod_rows(list(page.object_list))
    context = {
        "page": page,
        "mine": [row for row in rows if row.mine],
        "others": [row for row in rows if not row.mine],
        "keeps_kinds": access.KEEP_KINDS.allows(request.user),
    }
    return render(request, "pods/pods.html", context)


@gate.permit(access.SEE_PODS, fetch=queries.pods_visible_to, by="ref")
def pod(request: Request, pod: Pod) -> HttpResponse:
    """Show one pod: all of it to its members, who is in it to organizers, and what it can do to everybody else."""
    now = clock.now()
    member = access.is_member_of_pod(request.user, pod)
    inside = member or access.SEE_INSIDE.allows(request.user, pod)
    view = health.view(pod, inside=member, now=now)
    context = {
        "pod": pod,
        "now": now,
        "member": member,
        "inside": inside,
        "view": view,
        "health": view.health,
        "lacking": max(0, SMALLEST_POD - view.health.members),
        "seats": queries.ring(view.health, resting_shown=member),
        "own_joining": None if member else joinings.mine_in(pod, request.user),
    }
    if inside:
        context["members"] = queries.member_rows(pod, request.user, of_pod=member, now=now)
        context["live"] = queries.call_rows(queries.live_calls(pod))
        context["page"] = Paginator(queries.past_calls(pod), CALLS_A_PAGE).get_page(request.GET.get("page"))
        context["past"] = queries.call_rows(context["page"].object_list)
    if member:
        context["joinings"] = joinings.under_way(pod, request.user, now)
    return render(request, "pods/pod.html", context)


@gate.permit(access.FORM_POD, methods=("GET", "POST"))
def pod_new(request: Request) -> HttpResponse:
    """Form a pod, or a sister of a full one on the same block."""
    sister = queries.sister_of(request.user, request.GET.get("sister", ""))
    form = PodForm(request.POST or None, initial={"block": sister.block_id} if sister else None)
    if request.method == "POST" and form.is_valid() and not rates.take(f"form:{request.user.pk}", FORMED, FORMED_PER):
        form.add_error(None, _("You have begun several pods today. Please let them form first."))
    elif request.method == "POST" and form.is_valid():
        try:
            made = actions.form_pod(
                by=request.user, name=form.cleaned_data["name"], block=form.cleaned_data["block"], now=clock.now()
            )
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("%(pod)s is forming. Now name the others.") % {"pod": made.name})
            return redirect("pod_name", made.ref)
    return render(request, "pods/new.html", {"form": form, "sister": sister, "steps": queries.road()})


@gate.permit(access.LEAVE_POD, fetch=queries.pods_visible_to, by="ref", methods=("GET", "POST"))
def pod_leave(request: Request, pod: Pod) -> HttpResponse:
    """Ask whether they mean it, then give up the seat."""
    if request.method == "POST":
        dissolved = actions.leave_pod(by=request.user, pod=pod, now=clock.now())
        said = (
            _("You left %(pod)s; it was the last seat, and the pod is no more.")
            if dissolved
            else _("You left %(pod)s. Thank you for the time you gave it.")
        )
        messages.success(request, said % {"pod": pod.name})
        return redirect("pods")
    members = queries.members_of(pod)
    return render(request, "pods/leave.html", {"pod": pod, "last": members == 1, "falls": members == SMALLEST_POD})
