"""What django-allauth asks of us: who may sign up, how often, and by which way its mails go out."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from commons import clock
from commons.notices.actions import codes, proof
from commons.people.actions import sessions
from commons.people.models import Person
from commons.people.queries import SESSION_KEY, usable_invitation
from commons.web import rates
from commons.web.client import client_key
from commons.web.context import neighbourhood

# How often: of one address from one household, of one address from everywhere, of one household.
# In PostgreSQL, where parallel clients and a Redis that is away change nothing.
PERIOD = timedelta(minutes=15)
TOGETHER, ADDRESS, HOUSEHOLD = 6, 30, 60


class Adapter(DefaultAccountAdapter):
    """Sign-up by invitation, mails through the outbox, limits in PostgreSQL, no address of anybody's machine."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask an organizer."),
        "email_password_mismatch": _("That e-mail and password don't belong together. A code by mail always works."),
        "incorrect_code": _("That isn't the code. Look at the newest mail."),
        "incorrect_password": _("That isn't your password."),
        "enter_current_password": _("That isn't your password."),
        "too_many_login_attempts": _("Too many tries. Wait a quarter of an hour, then try again."),
        "rate_limited": _("Too many tries. Wait a quarter of an hour, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether this browser holds an invitation that still has a place, or the network is open to all."""
        if usable_invitation(request.session.get(SESSION_KEY), clock.now()) is not None:
            return True
        here = neighbourhood()
        return here is not None and bool(here.open_signup)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Any handle will do, also one that somebody has already."""
        return username

    def get_client_ip(self, request: HttpRequest) -> str:
        """A keyed hash that changes each day, and never an address."""
        return client_key(request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """Nothing: no browser is remembered."""
        return ""

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: pages answer with pages."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Pass on what went wrong; the package's own small talk would repeat what the page says."""
        if kwargs.get("message"):
            super().add_message(request, level, message=kwargs["message"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail instead of sending it here: it is then lost by nobody, and costs the same for all."""
        self._allow("mail", email)
        codes.mail(which=template_prefix, to=email, code=str(context.get("code", "")), now=clock.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try at a password before it is looked at."""
        self._allow("password", str(credentials.get("email", "")))

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing is given back: a bucket refills by itself."""

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing is kept in a cache."""

    def _allow(self, what: str, email: str) -> None:
        """Take a token of each bucket, or answer with the page that says to wait, the same for known and unknown."""
        household, address = client_key(self.request), email.strip().lower()
        if not (
            rates.take(f"{what}:{household}:{address}", TOGETHER, PERIOD)
            and rates.take(f"{what}:{household}", HOUSEHOLD, PERIOD)
            and rates.take(f"{what}:*:{address}", ADDRESS, PERIOD)
        ):
            raise ImmediateHttpResponse(render(self.request, "account/wait.html", status=429))

    def login(self, request: HttpRequest, user: Person) -> None:
        """Begin the session. Whoever gets here has proven their address, so it can carry alerts from now on."""
        super().login(request, user)
        now = clock.now()
        proof.prove_email(person=user, now=now)
        sessions.seen(person=user, today=now.date())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to today: the password is changed, nothing more waits there."""
        return self.get_login_redirect_url(request)  # type: ignore[no-any-return]
