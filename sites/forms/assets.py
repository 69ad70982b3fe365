"""What someone can share, from a list or in their own words, and under which limits."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.themes import ThemesNotNames
from sites.models import Asset
from sites.models.assets import AUDIENCES, KINDS, LIMITS
from sites.queries import assets as queries
from sites.rules.words import tidy
from sites.states import AssetKind, Audience


class TermsForm(ThemesNotNames):
    """Limits, note and audience of something shared; what looks like a name or an address is asked about once."""

    watched: ClassVar[tuple[str, ...]] = ("note",)
    question = _("Others read it. Change it, or keep it as it is.")

    limits = forms.MultipleChoiceField(
        label=_("Limits"),
        choices=LIMITS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Calls that don't fit a limit won't ask you for this."),
    )
    note = forms.CharField(
        label=_("Anything else that matters"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed. Read only by those whom you choose below."),
    )
    audience = forms.ChoiceField(
        label=_("Who may see that you share this"),
        choices=AUDIENCES,
        initial=Audience.POD.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, asset: Asset | None = None, **kwargs: Any) -> None:
        if asset is not None:
            kwargs["initial"] = {"limits": asset.limits, "note": asset.note or "", "audience": asset.audience}
        super().__init__(*args, **kwargs)


class ShareForm(TermsForm):
    """A skill from the list, or anything in one's own words."""

    watched = ("words", "note")

    skill = forms.ChoiceField(label=_("A skill"), required=False)
    words = forms.CharField(
        label=_("Or in your own words"),
        max_length=60,
        required=False,
        help_text=_("“Knitting”, “garage with a ramp”, “I know the shopkeepers on 4th Street”. Not your address."),
    )
    kind = forms.ChoiceField(label=_("Your own words name a …"), choices=KINDS, initial=AssetKind.SKILL.value)
    field_order = ("skill", "words", "kind", "limits", "note", "audience", "keep")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills = {str(skill.pk): skill for skill in queries.skills()}
        choices = [("", _("– choose –")), *((key, skill.name) for key, skill in self.skills.items())]
        self.fields["skill"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two is needed, and both would be unclear."""
        cleaned = super().clean() or {}
        cleaned["words"] = tidy(cleaned.get("words", ""))
        if not self.errors and bool(cleaned.get("skill")) == bool(cleaned["words"]):
            if cleaned["words"]:
                self.add_error("words", _("Choose a skill or use your own words, one at a time."))
            else:
                self.add_error("skill", _("Choose a skill, or say it in your own words."))
        return cleaned

    def chosen(self) -> tuple[str, Any, str]:
        """Return kind, skill (or None) and words."""
        skill = self.skills.get(self.cleaned_data["skill"])
        return (AssetKind.SKILL.value if skill else self.cleaned_data["kind"], skill, self.cleaned_data["words"])
