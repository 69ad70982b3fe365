"""The words of a call's messages: neutral, one link, in each reader's language; and whether they are still wanted."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commons.notices import kinds
from commons.notices.kinds import Words
from commons.notices.models import Channel, Delivery, Link
from commons.notices.states import DeliveryState
from commons.people.models import Absence, Person
from commons.people.rules import zone
from pods.models import Call, Invite
from pods.queries.lines import safe_line
from pods.states import LIVE, CallState, InviteState

ALERTS = ("call.alert", "call.again")
# Stands for the secret part while the rest of the address is made once for all.
TOKEN = "TOKEN"  # noqa: S105 - a mark, not a secret


class _Reader(NamedTuple):
    """Whoever reads it."""

    id: int
    language: str
    time_zone: str


class _Asked(NamedTuple):
    """Where an invite stands, and what its person said last."""

    state: str
    answer: str


class _Case(NamedTuple):
    """One delivery with what its words depend on."""

    delivery: Delivery
    person: _Reader
    call: Call
    invite: _Asked | None
    link: str
    resting: bool
    # An alert of this call was handed off, or is being handed off, to this person.
    told: bool
    being_told: bool
    line: bool


def _cases(deliveries: Sequence[Delivery], now: datetime) -> list[_Case]:
    """Gather what every delivery's words need, in a fixed number of statements.

    Plain tuples and not models: of two thousand alerts at once, making models would take most of the time.
    """
    ids = {d.person_id for d in deliveries if d.person_id is not None}
    readers = Person.objects.filter(pk__in=ids).values_list("id", "language", "time_zone")
    people = {row[0]: _Reader(*row) for row in readers}
    subjects = {d.subject for d in deliveries}
    wanted = Call.objects.filter(pk__in=[int(subject.partition(":")[2]) for subject in subjects])
    calls = {call.subject: call for call in wanted.select_related("kind").prefetch_related("needs__skill")}
    asked = Invite.objects.filter(call__in=[call.pk for call in calls.values()], person__in=ids)
    invites = {
        (call, person): _Asked(state, answer)
        for call, person, state, answer in asked.values_list("call_id", "person_id", "state", "answer")
    }
    links = Link.objects.alive(now).filter(purpose="answer", subject__in=subjects, person__in=ids).secrets()
    address = settings.SITE_URL + reverse("answer", args=[TOKEN])
    alerts = Delivery.objects.filter(
        subject__in=subjects,
        person__in=ids,
        kind__in=ALERTS,
        state__in=[DeliveryState.HANDED_OFF.value, DeliveryState.LEASED.value],
    ).values_list("subject", "person_id", "state")
    sent = set(alerts)
    lines = set(Channel.objects.filter(person__in=ids, safe_line_in_message=True).values_list("person_id", "kind"))
    rests = {
        absence.person_id
        for absence in Absence.objects.filter(person__in=ids)
        if now.astimezone(zone(people[absence.person_id].time_zone)).date() in absence.days
    }
    cases = []
    for delivery in deliveries:
        person, call = people.get(delivery.person_id or 0), calls.get(delivery.subject)
        if person is None or call is None:
            continue
        link = links.get((delivery.subject, person.id))
        cases.append(
            _Case(
                delivery,
                person,
                call,
                invites.get((call.pk, person.id)),
                address.replace(TOKEN, link) if link else "",
                person.id in rests,
                (delivery.subject, person.id, DeliveryState.HANDED_OFF.value) in sent,
                (delivery.subject, person.id, DeliveryState.LEASED.value) in sent,
                (person.id, delivery.channel) in lines,
            )
        )
    return cases


def _worded(
    deliveries: Sequence[Delivery], now: datetime, word: Callable[[_Case, datetime], Words | Exception | None]
) -> dict[int, Words | Exception | None]:
    """Return the words of each delivery, each in its reader's language; None for what fell away meanwhile."""
    words: dict[int, Words | Exception | None] = dict.fromkeys((delivery.pk for delivery in deliveries), None)
    by_language: dict[str, list[_Case]] = {}
    for case in _cases(deliveries, now):
        by_language.setdefault(case.person.language, []).append(case)
    for language, cases in by_language.items():
        with translation.override(language):
            words.update((case.delivery.pk, word(case, now)) for case in cases)
    return words


def _alert(case: _Case, now: datetime) -> Words | None:
    """Ask: only while the call still wants people and this one has not answered and does not rest."""
    waits = case.invite is not None and case.invite.state == InviteState.INVITED
    if not (waits and case.call.state in LIVE and case.link) or case.resting:
        return None
    if case.delivery.kind == "call.again":
        body = _("Someone had to withdraw. Can you help after all? Please answer, also if you can't.")
    else:
        body = _("A neighbour asks for help. Please answer, also if you can't.")
    return Words(
        title=_("Can you help?"),
        body=_drill(body) if case.call.drill else body,
        language=case.person.language,
        link=case.link,
        link_label=_("Read and answer"),
        line=_line(case, now),
    )


def _drill(body: str) -> str:
    """Mark a message as practice."""
    return _("This is a drill: %(message)s") % {"message": body}


def _line(case: _Case, now: datetime) -> str:
    """Return the safe line for those who chose to have it in the message."""
    if not case.line:
        return ""
    return safe_line(case.call, case.call.needs.all(), case.person.language, zone(case.person.time_zone), now)


class AlertUnderWay(Exception):
    """The alert is being handed off at this very moment; ask again whether there is anyone to thank."""


def _stand_down(case: _Case, _now: datetime) -> Words | Exception | None:
    """Thank: those who were reached, as long as enough are coming without them."""
    if case.call.state != CallState.COVERED or case.invite is None or case.invite.state != InviteState.STOOD_DOWN:
        return None
    if not case.told and not case.invite.answer:
        # Never alerted: nothing to stand down from, and no reason to write.
        return AlertUnderWay() if case.being_told else None
    body = _("Enough people are coming. You can stay where you are. Thank you for being there.")
    return Words(
        title=_("Thank you, enough are coming"),
        body=_drill(body) if case.call.drill else body,
        language=case.person.language,
        link=case.link,
        link_label=_("See how it stands"),
    )


def _expired(case: _Case, _now: datetime) -> Words | None:
    """Say loudly that time ran out."""
    if case.call.state != CallState.EXPIRED:
        return None
    body = _("Time ran out before enough people came. Please look now.")
    return Words(
        title=_("Not enough people came"),
        body=_drill(body) if case.call.drill else body,
        language=case.person.language,
        link=settings.SITE_URL + reverse("call", args=[case.call.ref]),
        link_label=_("Look at it"),
    )


def _cancelled(case: _Case, _now: datetime) -> Words | None:
    """Say that it was called off, to those who were reached."""
    if case.call.state != CallState.CANCELLED:
        return None
    body = _("It was called off. Nobody needs to come. Thank you for being there.")
    return Words(
        title=_("Called off"),
        body=_drill(body) if case.call.drill else body,
        language=case.person.language,
        link=case.link,
        link_label=_("See how it stands"),
    )


def _alarm(case: _Case, _now: datetime) -> Words | None:
    """Tell an organizer what the watch found."""
    body = _("The watch over alerts found something that needs a person. Please look now.")
    return Words(
        title=_("Please look after the alerts"),
        body=body,
        language=case.person.language,
        link=settings.SITE_URL + reverse("call", args=[case.call.ref]),
        link_label=_("Look at it"),
    )


COMPOSERS: dict[str, Callable[[_Case, datetime], Words | Exception | None]] = {
    "call.alert": _alert,
    "call.again": _alert,
    "call.standdown": _stand_down,
    "call.expired": _expired,
    "call.cancelled": _cancelled,
    "call.alarm": _alarm,
}


def register() -> None:
    """Tell the outbox how a call's messages are worded."""
    for kind, word in COMPOSERS.items():
        kinds.composes(kind)(lambda deliveries, now, word=word: _worded(deliveries, now, word))
