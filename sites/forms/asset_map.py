"""Looking through the asset map, saying on which block one lives, and asking for something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.models import Asset, Block
from sites.models.assets import KINDS
from sites.queries.asset_map import Wanted
from sites.rules.words import tidy
from sites.states import AssetKind

ANYWHERE = "all"
# What holds where nothing was said stands first.
REACHES = [
    (ANYWHERE, _("anywhere")),
    ("0", _("on my block")),
    ("1000", _("within about 1 km")),
    ("2000", _("within about 2 km")),
]


class LookForm(forms.Form):
    """What somebody looks for; whatever the address says that this form doesn't know counts as not said."""

    q = forms.CharField(label=_("What do you look for?"), max_length=60, required=False, strip=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("everything")), *KINDS], required=False)
    reach = forms.ChoiceField(label=_("How far"), choices=REACHES, required=False)

    def __init__(self, *args: Any, at_home: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["type"] = "search"
        if not at_home:
            del self.fields["reach"]

    def wanted(self) -> Wanted:
        """Return what is looked for."""
        self.is_valid()
        said = self.cleaned_data
        reach = said.get("reach") or ANYWHERE
        return Wanted(said.get("q", ""), said.get("kind", ""), None if reach == ANYWHERE else int(reach))


class HomeForm(forms.Form):
    """On which block somebody lives, or that they would rather not say."""

    block = forms.ModelChoiceField(
        queryset=Block.objects.all(),
        label=_("Your block, or the nearest"),
        required=False,
        empty_label=_("I'd rather not say"),
        help_text=_("So that neighbours find what is near. They see the block's name, nothing finer."),
    )


class AskForm(forms.Form):
    """A few words to whoever shares something; for a tool, until when."""

    until = forms.DateField(
        label=_("I bring it back by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label=_("Your words"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What for, and when. Only the two of you read it; neither sees the other's address."),
    )

    def __init__(self, *args: Any, asset: Asset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asset.kind != AssetKind.TOOL:
            del self.fields["until"]


class LineForm(forms.Form):
    """One more line to the other."""

    text = forms.CharField(label=_("Write back"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_text(self) -> str:
        """At least one word."""
        text: str = self.cleaned_data["text"]
        if not tidy(text):
            raise forms.ValidationError(_("Write a few words."))
        return text
