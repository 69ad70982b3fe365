"""What a member says about a link that they make."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.people import rules
from commons.people.forms.joining import native


class InviteForm(forms.Form):
    """For how many, in which language, for how long."""

    seats = forms.IntegerField(
        label=_("Places"),
        initial=1,
        min_value=1,
        max_value=rules.SEATS_MOST,
    )
    language = forms.ChoiceField(label=_("Their language"), choices=())
    days = forms.IntegerField(
        label=_("Days it works"), initial=rules.DAYS_USUAL, min_value=1, max_value=rules.DAYS_MOST
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, native(code, name)) for code, name in settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()
