"""Raising a call and answering one: what people type, made into clean values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commons.people.forms.giveaways import giveaways
from pods.models import Call, CallKind
from pods.queries import phrases
from pods.queries.lines import Need
from pods.states import Answer
from sites.models import Block, Skill

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANYONE = "anyone"
TONIGHT, MORNING, AT_HAND = time(19), time(9), timedelta(minutes=30)
ROWS, ROWS_AT_MOST = 3, 8


class KindChoices(forms.ModelChoiceField[CallKind]):
    """Kinds by their public key."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the reader calls this kind."""
        return phrases.capital(obj.name)


@dataclass(frozen=True)
class Moments:
    """The times that a tired person would choose, in the neighbourhood's zone."""

    now: datetime
    zone: tzinfo

    def at(self, name: str) -> datetime | None:
        """Return the moment that a choice stands for; None for one that has passed, or is typed."""
        local = self.now.astimezone(self.zone)
        tonight = datetime.combine(local.date(), TONIGHT, self.zone)
        return {
            "now": self.now,
            "hour": self.now + timedelta(hours=1),
            "tonight": tonight if tonight - self.now >= AT_HAND else None,
            "tomorrow": datetime.combine(local.date() + timedelta(days=1), MORNING, self.zone),
        }.get(name)

    def choices(self) -> list[tuple[str, str]]:
        """Return the choices that can still be made, each with its time."""
        labels: dict[str, StrOrPromise] = {
            "now": _("Now"),
            "hour": _("In an hour, %(time)s"),
            "tonight": _("Tonight, %(time)s"),
            "tomorrow": _("Tomorrow morning, %(time)s"),
        }
        with timezone.override(self.zone):
            said = [
                (name, str(label) % {"time": phrases.time_of(moment)})
                for name, label in labels.items()
                if (moment := self.at(name)) is not None
            ]
        return [*said, ("at", gettext("Another time"))]


class CallForm(forms.Form):
    """A call as it is raised; whoever reads it has seconds, and so has whoever types it."""

    kind = KindChoices(
        queryset=CallKind.objects.none(), to_field_name="key", empty_label=None, label=_("What is it?"),
        widget=forms.RadioSelect,
    )  # fmt: skip
    cross_street = forms.CharField(
        label=_("Where do people meet?"),
        help_text=_("A cross-street, no house number: everyone who is asked reads it."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Franklin & 4th"}),
    )
    keep = forms.BooleanField(label=_("Keep it as it is"), required=False)
    block = forms.ModelChoiceField(queryset=Block.objects.all(), label=_("Which block is that?"), empty_label=None)
    when = forms.ChoiceField(label=_("When are people needed?"), widget=forms.RadioSelect, initial="now")
    on_date = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at_time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    details = forms.CharField(
        label=_("Details, sealed"),
        help_text=_("Only those who come will read this: the address, names, what to bring, whom to ask for."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    coming = forms.BooleanField(
        label=_("I'm coming myself"),
        help_text=_("You count at once. Otherwise you may be asked like everyone else."),
        required=False,
    )
    key = forms.CharField(max_length=40, min_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Any, moments: Moments, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moments = moments
        self.findings: list[str] = []
        kind: Any = self.fields["kind"]
        kind.queryset = kinds
        when: Any = self.fields["when"]
        when.choices = moments.choices()

    def clean_cross_street(self) -> str:
        """Return the street on one line, having looked for what it gives away."""
        street = " ".join(str(self.cleaned_data["cross_street"]).split())
        self.findings = giveaways(street, pairs=False)
        return street

    def clean(self) -> dict[str, Any]:
        """Work out the moment, and ask once whether what was found is meant to be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.findings and not cleaned.get("keep"):
            question = gettext("Everyone who is asked would read it. Change it, or keep it.")
            self.add_error("cross_street", forms.ValidationError([*self.findings, question]))
        if cleaned.get("when"):
            cleaned["needed_at"] = self._moment(cleaned)
        return cleaned

    def _moment(self, cleaned: dict[str, Any]) -> datetime | None:
        if cleaned["when"] != "at":
            return self.moments.at(cleaned["when"])
        day, hour = cleaned.get("on_date"), cleaned.get("at_time")
        if day is None or hour is None:
            if not {"on_date", "at_time"} & set(self.errors):
                self.add_error("on_date" if day is None else "at_time", gettext("Say the day and the time."))
            return None
        moment = datetime.combine(day, hour, self.moments.zone)
        back = moment.astimezone(timezone.get_fixed_timezone(0)).astimezone(self.moments.zone)
        if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
            # The clocks go forward over it.
            self.add_error("at_time", gettext("The clocks change that night: there is no such time. Choose another."))
            return None
        return moment


class NeedForm(forms.Form):
    """One row of who is needed; an empty one asks for nobody."""

    skill = forms.ChoiceField(label=_("Who"), required=False)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=40, initial=1, required=False)

    def __init__(self, *args: Any, skills: Sequence[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {skill.key: skill for skill in skills}
        choice: Any = self.fields["skill"]
        choice.choices = skill_choices(skills)

    def need(self) -> Need | None:
        """Return what this row asks for, or None."""
        said = getattr(self, "cleaned_data", {}).get("skill")
        if not said:
            return None
        return Need(None if said == ANYONE else self.known[said], self.cleaned_data.get("count") or 1)


def skill_choices(skills: Iterable[Skill]) -> list[tuple[str, str]]:
    """Return what a row can ask for: nobody, anyone, or people with a skill."""
    named = sorted(((skill.key, phrases.capital(skill.name)) for skill in skills), key=lambda one: one[1].casefold())
    return [("", "–"), (ANYONE, gettext("Anyone who can come")), *named]


class NeedRows(forms.BaseFormSet[NeedForm]):
    """The rows together: at least one person, each skill once."""

    def clean(self) -> None:
        """Refuse a call that asks for nobody."""
        if any(self.errors):
            return
        if not self.needs():
            raise forms.ValidationError(gettext("Say who is needed: at least one person."))

    def needs(self) -> list[Need]:
        """Return who is asked for; a skill that stands in two rows is one need."""
        together: dict[str, Need] = {}
        for row in self.forms:
            if row.is_valid() and (need := row.need()):
                name = need.skill.key if need.skill else ANYONE
                before = together[name].count if name in together else 0
                together[name] = Need(need.skill, min(40, before + need.count))
        return list(together.values())


NeedFormSet = forms.formset_factory(
    NeedForm, formset=NeedRows, extra=ROWS, max_num=ROWS_AT_MOST, validate_max=True, absolute_max=ROWS_AT_MOST
)


class AddNeedForm(NeedForm):
    """One more need of a call that is out."""

    def clean_skill(self) -> str:
        """Refuse the empty row: here it is what the form is for."""
        said = str(self.cleaned_data["skill"])
        if not said:
            raise forms.ValidationError(gettext("Say who is needed: at least one person."))
        return said


IN_TIME = "in_time"
MINUTES = (5, 10, 20, 30, 45, 60, 90)
FAR_OFF = timedelta(minutes=100)


def minutes_choices(call: Call, now: datetime, said: int | None = None) -> list[tuple[str, str, bool]]:
    """Return when somebody can be there: value, words, whether it is chosen at first."""
    in_time = call.needed_at > now
    first = said if said in MINUTES else 20
    far_off = call.needed_at - now > FAR_OFF
    choices = [
        (str(minutes), gettext("in %(time)s") % {"time": phrases.lasting(minutes)}, minutes == first and not far_off)
        for minutes in MINUTES
    ]
    if in_time:
        words = gettext("in time, by %(time)s") % {"time": phrases.time_or_day(call.needed_at, now)}
        choices.insert(0, (IN_TIME, words, far_off))
    return choices


MORE = "more"


class AnswerForm(forms.Form):
    """An answer. The button that was pressed says which: a form sent by a script, without one, says nothing."""

    # Patterns, not choices: nothing of it is ever shown, and lists of choices are copied for each who answers.
    say = forms.RegexField("^(" + "|".join([*Answer, MORE]) + r")\Z")
    minutes = forms.RegexField("^(" + "|".join([IN_TIME, *map(str, MINUTES)]) + r")\Z", required=False)
    key = forms.RegexField(r"^[\w-]{16,40}$")

    def answer(self) -> Answer | None:
        """Return the answer, or None where more people are asked for."""
        said = self.cleaned_data["say"]
        return None if said == MORE else Answer(said)

    def minutes_at(self, needed_at: datetime, now: datetime) -> int | None:
        """Return the minutes until they arrive, for those who come; `needed_at` is what "in time" means."""
        if self.answer() is not Answer.COMING:
            return None
        said = self.cleaned_data["minutes"] or "20"
        if said == IN_TIME:
            return max(0, -int((now - needed_at).total_seconds() // 60))
        return int(said)
