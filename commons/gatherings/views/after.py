"""Writing down how a gathering was."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from commons import clock, gate
from commons.gatherings import access
from commons.gatherings.actions import after as actions
from commons.gatherings.forms.after import AfterForm
from commons.gatherings.models import Gathering
from commons.gatherings.queries import lists, produced
from commons.web.refusal import Refused


@sensitive_post_parameters("notes", "outcome")
@gate.permit(access.RECORD, fetch=lists.gatherings_of, methods=("GET", "POST"))
def gathering_after(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """How many came, what came of it, and notes that expire."""
    form = AfterForm(request.POST or None, gathering=gathering)
    status, now = 200, clock.now()
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("came", "outcome", "notes")}
        try:
            actions.record(gathering=gathering, now=now, **said)
            messages.success(request, _("Kept. The notes are gone 30 days after the gathering; what came of it stays."))
            return redirect("gathering", gathering.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "gathering": gathering, "produced": produced.lines(gathering, now)}
    return render(request, "gatherings/gathering_after.html", context, status=status)
