"""The neighbourhood's name, time and emergency number, and its blocks."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.zones import zone_choices
from sites.models import Block, Neighbourhood
from sites.rules.grid import position
from sites.rules.words import fold, tidy


class NeighbourhoodForm(forms.ModelForm[Neighbourhood]):
    """What this server is kept for."""

    class Meta:
        model = Neighbourhood
        fields = ("name", "time_zone", "emergency_number", "open_signup")
        help_texts = {
            "name": _("Stands on top of every page, never in a message."),
            "time_zone": _("For the times of calls. Each person can set another for themselves."),
            "emergency_number": _("Shown first on every medical call: 112, 911, 999 …"),
            "open_signup": _("Without this, people join by an invitation from a member. That is the safer way."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            choices=zone_choices(self.instance.time_zone),
            help_text=self.fields["time_zone"].help_text,
        )

    def clean_emergency_number(self) -> str:
        """Digits, as one dials them."""
        number = tidy(self.cleaned_data["emergency_number"])
        if not re.fullmatch(r"[0-9+*# ]{2,20}", number):
            raise forms.ValidationError(_("An emergency number has digits only, as it is dialled."))
        return number


class BlockForm(forms.Form):
    """A part of the neighbourhood and about where it is."""

    name = forms.CharField(label=_("What people call it"), max_length=60)
    place = forms.CharField(
        label=_("About where it is"),
        max_length=60,
        help_text=_(
            "Latitude and longitude of its middle, as any map shows them: 39.2904, -76.6122. "
            "Only a cell of about 500 m is kept."
        ),
    )

    def __init__(self, *args: Any, block: Block | None = None, **kwargs: Any) -> None:
        if block is not None:
            kwargs["initial"] = {"name": block.name, "place": f"{block.latitude}, {block.longitude}"}
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        """A name that an address can hold."""
        name = tidy(self.cleaned_data["name"])
        if not re.search(r"\w", fold(name)) or len(fold(name)) > 60:
            raise forms.ValidationError(_("Give it a name that can be read out."))
        return name

    def clean_place(self) -> tuple[Decimal, Decimal]:
        """Snapped as it comes in: nothing finer is ever held."""
        found = position(self.cleaned_data["place"])
        if found is None:
            raise forms.ValidationError(_("Two numbers, apart by a comma: 39.2904, -76.6122."))
        return found
