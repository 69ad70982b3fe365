"""Themes, not names: forms whose free text is looked through, and asked about before it is kept."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.giveaways import giveaways

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ThemesNotNames(forms.Form):
    """A form whose `watched` fields are looked through; what was found is asked about, and nothing typed is lost.

    "Keep it as it is" answers for what the question showed and no more: what is typed after it is asked about anew.
    A template shows the question with `parts/keep_names.html`.
    """

    watched: ClassVar[tuple[str, ...]] = ()
    question: "ClassVar[StrOrPromise]" = _("Themes, not names: change it, or keep it as it is.")

    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: dict[str, list[str]] = {}

    @property
    def asked(self) -> str:
        """Return what the question is about, as the form sends it back beside the answer: digests, apart by blanks."""
        said = {sentence for found in self.findings.values() for sentence in found}
        return " ".join(sorted(sha256(sentence.encode()).hexdigest()[:16] for sentence in said))

    def clean(self) -> dict[str, Any]:
        """Look through what was typed, all of it in one go."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        found = {name: giveaways(str(cleaned[name])) for name in self.watched if cleaned.get(name)}
        self.findings = {name: sentences for name, sentences in found.items() if sentences}
        before = set(str(self.data.get(self.add_prefix("asked"), "")).split())
        if not cleaned.get("keep") or not set(self.asked.split()) <= before:
            for name, sentences in self.findings.items():
                self.add_error(name, forms.ValidationError([*dict.fromkeys(sentences), str(self.question)]))
        return cleaned
