"""The words of messages about shifts: neutral, one link, in each reader's language; and whether they are still wanted.

No message says what it is about, where, with whom: that stands behind the link.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext

from commons import tokens
from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.web.language import speaking_to
from sites.queries.shift_links import PURPOSE
from sites.states import HOLDING, AskState, ShiftState, SignUpState


class Case(NamedTuple):
    """One delivery with what its words depend on; it reads like a person, for `speaking_to`."""

    delivery: int
    person: int
    language: str
    time_zone: str
    shift: str
    starts_at: datetime
    sign_up: str | None
    asked: str | None
    nonce: str | None
    digest: str | None
    subject: str
    # The question was handed off, or is being handed off, to this person.
    told: bool
    being_told: bool
    brings: bool
    alone: bool
    ref: str


CASES = """
SELECT w.id, p.id, p.language, p.time_zone, s.state, s.starts_at, u.state, a.state, l.nonce, l.digest, w.subject,
    EXISTS (SELECT 1 FROM notices_delivery d WHERE d.subject = w.subject AND d.person_id = p.id
        AND d.kind = 'shift.standin' AND d.state = 'handed_off'),
    EXISTS (SELECT 1 FROM notices_delivery d WHERE d.subject = w.subject AND d.person_id = p.id
        AND d.kind = 'shift.standin' AND d.state = 'leased'),
    EXISTS (SELECT 1 FROM casserole_sites_supply y WHERE y.shift_id = s.id AND y.person_id = p.id),
    s.alone_at IS NOT NULL, s.ref
FROM unnest(%(deliveries)s::bigint[]) AS claimed (id)
JOIN notices_delivery w ON w.id = claimed.id
JOIN people_person p ON p.id = w.person_id AND p.is_active
JOIN casserole_sites_shift s ON s.id = split_part(w.subject, ':', 2)::bigint
LEFT JOIN casserole_sites_signup u ON u.shift_id = s.id AND u.person_id = p.id
LEFT JOIN casserole_sites_standinask a ON a.shift_id = s.id AND a.person_id = p.id
LEFT JOIN LATERAL (
    SELECT nonce, digest FROM notices_link
    WHERE purpose = %(purpose)s AND subject = w.subject AND person_id = w.person_id
        AND expires_at > %(now)s AND revoked_at IS NULL LIMIT 1) l ON true
"""


def _cases(deliveries: Sequence[Claimed], now: datetime) -> list[Case]:
    with connection.cursor() as cursor:
        ids = "{" + ",".join(str(one.pk) for one in deliveries) + "}"
        cursor.execute(CASES, {"deliveries": ids, "now": now, "purpose": PURPOSE})
        return [Case(*row) for row in cursor.fetchall()]


def _worded(
    deliveries: Sequence[Claimed], now: datetime, word: Callable[[Case, datetime], Words | Exception | None]
) -> dict[int, Words | Exception | None]:
    """Return the words of each delivery in its reader's language; None for what fell away meanwhile."""
    words: dict[int, Words | Exception | None] = dict.fromkeys((one.pk for one in deliveries), None)
    for case in _cases(deliveries, now):
        with speaking_to(case):
            words[case.delivery] = word(case, now)
    return words


def _link(case: Case) -> str:
    if case.nonce is None:
        return ""
    token = tokens.make(PURPOSE, case.nonce, case.subject, case.person, known=case.digest or "")
    address: str = settings.SITE_URL + reverse("shift_answer", args=[token])
    return address


def _reminder(case: Case, now: datetime) -> Words | None:
    """Ask whether it still holds, as long as that is not said and the shift has not begun."""
    link = _link(case)
    waited_for = case.sign_up in (SignUpState.HELD, SignUpState.MOVED)
    if case.shift != ShiftState.COMING or not waited_for or case.starts_at <= now or not link:
        return None
    return Words(
        title=gettext("Does it still hold?"),
        body=gettext("You put your name down for something soon. Please say whether you can be there, or can't."),
        language=case.language,
        link=link,
        link_label=gettext("Read and answer"),
    )


def _stand_in(case: Case, now: datetime) -> Words | None:
    """Ask whether somebody can stand in, as long as a place is free and they have not answered."""
    link = _link(case)
    if case.shift != ShiftState.COMING or case.asked != AskState.ASKED or case.starts_at <= now or not link:
        return None
    return Words(
        title=gettext("Can you stand in?"),
        body=gettext("A place is free soon where you could help. Have a look; if you can't, nothing else is asked."),
        language=case.language,
        link=link,
        link_label=gettext("Read and answer"),
    )


class QuestionUnderWay(Exception):
    """The question is being handed off at this very moment; ask again whether there is anyone to thank."""


def _thanks(case: Case, _now: datetime) -> Words | Exception | None:
    """Thank whom the question reached, as long as nobody is missing."""
    if case.asked != AskState.THANKED:
        return None
    if not case.told:
        return QuestionUnderWay() if case.being_told else None
    return Words(
        title=gettext("Thank you, somebody stands in"),
        body=gettext("The place is taken. There is nothing for you to do. Thank you for being there."),
        language=case.language,
        link=_link(case),
        link_label=gettext("See how it stands"),
    )


def _called_off(case: Case, now: datetime) -> Words | None:
    """Say to those who have a place, or bring something, that there is none this week."""
    off = case.shift == ShiftState.CLOSED or (case.shift == ShiftState.MISSED and now < case.starts_at)
    if not off or not (case.sign_up in HOLDING or case.brings):
        return None
    return Words(
        title=gettext("Off this week"),
        body=gettext("Something that you put your name down for is off this week. Sign in to see what it is."),
        language=case.language,
        link=settings.SITE_URL + reverse("today"),
        link_label=gettext("Look at it"),
    )


def _moved(case: Case, now: datetime) -> Words | None:
    """Ask who had a place whether they can come where and when it is now, as long as they have not said so."""
    if case.shift != ShiftState.COMING or case.starts_at <= now:
        return None
    title = gettext("Something has changed")
    link = _link(case)
    if case.sign_up == SignUpState.MOVED and link:
        return Words(
            title=title,
            body=gettext(
                "Something that you put your name down for is at another time or place now, or on after all. Please "
                "say whether you can be there, or can't. Your place is kept."
            ),
            language=case.language,
            link=link,
            link_label=gettext("Read and answer"),
        )
    if not case.brings or case.sign_up in HOLDING:
        return None
    return Words(
        title=title,
        body=gettext(
            "Something that you said you bring a thing to is at another time or place now, or on after all. Sign in to "
            "see when and where, or to let others bring it."
        ),
        language=case.language,
        link=settings.SITE_URL + reverse("shift", args=[case.ref]),
        link_label=gettext("Look at it"),
    )


def _alone(case: Case, now: datetime) -> Words | None:
    """Tell whoever leads that somebody is missing and nobody is left to ask, as long as it is so."""
    if case.shift != ShiftState.COMING or not case.alone or case.starts_at <= now:
        return None
    return Words(
        title=gettext("Somebody is still missing"),
        body=gettext(
            "Something that you look after begins soon, a place in it is free, and nobody is left to ask. It is "
            "nobody's fault, and there are a few things that you can do: have a look."
        ),
        language=case.language,
        link=settings.SITE_URL + reverse("shift", args=[case.ref]),
        link_label=gettext("See what you can do"),
    )


COMPOSERS: dict[str, Callable[[Case, datetime], Words | Exception | None]] = {
    "shift.reminder": _reminder,
    "shift.standin": _stand_in,
    "shift.thanks": _thanks,
    "shift.closed": _called_off,
    "shift.moved": _moved,
    "shift.alone": _alone,
}


def register() -> None:
    """Tell the outbox how messages about shifts are worded."""
    for kind, word in COMPOSERS.items():
        composer: Any = partial(_worded, word=word)
        kinds.composes(kind)(composer)
