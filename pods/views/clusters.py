"""Where capacity gathers: proposals that include the reader, what they say to them, and a pod that comes of one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.gatherings.forms.plans import GatheringForm, initial_for
from commons.people.rules import zone
from commons.web.context import neighbourhood
from commons.web.htmx import asked_by_htmx
from commons.web.refusal import Refused
from pods import access
from pods.actions import clusters as actions
from pods.forms.clusters import WillingForm, WordForm
from pods.forms.pods import PodForm
from pods.models import Cluster
from pods.queries import clusters as queries
from pods.queries.cluster_words import gathering_for, shown, within
from pods.queries.pods import road
from pods.states import ClusterWord
from pods.views import Request
from sites.rules.grouping import FEWEST, MOST

A_PAGE = 30


@gate.permit(access.SEE_CLUSTERS)
def clusters(request: Request) -> HttpResponse:
    """The reader's own proposals; for organizers all of them, as sizes and what they cover."""
    return _clusters(request, None)


def _clusters(request: Request, form: WillingForm | None) -> HttpResponse:
    now = clock.now()
    mine = Paginator(queries.clusters_for(request.user), A_PAGE).get_page(1)
    willing = queries.willing(request.user)
    here = willing.block_id if willing else queries.home_block(request.user)
    context: dict[str, Any] = {
        "willing": willing,
        "form": form or WillingForm(initial={"block": here}),
        "mine": shown(queries.views(mine.object_list, request.user, now)),
        "run": queries.run(),
        "within": within(),
        "fewest": FEWEST,
        "most": MOST,
        "keeps": access.KEEP_CLUSTERS.allows(request.user),
    }
    if context["keeps"]:
        context["page"] = Paginator(queries.standing().order_by("-computed_at", "id"), A_PAGE).get_page(
            request.GET.get("page")
        )
        context["all"] = shown(queries.views(context["page"].object_list, None, now))
    template = "pods/clusters.html#computed" if asked_by_htmx(request) and form is None else "pods/clusters.html"
    return render(request, template, context)


@gate.permit(access.SEE_CLUSTERS, methods=("POST",))
def willing(request: Request) -> HttpResponse:
    """Let oneself be proposed near a block, or not any more."""
    if request.POST.get("do") == "no":
        actions.not_willing(person=request.user)
        messages.success(request, _("You are proposed no more. What you said to proposals is gone too."))
        return redirect("clusters")
    form = WillingForm(request.POST)
    if not form.is_valid():
        return _clusters(request, form)
    actions.be_willing(person=request.user, block=form.cleaned_data["block"], now=clock.now())
    messages.success(request, _("Good. Each night the program looks who near you completes whom."))
    return redirect("clusters")


@gate.permit(access.KEEP_CLUSTERS, methods=("POST",))
def ask(request: Request) -> HttpResponse:
    """Have a worker compute anew, without waiting for the night."""
    if actions.ask(now=clock.now()):
        messages.success(request, _("A worker looks now. The page shows it as soon as it is done."))
    else:
        messages.info(request, _("Somebody has asked already; it is done once for both of you."))
    return redirect("clusters")


@gate.permit(access.SEE_CLUSTERS, fetch=queries.clusters_for, by="ref")
def cluster(request: Request, cluster: Cluster) -> HttpResponse:
    """One proposal, with why, who, and what comes next."""
    [one] = shown(queries.views([cluster], request.user, clock.now()))
    return render(request, "pods/cluster.html", {"one": one, "fewest": FEWEST, "within": within()})


@gate.permit(access.ANSWER_CLUSTER, fetch=queries.clusters_for, by="ref", methods=("POST",))
def say(request: Request, cluster: Cluster) -> HttpResponse:
    """Interested, not for me, or nothing again."""
    form = WordForm(request.POST)
    if not form.is_valid():
        return redirect("cluster", cluster.ref)
    said = {
        ClusterWord.INTERESTED: _("Noted, for nobody to see. When five are interested, you five are told."),
        ClusterWord.NOT_FOR_ME: _("Good to know. Nobody sees it, and you are counted here no more."),
        None: _("Taken back."),
    }
    try:
        actions.say(person=request.user, cluster=cluster, word=form.word(), now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("clusters")
    messages.success(request, said[form.word()])
    return redirect("clusters") if form.word() is ClusterWord.NOT_FOR_ME else redirect("cluster", cluster.ref)


@gate.permit(access.FOUND_CLUSTER, fetch=queries.clusters_for, by="ref", methods=("GET", "POST"))
def found(request: Request, cluster: Cluster) -> HttpResponse:
    """Form the pod: a name and a block, and everybody who is interested is asked."""
    form = PodForm(request.POST or None, initial={"block": cluster.block_id})
    if request.method == "POST" and form.is_valid():
        try:
            pod = actions.found(
                by=request.user,
                cluster=cluster,
                name=form.cleaned_data["name"],
                block=form.cleaned_data["block"],
                now=clock.now(),
            )
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("%(pod)s is forming. The others were asked; each decides.") % {"pod": pod.name})
            return redirect("pod", pod.ref)
    [one] = shown(queries.views([cluster], request.user, clock.now()))
    return render(request, "pods/new.html", {"form": form, "steps": road(), "cluster": one})


@gate.permit(access.FOUND_CLUSTER, fetch=queries.clusters_for, by="ref")
def gather(request: Request, cluster: Cluster) -> HttpResponse:
    """Call a gathering of those who are interested: its form, filled in with what the proposal knows."""
    here = neighbourhood()
    time_zone = here.time_zone if here is not None else "UTC"
    said = gathering_for(cluster)
    usual = initial_for(said["kind"], clock.now(), zone(time_zone), get_language() or "en")
    form = GatheringForm(initial={**usual, **said}, zone=zone(time_zone))
    context = {"form": form, "zone": time_zone, "came_from": reverse("cluster", args=[cluster.ref])}
    return render(request, "gatherings/gathering_change.html", context)
