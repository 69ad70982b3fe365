"""Coming in: a member's invitations, the page behind the link, and the sign-up that it opens."""

from typing import Any

from allauth.account.internal import flows
from allauth.account.views import SignupView, email_verification_sent
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.people import access, queries, rules
from commons.people.actions import invitations as actions
from commons.people.actions import joining
from commons.people.forms.invitations import InviteForm
from commons.people.forms.joining import SignUpForm
from commons.people.models import Invitation, Person
from commons.people.queries import SESSION_KEY
from commons.people.views.sessions import remember_language
from commons.web.context import neighbourhood
from commons.web.qr import qr
from commons.web.refusal import Refused

SHOWN_MOST = 50


@gate.permit(access.INVITE, methods=("GET", "POST"))
def invitations(request: HttpRequest) -> HttpResponse:
    """A person's own links, and a form for another."""
    person: Person = request.user  # type: ignore[assignment]
    now = clock.now()
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.invite(by=person, now=now, **form.cleaned_data)
            return redirect("invitation", made.ref)
        except Refused as refusal:
            refusal.show_on(form)
            status = refusal.status
    rows = list(queries.invitations_of(person).filter(address_digest=None)[:SHOWN_MOST])
    context = {
        "form": form,
        "open": [row for row in rows if _closed(row, now) is None],
        "closed": [(row, _closed(row, now)) for row in rows if _closed(row, now) is not None],
    }
    return render(request, "people/invitations.html", context, status=status)


@gate.permit(access.INVITE, fetch=queries.invitations_of, by="ref")
def invitation(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """One link, to be copied, read out or shown."""
    link = link_of(invitation)
    context = {"invitation": invitation, "closed": _closed(invitation, clock.now()), "link": link, "qr": qr(link)}
    return render(request, "people/invitation.html", context)


@gate.permit(access.INVITE, fetch=queries.invitations_of, by="ref", methods=("POST",))
def invitation_revoke(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Take a link back."""
    actions.revoke(invitation=invitation, now=clock.now())
    messages.success(request, _("The link is taken back: nobody can join with it any more. Who has joined stays."))
    return redirect("invitations")


@gate.by_link
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation. Looking at it changes nothing; its button keeps the token for sign-up."""
    now = clock.now()
    found = queries.invitation_with(token)
    why = rules.Closed.EXPIRED if found is None else _closed(found, now)
    if why is not None:
        return render(request, "people/join_closed.html", {"sentence": joining.SENTENCES[why]}, status=410)
    language = _language_for(request, found)
    if request.method == "POST":
        if request.user.is_authenticated:
            return redirect("today")
        request.session[SESSION_KEY] = token
        answer = redirect("account_signup")
        remember_language(answer, language)
        return answer
    with translation.override(language):
        return render(request, "people/join.html", {"invitation": found, "named": joining.what_was_said(found)})


def _language_for(request: HttpRequest, invitation: Invitation | None) -> str:
    """The language that the reader chose or the browser speaks; otherwise the one that the inviter named."""
    spoken = translation.get_language() or settings.LANGUAGE_CODE
    is_known = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.user.is_authenticated
    if invitation is None or is_known or spoken != settings.LANGUAGE_CODE:
        return spoken
    return invitation.language if invitation.language in dict(settings.LANGUAGES) else spoken


class _SignUp(SignupView):
    """Sign-up with what an invitation says filled in, and a sentence where its last place has just gone."""

    def get_initial(self) -> dict[str, Any]:
        """Fill in what the invitation says."""
        held = queries.usable_invitation(self.request.session.get(SESSION_KEY), clock.now())
        if held is None:
            return {}
        said = joining.what_was_said(held)
        language = said.get("language") or translation.get_language()
        return {"username": said.get("handle", ""), "email": held.address or "", "language": language}

    def form_valid(self, form: SignUpForm) -> HttpResponseBase:
        """Join; a taken address is answered as a free one is, and told by mail."""
        answer: HttpResponseBase
        here, said = neighbourhood(), form.cleaned_data
        newcomer = joining.Newcomer(
            handle=said["username"],
            email=said["email"],
            password=said.get("password1") or None,
            language=said["language"],
            time_zone=here.time_zone if here is not None else "UTC",
        )
        try:
            person = joining.join(newcomer=newcomer, token=self.request.session.get(SESSION_KEY), now=clock.now())
        except Refused as refusal:
            refusal.show_on(form)
            answer = self.form_invalid(form)
            answer.status_code = refusal.status
            return answer
        self.request.session.pop(SESSION_KEY, None)
        if person is None:
            answer = flows.signup.prevent_enumeration(self.request, email=newcomer.email)
        else:
            answer = flows.signup.complete_signup(self.request, user=person, redirect_url=self.get_success_url())
        return answer

    def closed(self) -> HttpResponse:
        """Say what is missing: an invitation."""
        return render(self.request, "account/signup_closed.html", status=403)


sign_up = gate.public(methods=("GET", "POST"))(_SignUp.as_view())


@gate.public(methods=("GET", "POST"))
def sign_up_code(request: HttpRequest) -> HttpResponseBase:
    """The page for the mailed code; whoever is signed in already has nothing to confirm."""
    if request.user.is_authenticated:
        return redirect("today")
    answer: HttpResponseBase = email_verification_sent(request)
    return answer


def link_of(invitation: Invitation) -> str:
    """The whole address that opens an invitation."""
    return f"{settings.SITE_URL}{reverse('join', args=[invitation.token()])}"


def _closed(invitation: Invitation, now: Any) -> rules.Closed | None:
    return rules.closed(
        revoked_at=invitation.revoked_at,
        expires_at=invitation.expires_at,
        used=invitation.used,
        seats=invitation.seats,
        now=now,
    )
