"""Listening at a place: a round begins, a team gathers, visits are written down, and at some time it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions.needs import forget_unnamed, need_named
from sites.models import Listener, ListeningRound, Need, Place, Visit, VisitNeed, VisitObserver
from sites.queries.listening import PROMPT_NAMES, rounds_of
from sites.queries.neighbourhood import local_zone
from sites.queries.stages import heard_in
from sites.rules import listening as rules
from sites.rules.listening import Refusal
from sites.states import ListenerState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

IN, ASKED, LEFT = (state.value for state in (ListenerState.IN, ListenerState.ASKED, ListenerState.LEFT))

SENTENCES: "Mapping[Refusal, StrOrPromise]" = {
    Refusal.UNDER_WAY: _("Somebody listens here already. Ask to listen along."),
    Refusal.OVER: _("This round is over. Begin another one."),
    Refusal.TEAM_FULL: _("A team is two or three, so that nobody feels watched. This one has three."),
    Refusal.IN_ALREADY: _("You asked already, or are in this team."),
    Refusal.ANSWERED: _("Somebody answered them meanwhile."),
    Refusal.NOT_IN_TEAM: _("Only the team of this round can, and you are not in it any more."),
    Refusal.TOO_LATE: _("That day is still to come."),
    Refusal.TOO_EARLY: _("This round began later than that."),
    Refusal.NOBODY_THERE: _("Say who of you was there."),
    Refusal.NOTHING_SAID: _("Write something down, or name a need."),
    Refusal.TOO_MANY_NEEDS: _("Three needs in your own words are the most for one visit."),
}
assert set(SENTENCES) == set(Refusal), "every refusal is said in words"
FIELDS = {
    Refusal.TOO_LATE: "day",
    Refusal.TOO_EARLY: "day",
    Refusal.NOBODY_THERE: "there",
    Refusal.TOO_MANY_NEEDS: "own_needs",
}


class Meanwhile(Refused):
    """Raised where somebody else wrote the same visit down first: what was typed can be added to theirs."""

    def __init__(self, visit: Visit, sentence: "StrOrPromise") -> None:
        super().__init__(sentence)
        self.visit = visit


@dataclass(frozen=True)
class Said:
    """A visit as it was typed: when, who was there, the needs, and the notes by prompt."""

    day: date
    part: str
    there: Sequence[Person]
    needs: Sequence[Need] = ()
    own_needs: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(SENTENCES[refusal], field=FIELDS.get(refusal))


@transaction.atomic
def begin(*, place: Place, by: Person, now: datetime) -> ListeningRound:
    """Begin to listen at a place; whoever begins is the first of the team. Raises `Refused` where somebody does."""
    Place.objects.select_for_update().get(pk=place.pk)
    for one in rounds_of(place).filter(ended_at=None).select_for_update(of=("self",)):
        # Where everybody of a team has left the network, nobody could let others in.
        if rules.is_open(one, now) and _team(one):
            _refuse(Refusal.UNDER_WAY)
        one.ended_at = min(now, one.closes_at)
        one.save(update_fields=["ended_at"])
    made = ListeningRound.objects.create(place=place, begun_at=now, closes_at=now + rules.ROUND)
    Listener.objects.create(round=made, person=by, state=IN, since=now)
    return made


def _locked(one: ListeningRound) -> ListeningRound:
    return ListeningRound.objects.select_for_update().get(pk=one.pk)


def _demand_in_team(one: ListeningRound, person: Person) -> None:
    # Asked again under the lock: somebody may have left, or been let go, while they were writing.
    there = Listener.objects.filter(round=one, person=person, state=IN, person__is_active=True).exists()
    _refuse(None if there else Refusal.NOT_IN_TEAM)


def _team(one: ListeningRound) -> int:
    return Listener.objects.filter(round=one, state=IN, person__is_active=True).count()


@transaction.atomic
def ask(*, one: ListeningRound, by: Person, now: datetime) -> Listener:
    """Ask to listen along; somebody of the team answers."""
    one = _locked(one)
    _refuse(rules.joining_refusal(open_=rules.is_open(one, now), team=_team(one)))
    listener, made = Listener.objects.get_or_create(round=one, person=by, defaults={"state": ASKED, "since": now})
    if not made and listener.state != LEFT:
        _refuse(Refusal.IN_ALREADY)
    listener.state, listener.since = ASKED, now
    listener.save(update_fields=["state", "since"])
    return listener


@transaction.atomic
def answer(*, listener: Listener, by: Person, yes: bool, now: datetime) -> None:
    """Take somebody who asked into the team, or not; whoever is not taken is simply no longer asking."""
    one = _locked(listener.round)
    _demand_in_team(one, by)
    found = Listener.objects.filter(pk=listener.pk, state=ASKED).first()
    if found is None:
        raise Refused(SENTENCES[Refusal.ANSWERED])
    if not yes:
        found.delete()
        return
    _refuse(rules.joining_refusal(open_=rules.is_open(one, now), team=_team(one)))
    found.state, found.since = IN, now
    found.save(update_fields=["state", "since"])


@transaction.atomic
def leave(*, one: ListeningRound, person: Person, now: datetime) -> None:
    """Leave the team, or stop asking: from now on its notes are closed to them. The last one out ends the round."""
    one = _locked(one)
    Listener.objects.filter(round=one, person=person, state=ASKED).delete()
    left = Listener.objects.filter(round=one, person=person, state=IN).update(state=LEFT, since=now)
    if left and not _team(one):
        _ended(one, now)


@transaction.atomic
def end(*, one: ListeningRound, now: datetime) -> None:
    """End a round, heard enough or not. Ended twice, it ended the first time."""
    _ended(_locked(one), now)


def _ended(one: ListeningRound, now: datetime) -> None:
    if one.ended_at is None:
        one.ended_at = min(now, one.closes_at)
        one.save(update_fields=["ended_at"])
    Listener.objects.filter(round=one, state=ASKED).delete()


@transaction.atomic
def write(*, one: ListeningRound, by: Person, said: Said, now: datetime, add: bool = False) -> Visit:
    """Write a visit down. Two of the team who write the same one down are asked to put it together, and lose nothing:
    raises `Meanwhile` with the visit that is there, unless `add` says to add to it. Raises `Refused` otherwise.
    """
    one = _writable(one, by, said, now)
    visit = Visit.objects.filter(round=one, day=said.day, part=said.part).first()
    if visit is not None and not add:
        raise Meanwhile(visit, _("Somebody of you wrote this visit down meanwhile. Add yours to it: both stay."))
    return _added(visit, said, now) if visit else _written(Visit(round=one), said, now)


@transaction.atomic
def change(*, visit: Visit, by: Person, said: Said, version: int, now: datetime, add: bool = False) -> Visit:
    """Change what was written down of a visit; `version` is the one that was read.

    Raises `Meanwhile` when somebody changed it since, or another visit stands at that time, unless `add` says to add
    what was typed to what is there.
    """
    one = _writable(visit.round, by, said, now)
    other = Visit.objects.filter(round=one, day=said.day, part=said.part).exclude(pk=visit.pk).first()
    if other is not None:
        raise Refused(_("Another visit stands at that time already. Open that one, and add to it."), field="part")
    visit = Visit.objects.get(pk=visit.pk)
    if visit.version == version:
        return _written(visit, said, now)
    if not add:
        raise Meanwhile(visit, _("Somebody of you changed this visit meanwhile. Add yours to it: both stay."))
    return _added(visit, said, now)


def _writable(one: ListeningRound, by: Person, said: Said, now: datetime) -> ListeningRound:
    one, zone = _locked(one), local_zone()
    _demand_in_team(one, by)
    _refuse(None if rules.is_open(one, now) else Refusal.OVER)
    today, begun = now.astimezone(zone).date(), one.begun_at.astimezone(zone).date()
    _refuse(rules.visit_refusal(day=said.day, begun=begun, today=today))
    _refuse(None if said.there else Refusal.NOBODY_THERE)
    _refuse(Refusal.TOO_MANY_NEEDS if len(said.own_needs) > rules.OWN_NEEDS_A_VISIT else None)
    if not (said.needs or said.own_needs or any(said.notes.values())):
        _refuse(Refusal.NOTHING_SAID)
    return one


def _added(visit: Visit, said: Said, now: datetime) -> Visit:
    """Add what was typed below what is there: nobody's words are lost."""
    notes = {name: rules.added(getattr(visit, name), said.notes.get(name, "")) for name in PROMPT_NAMES}
    there = [*Person.objects.filter(pk__in=visit.there.values("person")), *said.there]
    needs = [*Need.objects.filter(visits__visit=visit), *said.needs]
    return _written(visit, Said(visit.day, visit.part, there, needs, said.own_needs, notes), now)


def _written(visit: Visit, said: Said, now: datetime) -> Visit:
    there = {person.pk for person in said.there}
    visit.day, visit.part, visit.observers = said.day, said.part, min(len(there), 3)
    visit.version = (visit.version + 1) if visit.pk else 1
    for name in PROMPT_NAMES:
        setattr(visit, name, said.notes.get(name) or None)
    visit.save()
    visit.there.exclude(person__in=there).delete()
    VisitObserver.objects.bulk_create([VisitObserver(visit=visit, person_id=pk) for pk in there], ignore_conflicts=True)
    _name_needs(visit, {need.pk: need for need in [*said.needs, *map(need_named, said.own_needs)]})
    _settle(visit.round, now)
    return visit


def _name_needs(visit: Visit, needs: Mapping[int, Need]) -> None:
    dropped = list(Need.objects.filter(visits__visit=visit).exclude(pk__in=needs))
    visit.named.exclude(need__in=needs).delete()
    VisitNeed.objects.bulk_create([VisitNeed(visit=visit, need_id=pk) for pk in needs], ignore_conflicts=True)
    forget_unnamed(dropped)


def _settle(one: ListeningRound, now: datetime) -> None:
    """Keep that a round heard enough, or not any more: after its notes are gone nobody could tell."""
    enough = heard_in(one).enough
    if enough != (one.heard_at is not None):
        one.heard_at = now if enough else None
        one.save(update_fields=["heard_at"])
