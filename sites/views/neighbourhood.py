"""The neighbourhood's page for organizers: its name, its clock, its blocks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.web.refusal import Refused
from sites import access
from sites.actions import neighbourhood as actions
from sites.forms.neighbourhood import BlockForm, NeighbourhoodForm
from sites.models import Block
from sites.queries import evening
from sites.queries import neighbourhood as queries
from sites.queries.asks import today_here


@gate.permit(access.KEEP_NEIGHBOURHOOD, methods=("GET", "POST"))
def neighbourhood(request: HttpRequest) -> HttpResponse:
    """Name, time zone, emergency number; and the list of blocks."""
    form = NeighbourhoodForm(request.POST or None, instance=queries.neighbourhood())
    if request.method == "POST" and form.is_valid():
        actions.name_neighbourhood(**form.cleaned_data, founded_on=today_here(clock.now()))
        messages.success(request, _("Kept."))
        return redirect("neighbourhood")
    return render(
        request,
        "sites/neighbourhood.html",
        {"form": form, "blocks": queries.blocks(), "countdown": evening.standing(clock.now())},
    )


@gate.permit(access.KEEP_NEIGHBOURHOOD, methods=("GET", "POST"))
def block_new(request: HttpRequest) -> HttpResponse:
    """One more block."""
    return _block(request, None)


@gate.permit(access.KEEP_NEIGHBOURHOOD, fetch=queries.blocks, by="name", methods=("GET", "POST"))
def block(request: HttpRequest, block: Block) -> HttpResponse:
    """A block's name and about where it is."""
    return _block(request, block)


def _block(request: HttpRequest, block: Block | None) -> HttpResponse:
    form = BlockForm(request.POST or None, block=block)
    status = 200
    if request.method == "POST" and form.is_valid():
        latitude, longitude = form.cleaned_data["place"]
        try:
            actions.write_block(block=block, name=form.cleaned_data["name"], latitude=latitude, longitude=longitude)
            messages.success(request, _("“%(name)s” is kept.") % {"name": form.cleaned_data["name"]})
            return redirect("neighbourhood")
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    # Not "block": inside of a template's own blocks that name is taken.
    return render(request, "sites/block.html", {"form": form, "area": block}, status=status)


@gate.permit(access.KEEP_NEIGHBOURHOOD, fetch=queries.blocks, by="name", methods=("POST",))
def block_remove(request: HttpRequest, block: Block) -> HttpResponse:
    """Remove a block on which nothing stands."""
    try:
        actions.remove_block(block=block)
        messages.success(request, _("“%(name)s” is removed.") % {"name": block.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("neighbourhood")
