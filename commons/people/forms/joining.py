"""What somebody says of themselves when they join."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from commons.people.forms.sessions import PASSWORD_HELP, dress
from commons.people.models import Person


class SignUpForm(allauth.SignupForm):
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
        self.fields["language"].choices = [(code, native(code, name)) for code, name in settings.LANGUAGES]
        self.fields["username"].validators.append(MaxLengthValidator(Person._meta.get_field("handle").max_length or 40))

    def clean_username(self) -> str:
        """A handle on one line; it need not be the only one of its kind."""
        words = " ".join(self.cleaned_data["username"].split())
        handle = "".join(sign for sign in words if sign.isprintable())  # no marks that turn other text around
        if not handle:
            raise forms.ValidationError(_("Say what to call you."))
        return handle


def native(code: str, name: Any) -> str:
    """Return what a language calls itself."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return str(name)
