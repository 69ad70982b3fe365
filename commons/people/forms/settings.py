"""How a person is called, in which language, by which clock, and when not."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from commons.people.forms.joining import native
from commons.people.forms.zones import zone_choices
from commons.people.models import Person

CALLS_MOST = 14


class SettingsForm(forms.ModelForm[Person]):
    """A person's own settings; none of them is seen by anybody else, except the name."""

    class Meta:
        model = Person
        fields = (
            "handle",
            "language",
            "time_zone",
            "quiet_from",
            "quiet_until",
            "urgent_may_wake",
            "calls_per_week",
        )
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "calls_per_week": forms.NumberInput(attrs={"min": 1, "max": CALLS_MOST, "inputmode": "numeric"}),
        }
        help_texts = {
            "handle": _("Whatever neighbours call you. Nobody asks for your legal name."),
            "urgent_may_wake": _(
                "Some calls can't wait: a raid, an arrest, a medical need. With this, such a call reaches you during "
                "quiet hours too. Without it, nothing does. You can change your mind at any time."
            ),
            "calls_per_week": _(
                "Once you have come to that many calls within seven days, you are asked only when nobody else is left."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("The language we write to you in"),
            choices=[(code, native(code, name)) for code, name in settings.LANGUAGES],
        )
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Your time zone"), choices=zone_choices(self.instance.time_zone)
        )
        self.fields["calls_per_week"].validators += [MinValueValidator(1), MaxValueValidator(CALLS_MOST)]

    def clean_handle(self) -> str:
        """A handle on one line, without marks that turn other text around."""
        words = " ".join(self.cleaned_data["handle"].split())
        handle = "".join(sign for sign in words if sign.isprintable())
        if not handle:
            raise forms.ValidationError(_("Say what to call you."))
        return handle

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or are left out."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begins is None) != (ends is None) and not {"quiet_from", "quiet_until"} & set(self.errors):
            missing = "quiet_until" if ends is None else "quiet_from"
            self.add_error(missing, _("Quiet hours need a beginning and an end. Leave both empty for none."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours that end when they begin would be none, or the whole day."))
        return cleaned
