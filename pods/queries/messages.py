"""The words of a call's messages: neutral, one link, in each reader's language; and whether they are still wanted."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from commons import tokens
from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.people.models import Absence, Person
from commons.people.rules import zone
from pods.models import Call
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


class _Now(NamedTuple):
    """A call as it stands at this moment."""

    id: int
    ref: str
    state: str
    drill: bool


class _Asked(NamedTuple):
    """Where an invite stands, and what its person said last."""

    state: str
    answer: str


class _Case(NamedTuple):
    """One delivery with what its words depend on."""

    delivery: Claimed
    person: _Reader
    call: _Now
    invite: _Asked | None
    link: str
    resting: bool
    # An alert of this call was handed off, or is being handed off, to this person.
    told: bool
    being_told: bool
    # The safe line, for those who chose to have it in the message.
    line: str


# One statement and plain tuples: of two thousand alerts at once, making models would take most of the time.
# "Near a rest" means within a day of one, in whatever zone: for those few it is then asked to the day.
# Whether an alert went out is asked for thanks and the like alone: for an alert it would cost as much as the rest.
# A list that is joined and rows that are fetched one by one: on a night when the tables have just grown, what
# PostgreSQL knows of them is old, and it would compare each id with each row, for 140 ms instead of 4.
CASES = """
SELECT w.id, p.id, p.language, p.time_zone, c.id, c.ref, c.state, c.drill, i.state, i.answer, l.nonce, l.digest,
    EXISTS (SELECT 1 FROM people_absence a WHERE a.person_id = p.id AND a.days && %(near)s::daterange),
    CASE WHEN %(after)s THEN EXISTS (
        SELECT 1 FROM notices_delivery s WHERE s.subject = w.subject AND s.person_id = p.id
        AND s.kind = ANY(%(alerts)s) AND s.state = 'handed_off') ELSE false END,
    CASE WHEN %(after)s THEN EXISTS (
        SELECT 1 FROM notices_delivery s WHERE s.subject = w.subject AND s.person_id = p.id
        AND s.kind = ANY(%(alerts)s) AND s.state = 'leased') ELSE false END,
    EXISTS (SELECT 1 FROM notices_channel h WHERE h.person_id = p.id AND h.kind = w.channel AND h.safe_line_in_message)
FROM unnest(%(deliveries)s::bigint[]) AS claimed (id)
JOIN notices_delivery w ON w.id = claimed.id
JOIN people_person p ON p.id = w.person_id
JOIN pods_call c ON c.id = split_part(w.subject, ':', 2)::bigint
LEFT JOIN LATERAL (
    SELECT state, answer FROM pods_invite WHERE call_id = c.id AND person_id = w.person_id LIMIT 1) i ON true
LEFT JOIN LATERAL (
    SELECT nonce, digest FROM notices_link
    WHERE purpose = 'answer' AND subject = w.subject AND person_id = w.person_id
        AND expires_at > %(now)s AND revoked_at IS NULL LIMIT 1) l ON true
"""


def _cases(deliveries: Sequence[Claimed], now: datetime) -> list[_Case]:
    """Gather what every delivery's words need, in a fixed number of statements."""
    by_id = {delivery.pk: delivery for delivery in deliveries if delivery.person_id is not None}
    rows = _rows(list(by_id.values()), now)
    resting = _resting([_Reader(*row[1:4]) for row in rows if row[12]], now)
    lines = _lines([(row[0], row[4], _Reader(*row[1:4])) for row in rows if row[15]], now)
    before, _token, after = (settings.SITE_URL + reverse("answer", args=[TOKEN])).partition(TOKEN)
    keys = tokens.keys()
    cases = []
    for row in rows:
        delivery, person, call = by_id[row[0]], _Reader(*row[1:4]), _Now(*row[4:8])
        asked, answer, nonce, digest, _near_a_rest, told, being_told, _line = row[8:]
        link = ""
        if nonce is not None:
            token = tokens.make("answer", nonce, delivery.subject, person.id, known=digest, made_from=keys)
            link = before + token + after
        cases.append(
            _Case(
                delivery,
                person,
                call,
                None if asked is None else _Asked(asked, answer),
                link,
                person.id in resting,
                told,
                being_told,
                lines.get(delivery.pk, ""),
            )
        )
    return cases


def _rows(deliveries: Sequence[Claimed], now: datetime) -> list[tuple[Any, ...]]:
    """Return what the database knows of each delivery's call and person."""
    day = timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(
            CASES,
            {
                "deliveries": "{" + ",".join([str(delivery.pk) for delivery in deliveries]) + "}",
                "after": any(delivery.kind not in ALERTS for delivery in deliveries),
                "alerts": list(ALERTS),
                "now": now,
                "near": f"[{(now - day).date()},{(now + day).date()}]",
            },
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _lines(chose: Sequence[tuple[int, int, _Reader]], now: datetime) -> dict[int, str]:
    """Return the safe line by delivery, for these (delivery, call, reader): each in the reader's language and zone."""
    if not chose:
        return {}
    wanted = Call.objects.filter(pk__in={call for _delivery, call, _reader in chose})
    calls = {call.pk: call for call in wanted.select_related("kind").prefetch_related("needs__skill")}
    return {
        delivery: safe_line(calls[call], calls[call].needs.all(), reader.language, zone(reader.time_zone), now)
        for delivery, call, reader in chose
    }


def _resting(readers: Sequence[_Reader], now: datetime) -> set[int]:
    """Return those of these readers who rest on this day of theirs."""
    if not readers:
        return set()
    zones = {reader.id: zone(reader.time_zone) for reader in readers}
    rests = Absence.objects.filter(person__in=list(zones))
    return {rest.person_id for rest in rests if now.astimezone(zones[rest.person_id]).date() in rest.days}


def _worded(
    deliveries: Sequence[Claimed], now: datetime, word: Callable[[_Case, datetime], Words | Exception | None]
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
    title, body, label = _asking(case.person.language, case.delivery.kind == "call.again", case.call.drill)
    return Words(title, body, case.person.language, case.link, label, case.line)


@lru_cache(maxsize=256)
def _asking(_language: str, again: bool, drill: bool) -> tuple[str, str, str]:
    """Return title, body and the link's label of an alert in the language that is spoken now, which is this one."""
    if again:
        body = _("Someone had to withdraw. Can you help after all? Please answer, also if you can't.")
    else:
        body = _("A neighbour asks for help. Please answer, also if you can't.")
    return _("Can you help?"), _drill(body) if drill else body, _("Read and answer")


def _drill(body: str) -> str:
    """Mark a message as practice."""
    return _("This is a drill: %(message)s") % {"message": body}


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


def _cancelled(case: _Case, _now: datetime) -> Words | Exception | None:
    """Say that it was called off, to those who were reached."""
    if case.call.state != CallState.CANCELLED or case.invite is None:
        return None
    if not case.told and not case.invite.answer:
        # Their alert was held by a worker when it was called off, and may still go out, or not.
        return AlertUnderWay() if case.being_told else None
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


def _watch(deliveries: Sequence[Claimed], _now: datetime) -> dict[int, Words | Exception | None]:
    """Tell organizers that a part of the server has stopped; the page of pods says it in red as well."""
    spoken = dict(Person.objects.filter(pk__in=[d.person_id for d in deliveries]).values_list("pk", "language"))
    words: dict[int, Words | Exception | None] = {}
    for delivery in deliveries:
        language = spoken.get(delivery.person_id or 0, "en")
        with translation.override(language):
            words[delivery.pk] = Words(
                title=_("Please look after the alerts"),
                body=_("A part of this server gives no sign of life. Please ask whoever keeps it to look now."),
                language=language,
                link=settings.SITE_URL + reverse("today"),
                link_label=_("Look at it"),
            )
    return words


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
        kinds.composes(kind)(partial(_worded, word=word))
    kinds.composes("watch.alarm")(_watch)
