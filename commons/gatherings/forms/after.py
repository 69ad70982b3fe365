"""How a gathering was: how many came, what came of it, and notes that expire."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.gatherings.models import Gathering
from commons.people.forms.giveaways import giveaways

WRITTEN = ("outcome", "notes")


class AfterForm(forms.Form):
    """A count and two texts, both sealed; what looks like a name is asked about before it is saved."""

    came = forms.IntegerField(
        label=_("How many people came"),
        help_text=_("A number: nobody signs in, and nobody is listed."),
        required=False,
        min_value=0,
        max_value=20000,
    )
    outcome = forms.CharField(
        label=_("What came of it"),
        help_text=_("What members may know in a year: agreed, begun, learned. By consent, without names."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    notes = forms.CharField(
        label=_("Notes, sealed"),
        help_text=_("For whoever held it and for organizers; gone 30 days after it."),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: list[str] = []
        self.initial = {name: getattr(gathering, name) for name in ("came", *WRITTEN)}

    def clean(self) -> dict[str, Any]:
        """Ask once whether what was found is meant to be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in WRITTEN:
            found = giveaways(cleaned.get(name) or "")
            self.findings += found
            if found and not cleaned.get("keep"):
                question = gettext("Themes, not names. Change it, or keep it.")
                self.add_error(name, forms.ValidationError([*found, question]))
        return cleaned
