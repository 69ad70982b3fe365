"""An organizer's word that a pop-up may start early, and its taking back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web.refusal import Refused
from sites import access
from sites.actions import stages as actions
from sites.forms.listening import OverrideForm
from sites.models import Place, StageOverride
from sites.queries.places import places_of
from sites.queries.stages import overrides, standing
from sites.views import Request


@gate.permit(access.OVERRIDE_STAGE, fetch=places_of, methods=("GET", "POST"))
def stage_override(request: Request, place: Place) -> HttpResponse:
    """Say why a pop-up can't wait for listening here."""
    now = clock.now()
    form = OverrideForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.override(place=place, by=request.user, reason=form.cleaned_data["reason"], now=now)
            messages.success(request, _("A pop-up may start here now. The reason stands beside the place."))
            return redirect("place", place.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"form": form, "place": place, "stage": standing(place, now)}
    return render(request, "sites/stage_override.html", context, status=status)


@gate.permit(access.OVERRIDE_STAGE, fetch=overrides, methods=("POST",))
def stage_override_end(request: Request, override: StageOverride) -> HttpResponse:
    """Take it back."""
    try:
        actions.take_back(override=override, by=request.user, now=clock.now())
        messages.success(request, _("Taken back: here a pop-up waits for listening again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    place = override.place.merged_into or override.place
    return redirect("place", place.ref)
