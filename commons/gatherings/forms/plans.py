"""A gathering as its host types it: by the wall clock of the neighbourhood, the agenda one item a line."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.gatherings import rules
from commons.gatherings.models import Gathering
from commons.gatherings.models.gathering import ACCESS, KINDS, OPEN_TO
from commons.gatherings.queries.kinds import proposal
from commons.gatherings.queries.words import language_choices
from commons.gatherings.rules import Plan
from commons.gatherings.states import Kind
from commons.people.forms.giveaways import giveaways

# What stands in public words, and is looked through for names and numbers before it is saved.
PUBLIC = ("title", "own_kind", "purpose", "place", "food", "agenda")


class GatheringForm(forms.Form):
    """What, when, where, and what makes it possible for people to come."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS)
    own_kind = forms.CharField(
        label=_("What you call it"), required=False, max_length=40, help_text=_("If it is none of these.")
    )
    title = forms.CharField(label=_("Title"), max_length=80)
    purpose = forms.CharField(
        label=_("What for"),
        help_text=_("One or two sentences: why somebody should come, and what they will go home with."),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    on_date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at_time = forms.TimeField(label=_("Begins"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=rules.MINUTES_LEAST, max_value=rules.MINUTES_MOST, initial=120
    )
    place = forms.CharField(
        label=_("Where, in words for everybody"),
        help_text=_("“Church hall on Mill Row”. No house number: this stands on the page behind the link, too."),
        max_length=120,
    )
    address = forms.CharField(
        label=_("Exact address, sealed"),
        help_text=_("For those who come: the door, the bell, how to get in. Guests read it a day before."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    online = forms.CharField(
        label=_("Online room, sealed"),
        help_text=_("The address of a call, or a number to dial, for those who come."),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        help_text=_("One item a line, its minutes first: “20 What we can share, in pairs”."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), required=False, widget=forms.CheckboxSelectMultiple
    )
    interpreted = forms.MultipleChoiceField(
        label=_("Interpretation into"), required=False, widget=forms.CheckboxSelectMultiple
    )
    access = forms.MultipleChoiceField(
        label=_("So that everybody can come, there is"),
        required=False,
        choices=ACCESS,
        widget=forms.CheckboxSelectMultiple,
    )
    food = forms.CharField(
        label=_("Food"), required=False, max_length=80, help_text=_("“Lentil soup, vegan and halal”. Empty: none.")
    )
    childcare = forms.BooleanField(
        label=_("There is childcare"),
        required=False,
        help_text=_("Always two adults; a child leaves only with whoever brought it."),
    )
    childcare_places = forms.IntegerField(
        label=_("Children at most"), required=False, min_value=1, max_value=200, help_text=_("Empty: as many as come.")
    )
    capacity = forms.IntegerField(
        label=_("People at most"),
        required=False,
        min_value=1,
        max_value=5000,
        help_text=_("Empty: no limit. Beyond it people wait, and are told when a seat is free."),
    )
    open_to = forms.ChoiceField(label=_("Who may come"), choices=OPEN_TO, widget=forms.RadioSelect)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)

    def __init__(self, *args: Any, zone: tzinfo, gathering: Gathering | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.findings = zone, list[str]()
        for name in ("languages", "interpreted"):
            field: Any = self.fields[name]
            field.choices = language_choices()
        if gathering is not None:
            self.initial = {**initial_of(gathering), **self.initial}

    def clean_own_kind(self) -> str:
        """Return what it is called, where it is none of the kinds that have a name."""
        said = " ".join(str(self.cleaned_data["own_kind"]).split())
        return said if self.cleaned_data.get("kind") == Kind.OWN else ""

    def clean_agenda(self) -> tuple[tuple[int, str], ...]:
        """Return the items."""
        try:
            return tuple(rules.read_agenda(self.cleaned_data["agenda"]))
        except rules.BadLine as bad:
            said = gettext("Each line begins with its minutes: “%(line)s” doesn't.") % {"line": bad.line}
            raise forms.ValidationError(said) from None

    def clean(self) -> dict[str, Any]:
        """Work out the moment, and ask once whether what was found is meant to be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("childcare"):
            cleaned["childcare_places"] = None
        if cleaned.get("on_date") and cleaned.get("at_time"):
            cleaned["starts_at"] = rules.moment(datetime.combine(cleaned["on_date"], cleaned["at_time"]), self.zone)
            if cleaned["starts_at"] is None:
                self.add_error("at_time", gettext("The clocks change then: there is no such time. Choose another."))
        for name in PUBLIC:
            self._look(name, cleaned)
        return cleaned

    def _look(self, name: str, cleaned: dict[str, Any]) -> None:
        said = cleaned.get(name) or ""
        # Minutes before a word look like a house number.
        text = said if isinstance(said, str) else "\n".join(words for _minutes, words in said)
        found = giveaways(text, pairs=False) if text else []
        self.findings += found
        if found and not cleaned.get("keep"):
            question = gettext("Whoever sees the gathering reads it. Change it, or keep it.")
            self.add_error(name, forms.ValidationError([*found, question]))

    def plan(self) -> Plan:
        """Return what was said, once it is valid."""
        said = self.cleaned_data
        taken = ("kind", "own_kind", "title", "purpose", "starts_at", "minutes", "place", "address", "online", "agenda")
        more = ("food", "childcare", "childcare_places", "capacity", "open_to")
        many = ("languages", "interpreted", "access")
        values: dict[str, Any] = {name: said[name] for name in (*taken, *more)}
        return Plan(**values | {name: tuple(said[name]) for name in many})

    def seen_at(self) -> datetime:
        """Return when what was shown had been changed last; a moment long past where nothing was said."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return datetime.fromtimestamp(0, self.zone)


def initial_of(gathering: Gathering) -> dict[str, Any]:
    """Return what stands in the form when a gathering is changed."""
    local = gathering.starts_at.astimezone(gathering.zone)
    same = (
        *("kind", "own_kind", "title", "purpose", "minutes", "place", "languages", "interpreted", "access", "food"),
        *("childcare", "childcare_places", "capacity", "open_to", "address", "online"),
    )
    return {
        **{name: getattr(gathering, name) for name in same},
        "on_date": local.date(),
        "at_time": local.time(),
        "agenda": rules.write_agenda(gathering.agenda),
        "seen": gathering.changed_at.isoformat(),
    }


def initial_for(kind: str, now: datetime, zone: tzinfo, language: str) -> dict[str, Any]:
    """Return what stands in the form of a new gathering: a week from now in the evening, and the kind's own agenda."""
    idea = proposal(kind)
    return {
        "kind": kind,
        "title": idea.title,
        "on_date": (now.astimezone(zone) + timedelta(days=7)).date(),
        "at_time": "18:30",
        "minutes": idea.minutes,
        "agenda": rules.write_agenda((minutes, str(words)) for minutes, words in idea.agenda),
        "languages": [language],
        "open_to": "members",
    }
