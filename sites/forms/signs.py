"""How a sign is printed, and what it says in a station's own words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.giveaways import giveaways
from sites.models.signs import BECOMES_MOST, HEADLINE_MOST, LINE_MOST, STRUGGLES
from sites.queries import signs as queries
from sites.rules.osm import clean
from sites.states import Paper, SignForm

FORMS = [
    (SignForm.POSTER.value, _("Poster")),
    (SignForm.HALF.value, _("Handbills, two on a paper")),
    (SignForm.QUARTER.value, _("Handbills, four on a paper")),
    (SignForm.SHEET.value, _("Sheet for who leads a shift")),
]
PAPERS = [(Paper.A4.value, "A4"), (Paper.A3.value, "A3"), (Paper.LETTER.value, "Letter")]


class PrintForm(forms.Form):
    """What is printed, on what, in which languages. Comes by address, so that a choice can be kept as a link."""

    form = forms.ChoiceField(label=_("What"), choices=FORMS)
    paper = forms.ChoiceField(label=_("Paper"), choices=PAPERS)
    first = forms.ChoiceField(label=_("Language"))
    second = forms.ChoiceField(label=_("and below it"), required=False)
    plain = forms.BooleanField(label=_("Black and white only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = list(queries.languages().items())
        first: Any = self.fields["first"]
        second: Any = self.fields["second"]
        first.choices = spoken
        second.choices = [("", _("no other")), *spoken]

    def spoken(self) -> list[str]:
        """Return the chosen languages, each once; the sheet is for one reader and has one."""
        chosen = [self.cleaned_data["first"]]
        if self.cleaned_data["form"] != SignForm.SHEET.value and self.cleaned_data["second"] not in ("", *chosen):
            chosen.append(self.cleaned_data["second"])
        return chosen


class WordsForm(forms.Form):
    """A sign's own words in one language; what looks like a name or an address is asked about once."""

    struggle = forms.ChoiceField(
        label=_("The wider struggle"), choices=STRUGGLES, help_text=_("The same in every language.")
    )
    headline = forms.CharField(label=_("In the largest letters"), max_length=HEADLINE_MOST, required=False)
    line = forms.CharField(
        label=_("The wider struggle, in one line"),
        max_length=LINE_MOST,
        required=False,
        help_text=_("What this has to do with wages, rent, care. Empty: the usual line of the struggle."),
    )
    becomes = forms.CharField(
        label=_("What this could become, held in common"), max_length=BECOMES_MOST, required=False
    )
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)

    def clean(self) -> dict[str, Any]:
        """One line each, nothing unseen; ask once whether what was found is meant to hang on a wall."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.findings: list[str] = []
        for name in ("headline", "line", "becomes"):
            cleaned[name] = clean(cleaned.get(name, ""))
            if found := giveaways(cleaned[name]):
                self.findings += found
                if not cleaned.get("keep"):
                    question = _("Everybody who walks by would read it. Change it, or keep it.")
                    self.add_error(name, forms.ValidationError([*found, question]))
        return cleaned
