"""Untrusted input about pods: their name and block, and words that may mean somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.models import Block


class PodForm(forms.Form):
    """A new pod: what it is called and where it is."""

    name = forms.CharField(
        label=_("Name"),
        min_length=3,
        max_length=40,
        help_text=_("Neighbours will see it: better a street or a tree than a person."),
    )
    block = forms.ModelChoiceField(
        label=_("Block"),
        queryset=Block.objects.all(),
        empty_label=_("Choose a block"),
        help_text=_("Calls go to near pods first."),
    )

    def clean_name(self) -> str:
        """Return the name with its spaces folded."""
        return " ".join(self.cleaned_data["name"].split())


class FindForm(forms.Form):
    """Whom to name: a code, a handle, or how it begins."""

    q = forms.CharField(
        label=_("Their name or code"),
        max_length=40,
        required=False,
        help_text=_("The name they go by, its first three letters, or the code that stands on their page of pods."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autocapitalize": "none"}),
    )

    def clean_q(self) -> str:
        """Return the words without the spaces around them."""
        return str(self.cleaned_data["q"]).strip()


class NamedForm(forms.Form):
    """Who is named, by the code behind their button."""

    person = forms.SlugField(max_length=10, widget=forms.HiddenInput)


class PartForm(forms.Form):
    """A choice between doing something and taking it back."""

    do = forms.ChoiceField(choices=[("yes", ""), ("no", "")])

    @property
    def yes(self) -> bool:
        """Return whether it is to be done, not taken back."""
        said: dict[str, Any] = self.cleaned_data
        return bool(said["do"] == "yes")
