"""Who organizes, until when; and how a term is given and ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.people import access, queries
from commons.people.actions import organizers as actions
from commons.people.forms.organizers import TermForm
from commons.people.models import Person
from commons.web.refusal import Refused


def _page(request: HttpRequest, *, form: TermForm | None = None, chosen: str = "", status: int = 200) -> HttpResponse:
    today = clock.now().date()
    may_appoint = access.APPOINT.allows(request.user)
    asked = (request.POST.get("q") or request.GET.get("q") or "")[:40]
    context = {
        "organizers": queries.organizers(),
        "may_appoint": may_appoint,
        "asked": asked,
        "found": queries.found_by_handle(asked, today) if may_appoint else [],
        "form": form or TermForm(today=today),
        "chosen": chosen,
    }
    return render(request, "people/organizers.html", context, status=status)


@gate.permit(access.SEE_ORGANIZERS)
def organizers(request: HttpRequest) -> HttpResponse:
    """The list; organizers also look for whom to ask next."""
    return _page(request)


@gate.permit(access.APPOINT, fetch=queries.members, by="ref", methods=("POST",))
def organizer_appoint(request: HttpRequest, person: Person) -> HttpResponse:
    """Give a member a term, or change the day on which it ends."""
    today = clock.now().date()
    form = TermForm(request.POST, today=today)
    status = 200
    if form.is_valid():
        try:
            term = actions.appoint(person=person, until=form.cleaned_data["until"], today=today)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
        else:
            day = date_format(term.ends_on)
            messages.success(request, _("%(who)s organizes until %(day)s.") % {"who": person.handle, "day": day})
            return redirect("organizers")
    return _page(request, form=form, chosen=person.ref, status=status)


@gate.permit(access.END_TERM, fetch=queries.organizers, by="ref", methods=("POST",))
def organizer_end(request: HttpRequest, person: Person) -> HttpResponse:
    """End a term before its day."""
    try:
        actions.end_term(person=person, today=clock.now().date())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("%(who)s organizes no longer. Thank you for the time.") % {"who": person.handle})
    return redirect("organizers")
