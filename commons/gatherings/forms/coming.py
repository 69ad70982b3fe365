"""What somebody says who comes: members and guests alike."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commons.gatherings import rules
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.models.gathering import ACCESS
from commons.gatherings.queries.words import language_choices
from commons.gatherings.rules import Party


class PartyForm(forms.Form):
    """For how many, with how many children, and what they need; nothing of it has to be said."""

    name = forms.CharField(
        label=_("What shall we call you?"),
        help_text=_("A first name, or nothing. Only whoever holds the gathering reads it."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    people = forms.IntegerField(
        label=_("How many of you"), min_value=1, max_value=rules.PARTY_MOST, initial=1, required=False
    )
    children = forms.IntegerField(
        label=_("Of them, children for childcare"),
        min_value=0,
        max_value=rules.CHILDREN_MOST,
        initial=0,
        required=False,
    )
    needs = forms.MultipleChoiceField(
        label=_("What you need to be able to come"),
        required=False,
        choices=ACCESS,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=_("Anything else you need, sealed"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("The language that you follow best"), required=False)
    key = forms.RegexField(r"^[\w-]{16,40}$", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, gathering: Gathering, coming: Coming | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [("", "–"), *language_choices()]
        language.initial = get_language()
        if not gathering.childcare:
            del self.fields["children"]
        if coming is not None and coming.person_id is not None:
            del self.fields["name"]
        if coming is not None and coming.said:
            same = ("people", "children", "needs", "note", "language", "name")
            self.initial = {**{name: getattr(coming, name) for name in same}, **self.initial}

    def party(self) -> Party:
        """Return what was said, once it is valid."""
        said = self.cleaned_data
        return Party(
            people=said.get("people") or 1,
            children=said.get("children") or 0,
            needs=tuple(said.get("needs", ())),
            language=said.get("language", ""),
            name=" ".join(str(said.get("name", "")).split()),
            note=" ".join(str(said.get("note", "")).split()),
        )
