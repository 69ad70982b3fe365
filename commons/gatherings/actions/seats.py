"""Saying that one comes, or doesn't: members, guests by the link, and those whom a free seat calls up.

Every path locks the gathering's row first, so that its seats are counted by one at a time; the constraint
`gathering_seats_hold` stands behind it.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.gatherings import rules
from commons.gatherings.actions.refusals import refused
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.queries.page import numbers
from commons.gatherings.rules import NotNow, Party
from commons.gatherings.states import Said, State
from commons.notices.actions import outbox
from commons.notices.models import Delivery
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused

ROOM = "gatherings.room"
# More guests than this nobody greets; a machine that answers for ever ends here.
GUESTS_MOST = 500


@transaction.atomic
def come(*, by: Person, gathering: Gathering, party: Party, now: datetime) -> Coming:
    """Say as a member that one comes; said again it changes what was said. Raises `Refused` without room to grow."""
    gathering = _locked(gathering, now)
    coming = Coming.objects.filter(gathering=gathering, person=by).first()
    coming = coming or Coming(gathering=gathering, person=by, since=now)
    return _seat(gathering, coming, party, now)


@transaction.atomic
def come_as_guest(*, gathering: Gathering, key: str, party: Party, now: datetime) -> Coming:
    """Say by the public link that one comes. The same `key` is the same press: it returns what was said then."""
    gathering = _locked(gathering, now)
    guests = Coming.objects.filter(gathering=gathering, person=None)
    if (said := guests.filter(key=key).first()) is not None:
        return said
    if guests[:GUESTS_MOST].count() >= GUESTS_MOST:
        raise Refused(_("So many guests have answered that this page takes no more. Please ask the host."))
    return _seat(gathering, Coming.guest(gathering=gathering, key=key, since=now), party, now)


@transaction.atomic
def change_party(*, coming: Coming, party: Party, now: datetime) -> Coming:
    """Change what a guest said, by the guest's own link."""
    gathering = _locked(coming.gathering, now)
    return _seat(gathering, Coming.objects.get(pk=coming.pk), party, now)


@transaction.atomic
def stay_away(*, gathering: Gathering, now: datetime, by: Person | None = None, coming: Coming | None = None) -> Coming:
    """Say that one doesn't come (after all): nothing of what was said before is kept; free seats call others up."""
    gathering = _locked(gathering, now)
    if coming is not None:
        coming = Coming.objects.get(pk=coming.pk)
    else:
        found = Coming.objects.filter(gathering=gathering, person=by).first()
        coming = found or Coming(gathering=gathering, person=by, since=now)
    coming.said = Said.NO.value
    _write(coming, Party())
    coming.called_up_at = None
    coming.save()
    call_up(gathering, now)
    return coming


def _locked(gathering: Gathering, now: datetime) -> Gathering:
    gathering = Gathering.objects.select_for_update().get(pk=gathering.pk)
    why = rules.answer_refused(state=State(gathering.state), ends_at=gathering.ends_at, now=now)
    if why is not None:
        raise refused(why)
    return gathering


def _seat(gathering: Gathering, coming: Coming, party: Party, now: datetime) -> Coming:
    """Give a party what it gets: seats, or a place on the waiting list."""
    before = Said(coming.said) if coming.said else None
    said = rules.seated(
        before=before, had=coming.people, wants=party.people, capacity=gathering.capacity, taken=gathering.taken
    )
    if said is None:
        raise refused(NotNow.NO_ROOM)
    others = numbers(gathering).promised - (coming.children if before else 0)
    why = rules.children_refused(
        children=party.children, childcare=gathering.childcare, places=gathering.childcare_places, others=others
    )
    if why is not None:
        raise refused(why)
    if said is not before:
        coming.since, coming.called_up_at = now, None
    coming.said = said.value
    _write(coming, party)
    coming.save()
    call_up(gathering, now)
    return coming


def _write(coming: Coming, party: Party) -> None:
    coming.people, coming.children = party.people, party.children
    coming.needs, coming.language = list(party.needs), party.language
    coming.name, coming.note = party.name or None, party.note or None


def call_up(gathering: Gathering, now: datetime) -> None:
    """Give free seats to those who waited longest and fit, tell them, and count the seats; under the lock."""
    taken = numbers(gathering).people
    waiting = list(
        Coming.objects.filter(gathering=gathering, said=Said.WAITING.value)
        .order_by("since", "id")
        .values_list("pk", "people", "person_id")
    )
    free = None if gathering.capacity is None else gathering.capacity - taken
    called = set(rules.called_up(free=free, waiting=[(pk, people) for pk, people, _person in waiting]))
    if called:
        Coming.objects.filter(pk__in=called).update(said=Said.YES.value, since=now, called_up_at=now)
        taken += sum(people for pk, people, _person in waiting if pk in called)
    if gathering.taken != taken:
        gathering.taken = taken
        gathering.save(update_fields=["taken"])
    people = [person for pk, _people, person in waiting if pk in called and person is not None]
    if people:
        outbox.enqueue(
            subject=gathering.subject,
            kind=ROOM,
            people=people,
            urgency=Urgency.SOON,
            now=now,
            expires_at=gathering.ends_at,
            # Somebody may be called up, step back, wait and be called up again: each is a message of its own.
            round=Delivery.objects.filter(subject=gathering.subject, kind=ROOM).count() % 30000,
        )
