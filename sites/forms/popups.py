"""Planning a station, changing its words, writing down how a shift went: what people type, made into clean values."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.people.forms.giveaways import giveaways
from commons.web import phrases
from sites.forms.rhythm import RhythmForm
from sites.models import Need, Popup, ShiftRole, SignUp
from sites.models.popups import HOST, WORDS_MOST
from sites.models.shifts import CLOSED_FOR
from sites.rules.words import tidy
from sites.states import HostWord

SUPPLIES_MOST = 12


class NeedChoices(forms.ModelChoiceField[Need]):
    """Needs by their public key."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the need as the reader calls it; those that were named at this place say so."""
        name = phrases.capital(obj.name)
        return gettext("%(need)s, named here") % {"need": name} if getattr(obj, "named", False) else name


class WordsForm(forms.Form):
    """What a station is, in words. Members read it, and posters carry it: what looks personal is asked about."""

    name = forms.CharField(
        label=_("What it gives"),
        max_length=WORDS_MOST,
        help_text=_("Free detergent and a phone charger."),
    )
    becomes = forms.CharField(
        label=_("What this could become, held in common"),
        max_length=200,
        help_text=_("A laundry of our own, run by those who wash there."),
    )
    supplies = forms.CharField(
        label=_("What each shift needs, one thing a line"),
        required=False,
        max_length=1200,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    counted = forms.CharField(
        label=_("What you count, beside people"),
        required=False,
        max_length=40,
        help_text=_("Loads washed, phones charged: things, never names."),
    )
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)
    # The station as it was read; what somebody else changed meanwhile is not overwritten unasked.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, popup: Popup | None = None, **kwargs: Any) -> None:
        if popup is not None:
            kwargs["initial"] = {
                "name": popup.name,
                "becomes": popup.becomes,
                "counted": popup.counted,
                "supplies": "\n".join(popup.supplies),
                "version": popup.version,
            }
        super().__init__(*args, **kwargs)
        self.findings: list[str] = []

    def clean_name(self) -> str:
        """One line."""
        return tidy(self.cleaned_data["name"])

    def clean_becomes(self) -> str:
        """One line."""
        return tidy(self.cleaned_data["becomes"])

    def clean_supplies(self) -> tuple[str, ...]:
        """Each thing once, without empty lines."""
        lines = tuple(dict.fromkeys(filter(None, (tidy(line) for line in self.cleaned_data["supplies"].splitlines()))))
        if len(lines) > SUPPLIES_MOST:
            raise forms.ValidationError(_("Twelve things are the most."))
        if any(len(line) > WORDS_MOST for line in lines):
            raise forms.ValidationError(_("Eighty letters are the most for one thing."))
        return lines

    def clean(self) -> dict[str, Any]:
        """Ask once whether what was found is meant to be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field in ("name", "becomes", "supplies"):
            said = cleaned.get(field) or ""
            found = giveaways(said if isinstance(said, str) else "\n".join(said), pairs=False)
            self.findings += found
            if found and not cleaned.get("keep"):
                question = gettext("Every member would read it. Change it, or keep it.")
                self.add_error(field, forms.ValidationError([*found, question]))
        return cleaned


class PopupForm(RhythmForm, WordsForm):
    """A station that is planned: the need that it meets, when, with how many in which role, and the host's word."""

    need = NeedChoices(
        queryset=Need.objects.none(), to_field_name="key", label=_("Which need it meets"), empty_label=_("– choose –")
    )
    host = forms.ChoiceField(
        label=_("The site's host"),
        choices=HOST,
        initial=HostWord.ASKED.value,
        widget=forms.RadioSelect,
        help_text=_("Noted is that they agreed, and when; never who."),
    )
    field_order = (
        "need", "name", "becomes", "weekday", "starts", "minutes", "leads", "servers_least", "servers_most",
        "greeters_least", "greeters_most", "own_name", "own_least", "own_most", "supplies", "counted", "host", "keep",
    )  # fmt: skip

    def __init__(self, *args: Any, needs: "QuerySet[Need]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        need: Any = self.fields["need"]
        need.queryset = needs


class HostForm(forms.Form):
    """That the host agreed, or that there is nobody to ask."""

    host = forms.ChoiceField(
        label=_("The site's host"),
        choices=[choice for choice in HOST if choice[0] != HostWord.ASKED.value],
        widget=forms.RadioSelect,
        help_text=_("Noted is that they agreed, and when; never who."),
    )


class ClosingForm(forms.Form):
    """Why there is no shift this week."""

    why = forms.ChoiceField(label=_("Why"), choices=CLOSED_FOR)


class SupplyForm(forms.Form):
    """One more thing for a shift's list."""

    what = forms.CharField(label=_("One more thing"), max_length=WORDS_MOST)
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)

    def clean_what(self) -> str:
        """One line."""
        return tidy(self.cleaned_data["what"])

    def clean(self) -> dict[str, Any]:
        """Ask once whether what was found is meant to be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.findings = giveaways(cleaned.get("what", ""), pairs=False)
        if self.findings and not cleaned.get("keep"):
            question = gettext("Every member would read it. Change it, or keep it.")
            self.add_error("what", forms.ValidationError([*self.findings, question]))
        return cleaned


class CheckInForm(forms.Form):
    """How a shift went: whether it opened, who of those on it came, how many others, and what came of it."""

    opened = forms.ChoiceField(
        label=_("Did it open?"),
        choices=[("yes", _("Yes")), ("no", _("No, not this time"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    came = forms.MultipleChoiceField(
        label=_("Who came?"),
        help_text=_("After 30 days only the numbers stay."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    helped = forms.IntegerField(label=_("People helped"), required=False, min_value=0, max_value=100_000)
    given = forms.IntegerField(label=_("Things given"), required=False, min_value=0, max_value=100_000)
    cost = forms.DecimalField(
        label=_("What it cost"), required=False, min_value=0, max_digits=9, decimal_places=2, localize=True
    )

    def __init__(
        self, *args: Any, popup: Popup, roles: Sequence[ShiftRole], sign_ups: Sequence[SignUp], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of_roles = list(roles)
        came: Any = self.fields["came"]
        came.choices = [(str(one.pk), f"{one.person.handle}, {one.role}") for one in sign_ups]
        if not sign_ups:
            del self.fields["came"]
        if popup.counted:
            self.fields["given"].label = phrases.capital(popup.counted)
        for role in roles:
            self.fields[f"others_{role.pk}"] = forms.IntegerField(
                label=gettext("Others who came: %(role)s") % {"role": role},
                required=False,
                min_value=0,
                max_value=50,
            )

    def others(self) -> dict[int, int]:
        """Return for each role (by id) how many came who had no place."""
        return {role.pk: self.cleaned_data.get(f"others_{role.pk}") or 0 for role in self.of_roles}

    @property
    def others_fields(self) -> list[Any]:
        """Return the fields for the others, for the page."""
        return [self[f"others_{role.pk}"] for role in self.of_roles]


class ShiftAnswerForm(forms.Form):
    """What somebody says by the link in a message. The button that was pressed says which."""

    say = forms.RegexField(r"^(yes|no)\Z")
    version = forms.IntegerField(min_value=0, max_value=1_000_000)
