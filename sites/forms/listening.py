"""A visit as it is typed on a phone, and an organizer's reason to start early."""

from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commons.people.forms.themes import ThemesNotNames
from commons.people.models import Person
from sites.models import ListeningRound, Visit
from sites.models.listening import PARTS
from sites.models.needs import BUILT_IN_NEEDS
from sites.queries.listening import PROMPTS
from sites.queries.needs import needs_at, vocabulary
from sites.rules.listening import NOTE_LONGEST, REASON_SHORTEST, part_of
from sites.rules.words import tidy

# As many needs as are offered at a glance; the others stand behind a heading.
AT_HAND = 6


class VisitForm(ThemesNotNames):
    """When, who of the team was there, what people need, and a note for each prompt; none of them has to be filled."""

    watched = ("own_needs", *(name for name, _label, _asks in PROMPTS))

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    part = forms.ChoiceField(label=_("Part of the day"), choices=PARTS)
    there = forms.MultipleChoiceField(label=_("Who of you was there?"), widget=forms.CheckboxSelectMultiple)
    needs = forms.MultipleChoiceField(label=_("What do people need?"), required=False)
    own_needs = forms.CharField(
        label=_("Another need, in a few words"),
        required=False,
        max_length=120,
        help_text=_("Several apart by commas. Everybody can choose them from then on."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    add = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, of: ListeningRound, team: list[Person], person: Person, now: datetime, zone: tzinfo,
        visit: Visit | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        local = now.astimezone(zone)
        first: dict[str, Any] = {"day": local.date(), "part": part_of(local.hour).value, "there": [person.ref]}
        kwargs["initial"] = _initial(visit) if visit else first
        super().__init__(*args, **kwargs)
        self.known_needs = {need.key: need for need in vocabulary()}
        self.known_people = {one.ref: one for one in team}
        before = [one.need.key for one in needs_at(of.place)]
        usual = [key for key in BUILT_IN_NEEDS if key not in before]
        self.at_hand = [*before, *usual][: max(AT_HAND, len(before))]
        there: Any = self.fields["there"]
        there.choices = [(one.ref, one.handle) for one in team]
        needs: Any = self.fields["needs"]
        needs.choices = [(key, need.name) for key, need in self.known_needs.items()]
        self.fields["day"].widget.attrs["max"] = local.date().isoformat()
        for name, label, asks in PROMPTS:
            self.fields[name] = forms.CharField(
                label=label,
                help_text=asks,
                required=False,
                max_length=NOTE_LONGEST,
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
                initial=getattr(visit, name, None) or "",
            )

    def need_choices(self) -> tuple[list[tuple[str, str, bool]], list[tuple[str, str, bool]]]:
        """Return the needs at hand and the others: key, name, whether it is chosen."""
        chosen = set(self["needs"].value() or ())
        # What was named here stands first; what is chosen is always in sight.
        near = [key for key in self.at_hand if key in self.known_needs]
        near += [key for key in self.known_needs if key in chosen and key not in near]
        far = [key for key in self.known_needs if key not in near]
        near_, far_ = ([(key, self.known_needs[key].name, key in chosen) for key in some] for some in (near, far))
        return near_, far_

    def prompts(self) -> list[forms.BoundField]:
        """Return the six prompts as fields."""
        return [self[name] for name, _label, _asks in PROMPTS]

    def clean_own_needs(self) -> str:
        """Return the words on one line."""
        return tidy(self.cleaned_data["own_needs"])

    def said(self) -> dict[str, Any]:
        """Return the visit that was typed, as `Said` takes it."""
        clean = self.cleaned_data
        own = [word for part in clean["own_needs"].split(",") if (word := tidy(part)[:60])]
        return {
            "day": clean["day"],
            "part": clean["part"],
            "there": [self.known_people[ref] for ref in clean["there"]],
            "needs": [self.known_needs[key] for key in clean["needs"]],
            "own_needs": own,
            "notes": {name: clean[name].strip() for name, _label, _asks in PROMPTS},
        }


def _initial(visit: Visit) -> dict[str, Any]:
    return {
        "day": visit.day,
        "part": visit.part,
        "there": [one.person.ref for one in visit.there.select_related("person")],
        "needs": [one.need.key for one in visit.named.select_related("need")],
        "version": visit.version,
    }


class OverrideForm(ThemesNotNames):
    """Why a pop-up may start before listening is done."""

    watched = ("reason",)
    question = _("Every member reads the reason. Change it, or keep it as it is.")

    reason = forms.CharField(
        label=_("Why can't it wait?"),
        help_text=_("Every member reads it beside the place, until you take it back."),
        min_length=REASON_SHORTEST,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
