"""Untrusted input about protocols and kinds of call."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from pods.models.protocol import PACES, RAISERS
from pods.queries.protocol import KindRow
from pods.rules.waves import DEFAULT_MINUTES
from pods.states import WAVE_ORDER, Pace, Raisers, WaveRule

LONGEST = 24 * 60
LABELS: Mapping[WaveRule, Any] = {
    WaveRule.BEST_FIT: _("Those who fit best"),
    WaveRule.POD: _("The whole pod"),
    WaveRule.SILENT: _("The silent, once more"),
    WaveRule.SISTERS: _("Sister pods"),
    WaveRule.ORGANIZERS: _("Organizers"),
}
assert set(LABELS) == set(WAVE_ORDER), "every wave has its field"


class ProtocolForm(forms.Form):
    """How a pod handles calls of one kind."""

    pace = forms.ChoiceField(label=_("How soon"), choices=PACES, widget=forms.RadioSelect)
    spread = forms.TypedChoiceField(
        label=_("How many are asked first, for each one needed"),
        coerce=int,
        choices=[(count, str(count)) for count in range(1, 7)],
        help_text=_("Fewer than half of those who are asked can come, on most days."),
    )
    raisers = forms.ChoiceField(label=_("Who may raise it"), choices=RAISERS, widget=forms.RadioSelect)

    def __init__(self, row: KindRow, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.initial = {"pace": row.pace.value, "spread": row.spread, "raisers": row.raisers.value, **self.initial}
        for index, rule in enumerate(WAVE_ORDER[1:], start=1):
            self.fields[f"wave_{index}"] = forms.IntegerField(
                label=LABELS[rule], required=False, min_value=1, max_value=LONGEST, widget=forms.NumberInput
            )
            self.initial[f"wave_{index}"] = row.minutes[index]

    @property
    def wave_fields(self) -> list[forms.BoundField]:
        """Return the fields of the waves after the first, in order."""
        return [self[f"wave_{index}"] for index in range(1, len(WAVE_ORDER))]

    @property
    def wave_pairs(self) -> list[list[forms.BoundField]]:
        """Return the same fields two by two, as they stand beside each other."""
        return [self.wave_fields[:2], self.wave_fields[2:]]

    @cached_property
    def minutes(self) -> tuple[int | None, ...]:
        """Return the minutes of every wave. Another pace with the old minutes means the other pace's own."""
        typed = (0, *(self.cleaned_data.get(f"wave_{index}") for index in range(1, len(WAVE_ORDER))))
        if self.chosen_pace != self.row.pace and typed == self.row.minutes:
            return DEFAULT_MINUTES[self.chosen_pace]
        return typed

    @property
    def chosen_pace(self) -> Pace:
        """Return the pace."""
        return Pace(self.cleaned_data["pace"])

    @property
    def chosen_raisers(self) -> Raisers:
        """Return who may raise calls of this kind."""
        return Raisers(self.cleaned_data["raisers"])


class KindForm(forms.Form):
    """A kind of call of the network's own."""

    own_name = forms.CharField(label=_("Name"), min_length=2, max_length=40)
    pace = forms.ChoiceField(label=_("How soon"), choices=PACES, initial=Pace.DAY.value)
    needs_second = forms.BooleanField(
        label=_("A second member confirms"),
        required=False,
        help_text=_("Raised by one person it goes to the first wave alone, until another member has seen it too."),
    )
    emergency_first = forms.BooleanField(
        label=_("Show the emergency number first"),
        required=False,
        help_text=_("For whatever needs an ambulance or the fire brigade before it needs neighbours."),
    )
    police_likely = forms.BooleanField(
        label=_("Police are likely to be there"),
        required=False,
        help_text=_("Whoever said “not with police present” is left in peace."),
    )

    def clean_own_name(self) -> str:
        """Return the name with its spaces folded."""
        return " ".join(self.cleaned_data["own_name"].split())


class KindNameForm(forms.Form):
    """Another name for a kind of the network's own."""

    own_name = forms.CharField(label=_("Name"), min_length=2, max_length=40)

    clean_own_name = KindForm.clean_own_name
