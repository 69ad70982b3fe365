"""What somebody says of themselves when they join."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal import flows
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from commons import clock
from commons.people.actions import joining
from commons.people.forms.sessions import PASSWORD_HELP, dress
from commons.people.models import Person
from commons.web.context import neighbourhood

SESSION_KEY = "invitation"


class SignUpForm(allauth.SignupForm):  # type: ignore[misc]
    """A name to go by, an address to sign in with, a language, and a password for who wants one."""

    language = forms.ChoiceField(label=_("The language we write to you in"), choices=settings.LANGUAGES)
    field_order = ("username", "email", "language", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            "username",
            _("The name you go by"),
            _("Whatever neighbours call you. Nobody asks for your legal name."),
            autocomplete="nickname",
        )
        dress(
            self,
            "email",
            _("E-mail"),
            _("To sign in and to be called. Other members don't see it."),
            autocomplete="username",
            inputmode="email",
        )
        dress(self, "password1", _("Password, if you want one"), PASSWORD_HELP, autocomplete="new-password")
        self.fields["password1"].required = False
        self.fields["language"].initial = get_language()
        # The choices carry each language's own name: whoever needs it can't read the others.
        self.fields["language"].choices = [(code, native(code, name)) for code, name in settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["username"].validators.append(MaxLengthValidator(Person._meta.get_field("handle").max_length or 40))

    def clean_username(self) -> str:
        """A handle on one line; it need not be the only one of its kind."""
        words = " ".join(self.cleaned_data["username"].split())
        handle = "".join(sign for sign in words if sign.isprintable())  # no marks that turn other text around
        if not handle:
            raise forms.ValidationError(_("Say what to call you."))
        return handle

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponseBase | None]:
        """Join; a taken address is answered as a free one is, and told by mail. Raises `Refused`."""
        here = neighbourhood()
        newcomer = joining.Newcomer(
            handle=self.cleaned_data["username"],
            email=self.cleaned_data["email"],
            password=self.cleaned_data.get("password1") or None,
            language=self.cleaned_data["language"],
            time_zone=here.time_zone if here is not None else "UTC",
        )
        token = request.session.get(SESSION_KEY)
        person = joining.join(newcomer=newcomer, token=token, now=clock.now())
        request.session.pop(SESSION_KEY, None)
        if person is None:
            return None, flows.signup.prevent_enumeration(request, email=newcomer.email)
        return person, None


def native(code: str, name: Any) -> str:
    """Return what a language calls itself."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return str(name)
