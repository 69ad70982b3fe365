"""How a pod handles calls, kind by kind; and the kinds that the network knows."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import gate
from commons.web.htmx import asked_by_htmx
from commons.web.refusal import Refused
from pods import access
from pods.actions import protocol as actions
from pods.forms.protocol import KindForm, KindNameForm, ProtocolForm
from pods.models import CallKind, Pod
from pods.queries import pods as pod_queries
from pods.queries import protocol as queries
from pods.rules import protocol as rules
from pods.states import Pace
from pods.views import Request


@gate.permit(access.SEE_PROTOCOL, fetch=pod_queries.pods_visible_to, by="ref")
def protocol(request: Request, pod: Pod) -> HttpResponse:
    """Show how this pod handles each kind of call."""
    return render(request, "pods/protocols.html", {"pod": pod, "rows": queries.kind_rows(pod)})


@gate.permit(access.EDIT_PROTOCOL, fetch=pod_queries.pods_visible_to, by="ref", methods=("GET", "POST"))
def protocol_kind(request: Request, pod: Pod, key: str) -> HttpResponse:
    """Edit how this pod handles one kind of call; `do` says whether to keep it, to look at it, or to begin anew."""
    kind = CallKind.objects.filter(key=key, active=True).first()
    if kind is None:
        raise Http404
    row = queries.kind_row(pod, kind)
    asked = request.POST.get("do", "keep")
    if request.method == "POST" and asked == "reset":
        actions.reset_protocol(pod=pod, kind=kind)
        messages.success(request, _("Calls of this kind are handled the usual way again."))
        return redirect("pod_protocol_kind", pod.ref, key)
    form = ProtocolForm(row, request.POST or None)
    if request.method == "POST" and asked == "keep" and _kept(pod, kind, form):
        messages.success(request, _("Kept. It holds for calls from now on; calls that are open keep their plan."))
        return redirect("pod_protocol", pod.ref)
    waves, shown = _preview(form, row)
    context = {"pod": pod, "kind": kind, "row": row, "form": form, "waves": waves, "previewed": shown}
    return render(request, "pods/protocol.html#plan" if asked_by_htmx(request) else "pods/protocol.html", context)


def _kept(pod: Pod, kind: CallKind, form: ProtocolForm) -> bool:
    """Keep what was typed, or put the refusal on the form; return whether it was kept."""
    if not form.is_valid():
        return False
    try:
        actions.edit_protocol(
            pod=pod,
            kind=kind,
            pace=form.chosen_pace,
            minutes=form.minutes,
            spread=form.cleaned_data["spread"],
            raisers=form.chosen_raisers,
        )
    except Refused as refused:
        refused.show_on(form)
        return False
    return True


def _preview(form: ProtocolForm, row: queries.KindRow) -> tuple[list[queries.WaveRow], bool]:
    """Return the plan as typed, or the one that holds where what was typed is no plan; and whether it was typed."""
    if form.is_bound and form.is_valid():
        broken = rules.refusal(form.chosen_pace, form.minutes)
        if broken is None:
            return queries.wave_rows(form.minutes), True
        Refused(actions.SENTENCES[broken[0]], field=f"wave_{broken[1]}").show_on(form)
    return row.waves, False


@gate.permit(access.KEEP_KINDS, methods=("GET", "POST"))
def kinds(request: Request) -> HttpResponse:
    """Show every kind of call, and add one of the network's own."""
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_kind(
                name=said["own_name"],
                pace=Pace(said["pace"]),
                needs_second=said["needs_second"],
                emergency_first=said["emergency_first"],
                police_likely=said["police_likely"],
            )
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("Every pod can raise calls of this kind now."))
            return redirect("kinds")
    every = list(CallKind.objects.all())
    context = {
        "form": form,
        "built_in": [kind for kind in every if not kind.own_name],
        "own": [kind for kind in every if kind.own_name and kind.active],
        "retired": [kind for kind in every if kind.own_name and not kind.active],
    }
    return render(request, "pods/kinds.html", context)


@gate.permit(access.KEEP_KINDS, fetch=queries.own_kinds, by="key", methods=("GET", "POST"))
def kind_rename(request: Request, kind: CallKind) -> HttpResponse:
    """Give one of the network's own kinds another name."""
    form = KindNameForm(request.POST or None, initial={"own_name": kind.own_name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_kind(kind=kind, name=form.cleaned_data["own_name"])
        except Refused as refused:
            refused.show_on(form)
        else:
            messages.success(request, _("Renamed. Past calls of this kind carry the new name too."))
            return redirect("kinds")
    return render(request, "pods/kind.html", {"kind": kind, "form": form})


@gate.permit(access.KEEP_KINDS, fetch=queries.own_kinds, by="key", methods=("POST",))
def kind_use(request: Request, kind: CallKind) -> HttpResponse:
    """Retire one of the network's own kinds, or bring it back."""
    bring_back = request.POST.get("do") == "yes"
    actions.use_kind(kind=kind, active=bring_back)
    said = _("%(kind)s is back.") if bring_back else _("%(kind)s is retired. Calls that are open go on.")
    messages.success(request, said % {"kind": kind.own_name})
    return redirect("kinds")
