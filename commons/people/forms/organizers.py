"""Until when somebody organizes."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people import rules


class TermForm(forms.Form):
    """The day on which a term ends; a year from today unless somebody says less."""

    until = forms.DateField(
        label=_("Organizes until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = today + timedelta(days=rules.TERM_DAYS_MOST)
        self.fields["until"].initial = today + timedelta(days=365)
        self.fields["until"].widget.attrs.update(
            {"min": (today + timedelta(days=1)).isoformat(), "max": last.isoformat()}
        )
