"""A score card as it is filled in: three rows of five, a note, a day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.themes import ThemesNotNames
from sites.models import ScoreCard
from sites.rules.ranking import CRITERIA, LEAST, MOST

NOTE_LONGEST = 1000
# What the ends and the middle of each row mean; 2 and 4 lie between.
WORDS = {
    "density": {1: _("hardly anyone"), 3: _("some, passing"), 5: _("many, waiting")},
    "softness": {1: _("closely watched"), 3: _("partly watched"), 5: _("hardly watched")},
    "clarity": {1: _("says little"), 3: _("once told"), 5: _("plain to see")},
}
LEFT_OUT = ""


class Row(forms.ChoiceField):
    """Five marks, or none."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        choices = [(LEFT_OUT, _("I can't say")), *((str(mark), str(mark)) for mark in range(LEAST, MOST + 1))]
        super().__init__(choices=choices, required=False, widget=forms.RadioSelect, **kwargs)
        self.words = WORDS[name]


class ScoreForm(ThemesNotNames):
    """Marks, a note and the day; whatever the observer can't say stays out."""

    watched = ("note",)

    density = Row(
        "density",
        label=_("Density of working people"),
        help_text=_("How many people who live by their work come here, and do they stay a while?"),
    )
    softness = Row(
        "softness",
        label=_("Softness of surveillance"),
        help_text=_("How little is it watched by cameras, guards or police? Five is the least watched."),
    )
    clarity = Row(
        "clarity",
        label=_("Symbolic clarity"),
        help_text=_("Does the place itself show what is wrong, or how people care for each other?"),
    )
    note = forms.CharField(
        label=_("What you noticed"),
        help_text=_("Members read it without your name. No names, no numbers, no addresses of people."),
        required=False,
        max_length=NOTE_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    observed_on = forms.DateField(
        label=_("When you were there"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, card: ScoreCard | None, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"observed_on": today}
        if card is not None:
            marks = zip(CRITERIA, card.marks(), strict=True)
            kwargs["initial"] |= {name: mark or LEFT_OUT for name, mark in marks} | {"note": card.note or ""}
        super().__init__(*args, **kwargs)

    def rows(self) -> list[Any]:
        """Return the three bound rows of marks."""
        return [self[name] for name in CRITERIA]

    def clean_note(self) -> str:
        """Without blanks around it."""
        return str(self.cleaned_data["note"]).strip()

    def marks(self) -> tuple[int | None, int | None, int | None]:
        """Return the three marks in the order of the criteria."""
        density, softness, clarity = (
            int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in CRITERIA
        )
        return density, softness, clarity
