"""What people type to sign in, and about passwords: django-allauth's forms, in our words."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_HELP = _("At least 12 characters: four or five words that don't belong together are easy to remember.")


def dress(form: forms.Form, name: str, label: Any, help_text: Any = "", **attrs: str) -> None:
    """Give a field of the package our words: a label that stays instead of a placeholder that goes."""
    field = form.fields.get(name)
    if field is None:
        return
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignInForm(allauth.LoginForm):
    """An e-mail address, and a password for those who have one; without it a code is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "login", _("E-mail"), autocomplete="username", inputmode="email")
        dress(
            self,
            "password",
            _("Password, if you have one"),
            _("Leave it empty and we mail you a code."),
            autocomplete="current-password",
        )
        self.fields["password"].required = False
        self.fields["password"].widget.is_required = False


class _CodeForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            "code",
            _("The code from the mail"),
            _("Eight letters. Capitals and the dash don't matter."),
            autocomplete="one-time-code",
            autocapitalize="characters",
            spellcheck="false",
        )


class SignInCodeForm(_CodeForm, allauth.ConfirmLoginCodeForm):
    """The code that was mailed to sign in."""


class AddressCodeForm(_CodeForm, allauth.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class ResetCodeForm(_CodeForm, allauth.ConfirmPasswordResetCodeForm):
    """The code that lets a forgotten password be replaced."""


class ForgottenForm(allauth.ResetPasswordForm):
    """Where to mail that code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "email", _("E-mail"), autocomplete="username", inputmode="email")


class _NewPassword(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "oldpassword", _("Your password now"), autocomplete="current-password")
        dress(self, "password1", _("New password"), PASSWORD_HELP, autocomplete="new-password")
        dress(self, "password2", _("New password, once more"), autocomplete="new-password")


class ReplacePasswordForm(_NewPassword, allauth.ResetPasswordKeyForm):
    """A new password instead of a forgotten one."""


class ChangePasswordForm(_NewPassword, allauth.ChangePasswordForm):
    """A new password instead of a known one."""


class SetPasswordForm(_NewPassword, allauth.SetPasswordForm):
    """A first password for somebody who signs in by code."""


class ConfirmForm(allauth.ReauthenticateForm):
    """The password once more, before something that can't be taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, "password", _("Password"), autocomplete="current-password")
