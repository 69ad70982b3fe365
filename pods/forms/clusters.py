"""Untrusted input about proposals: whether one lets oneself be proposed, and what one says to one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pods.states import ClusterWord
from sites.models import Block


class WillingForm(forms.Form):
    """Near which block somebody lets themselves be proposed."""

    block = forms.ModelChoiceField(
        label=_("About where are you?"),
        queryset=Block.objects.all(),
        empty_label=_("Choose a block"),
        help_text=_("Where you live, work, or are most evenings. Nobody is told which block you chose."),
    )


class WordForm(forms.Form):
    """What somebody says to a proposal; nothing takes back what they said."""

    say = forms.ChoiceField(choices=[(word.value, word.value) for word in ClusterWord], required=False)

    def word(self) -> ClusterWord | None:
        """Return the word, or None where it is taken back."""
        said: dict[str, Any] = self.cleaned_data
        return ClusterWord(said["say"]) if said["say"] else None
