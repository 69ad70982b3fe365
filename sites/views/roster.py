"""Inviting people from a list: upload, look at what each row becomes, confirm."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commons import clock, gate
from commons.people.models import Person
from commons.web.refusal import Refused
from sites import access
from sites.actions import roster as actions
from sites.forms.roster import RosterForm
from sites.models import RosterDraft
from sites.queries import roster as queries
from sites.queries import roster_words
from sites.rules.roster import Outcome

ROWS_A_PAGE = 100
# More problems than these are not read on a screen; the first ones are mended and the list is uploaded again.
PROBLEMS_SHOWN = 100


@gate.permit(access.IMPORT_PEOPLE, methods=("GET", "POST"))
def roster(request: HttpRequest) -> HttpResponse:
    """Upload a list. Nothing happens with it before it was looked at."""
    person: Person = request.user  # type: ignore[assignment]
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if request.method == "POST" and form.is_valid():
        draft = actions.keep(by=person, sheet=form.cleaned_data["file"], now=clock.now())
        return redirect("roster_preview", draft.ref)
    return render(request, "sites/roster.html", {"form": form, "waiting": queries.drafts_of(person).first()})


@gate.permit(access.CONFIRM_IMPORT, fetch=queries.drafts_of, by="ref")
def roster_preview(request: HttpRequest, draft: RosterDraft) -> HttpResponse:
    """What each row becomes, and each problem by row and column."""
    sheet = queries.unpack(draft.sheet or "")
    planned = queries.plan(sheet.rows, clock.now())
    page = Paginator(planned, ROWS_A_PAGE).get_page(request.GET.get("page"))
    problems = roster_words.problems(planned, sheet.headings)
    tally = queries.counts(planned)
    context: dict[str, Any] = {
        "draft": draft,
        "sheet": sheet,
        "page": page,
        "rows": [roster_words.shown(one) for one in page],
        "problems": problems[:PROBLEMS_SHOWN],
        "more_problems": max(0, len(problems) - PROBLEMS_SHOWN),
        "remarks": roster_words.remarks(planned, sheet.headings)[:PROBLEMS_SHOWN],
        "tally": [(count, roster_words.TALLY[which]) for which, count in tally.items()],
        "invites": tally.get(Outcome.INVITED, 0) + tally.get(Outcome.INVITED_AGAIN, 0),
        "updates": tally.get(Outcome.UPDATED, 0),
        "bad": tally.get(Outcome.PROBLEM, 0),
    }
    return render(request, "sites/roster_preview.html", context)


@gate.permit(access.CONFIRM_IMPORT, fetch=queries.drafts_of, by="ref", methods=("POST",))
def roster_confirm(request: HttpRequest, draft: RosterDraft) -> HttpResponse:
    """Invite everybody whose row is good; judged once more, in one transaction."""
    try:
        tally = queries.counts(actions.confirm(draft=draft, now=clock.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("roster")
    invited = tally.get(Outcome.INVITED, 0) + tally.get(Outcome.INVITED_AGAIN, 0)
    said = ngettext("%(count)d person is invited by mail.", "%(count)d people are invited by mail.", invited)
    messages.success(request, said % {"count": invited})
    if updated := tally.get(Outcome.UPDATED, 0):
        said = ngettext(
            "%(count)d earlier invitation is up to date, without another mail.",
            "%(count)d earlier invitations are up to date, without another mail.",
            updated,
        )
        messages.success(request, said % {"count": updated})
    if bad := tally.get(Outcome.PROBLEM, 0):
        said = ngettext(
            "%(count)d row stayed out. Mend it and upload the list again: nobody is invited twice.",
            "%(count)d rows stayed out. Mend them and upload the list again: nobody is invited twice.",
            bad,
        )
        messages.warning(request, said % {"count": bad})
    return redirect("roster")


@gate.permit(access.CONFIRM_IMPORT, fetch=queries.drafts_of, by="ref", methods=("POST",))
def roster_discard(request: HttpRequest, draft: RosterDraft) -> HttpResponse:
    """Forget an uploaded list."""
    actions.discard(draft=draft)
    messages.success(request, _("The list is forgotten. Nobody was invited."))
    return redirect("roster")
