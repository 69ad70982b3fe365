"""Days of rest; no reason is asked, so there is no field for one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class RestForm(forms.Form):
    """From one day until another, both of them days of rest."""

    first = forms.DateField(label=_("From"), widget=_day(), required=False, help_text=_("Empty means today."))
    last = forms.DateField(label=_("Until, and including"), widget=_day())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_first(self) -> date:
        """Today, unless said otherwise."""
        return self.cleaned_data["first"] or self.today


class LastDayForm(forms.Form):
    """Another end for a rest."""

    last = forms.DateField(label=_("Until, and including"), widget=_day())
