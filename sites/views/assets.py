"""What a person shares: the list, adding, changing, keeping true, taking back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.people.models import Person
from commons.web.refusal import Refused
from sites import access
from sites.actions import assets as actions
from sites.actions.assets import Terms
from sites.forms.assets import ShareForm, TermsForm
from sites.models import Asset
from sites.queries import assets as queries

# Between the answer to "take back" and the page after it; sealed.
UNDO = "taken_back"


def _terms(form: TermsForm) -> Terms:
    said = form.cleaned_data
    return Terms(tuple(said["limits"]), said["note"], said["audience"])


@gate.permit(access.SHARE, methods=("GET", "POST"))
def assets(request: HttpRequest) -> HttpResponse:
    """A person's own list, and a form for one more."""
    person: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    form = ShareForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        kind, skill, words = form.chosen()
        try:
            made = actions.share(person=person, kind=kind, skill=skill, title=words, terms=_terms(form), now=now)
            messages.success(request, _("“%(what)s” is on your list, for a year.") % {"what": made})
            return redirect("assets")
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    context = {"shared": queries.shared_by(person, now), "form": form, "undo": request.session.pop(UNDO, "")}
    return render(request, "sites/assets.html", context, status=status)


@gate.permit(access.CHANGE_ASSET, fetch=queries.assets_of, by="ref", methods=("GET", "POST"))
def asset(request: HttpRequest, asset: Asset) -> HttpResponse:
    """The limits, the note and the audience of one thing."""
    form = TermsForm(request.POST or None, asset=asset)
    if request.method == "POST" and form.is_valid():
        actions.change(asset=asset, terms=_terms(form), now=clock.now())
        messages.success(request, _("Kept. It stands for a year from today."))
        return redirect("assets")
    return render(request, "sites/asset.html", {"asset": asset, "form": form})


@gate.permit(access.CHANGE_ASSET, fetch=queries.assets_of, by="ref", methods=("POST",))
def asset_still_true(request: HttpRequest, asset: Asset) -> HttpResponse:
    """Another year."""
    actions.still_true(asset=asset, now=clock.now())
    messages.success(request, _("Good to know: “%(what)s” stands for another year.") % {"what": asset})
    return redirect("assets")


@gate.permit(access.CHANGE_ASSET, fetch=queries.assets_of, by="ref", methods=("POST",))
def asset_take_back(request: HttpRequest, asset: Asset) -> HttpResponse:
    """Gone at once; the next page offers to undo it."""
    try:
        request.session[UNDO] = actions.take_back(asset=asset, now=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assets")


@gate.permit(access.SHARE, methods=("POST",))
def asset_put_back(request: HttpRequest) -> HttpResponse:
    """Undo a taking back, within the hour."""
    person: Person = request.user  # type: ignore[assignment]
    try:
        made = actions.put_back(person=person, undo=request.POST.get("undo", ""), now=clock.now())
        messages.success(request, _("“%(what)s” is back on your list.") % {"what": made})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("assets")
