"""Signing out everywhere, and the language that pages are read in."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt

from commons import gate
from commons.people.actions import sessions
from commons.people.models import Person
from commons.web.headers import clear_site_data


@gate.signed_in(methods=("GET", "POST"))
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of this person: for a phone that is lost, taken or shared."""
    if request.method != "POST":
        return render(request, "people/sign_out_everywhere.html")
    person: Person = request.user  # type: ignore[assignment]
    sessions.sign_out_everywhere(person=person)
    logout(request)
    # Shown at once: what a redirect would carry over, the browser has just been told to forget.
    answer = render(request, "people/signed_out.html")
    clear_site_data(answer)
    return answer


@gate.public(methods=("GET", "POST"))
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Where django-allauth sends whoever needs a new code: one page signs in by code and by password."""
    return redirect("account_login")


def remember_language(answer: HttpResponse, language: str) -> None:
    """Let this browser read on in that language, signed in or not."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


@gate.public(methods=("POST",))
def _speak(request: HttpRequest) -> HttpResponse:
    """Read on in another language; members are written to in it as well."""
    target = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    # A path and nothing else: what has no slash would be looked for among the names of pages.
    answer = redirect(target if here and target.startswith("/") else "home")
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        if request.user.is_authenticated:
            sessions.speak(person=request.user, language=language)
        remember_language(answer, language)
    return answer


# Pages behind a link send no referrer, and browsers then post with "Origin: null", which Django's check
# refuses. There is nothing to forge: another site's form comes without the session's cookie (SameSite).
set_language = csrf_exempt(_speak)
