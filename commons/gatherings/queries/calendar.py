"""Gatherings as calendar files (RFC 5545): one of them, or all of a person's.

A calendar is read by whoever runs it and by whoever holds the telephone (security.md T4, T10), and keeps what it was
told: so an entry says no more than when, unless its reader chose full words; and the exact address stands in none.
Times are instants in UTC, which every calendar shows by its own clock; an event keeps its UID for ever and counts its
changes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Calendar, Event

from commons import tokens
from commons.gatherings.models import Feed, Gathering
from commons.gatherings.queries.lists import with_answers
from commons.gatherings.states import Said, State

CONTENT_TYPE = "text/calendar; charset=utf-8"
# What is over stays this long in a feed, and so many at most stand in it.
LOOK_BACK = timedelta(days=30)
AT_MOST = 200
ASK_AGAIN = timedelta(hours=6)


def feed_with(token: str) -> Feed | None:
    """Return the feed that this token opens, of somebody who is here, or None."""
    found = Feed.objects.filter(digest=tokens.digest(token), person__is_active=True, person__unproven_since=None)
    return found.select_related("person").first()


def feed_of(person: Any) -> Feed | None:
    """Return this person's feed, or None."""
    return Feed.objects.filter(person=person).first()


def of_person(person: Any, now: datetime) -> list[Gathering]:
    """Return the gatherings that stand in a person's calendar: they hold them, come, or wait; called off ones too."""
    said = [Said.YES.value, Said.WAITING.value]
    rows = with_answers(Gathering.objects.filter(ends_at__gt=now - LOOK_BACK), person)
    rows = rows.filter(Q(host=person) | Q(mine__in=said)).defer("address", "online", "outcome", "notes", "agenda")
    return list(rows.order_by("starts_at", "id")[:AT_MOST])


def file(gatherings: Iterable[Gathering], *, full: bool, link: str = "") -> bytes:
    """Return a calendar with these gatherings, in the language that is spoken now.

    `link` is the address of a guest's page; members' entries in full words lead to the gathering's own.
    """
    calendar = Calendar()
    # No name of ours: a calendar's keeper need not know what kind of program this came from.
    calendar.add("prodid", "-//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Gatherings") if full else gettext("Appointments"))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for gathering in gatherings:
        calendar.add_component(_event(gathering, full, link))
    content: bytes = calendar.to_ical()
    return content


def _event(gathering: Gathering, full: bool, link: str) -> Event:
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"gathering:{gathering.ref}")))
    event.add("dtstamp", gathering.changed_at.astimezone(UTC))
    event.add("last-modified", gathering.changed_at.astimezone(UTC))
    event.add("dtstart", gathering.starts_at.astimezone(UTC))
    event.add("dtend", gathering.ends_at.astimezone(UTC))
    event.add("sequence", gathering.sequence)
    event.add("class", "PRIVATE")
    cancelled = gathering.state == State.CANCELLED
    waits = getattr(gathering, "mine", None) == Said.WAITING
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if waits else "CONFIRMED")
    title = gathering.title if full else gettext("Appointment")
    event.add("summary", gettext("Called off: %(title)s") % {"title": title} if cancelled else title)
    if full:
        event.add("location", gathering.place)
        event.add("description", "\n".join(filter(None, (gathering.kind_words, gathering.purpose))))
        event.add("url", link or settings.SITE_URL + reverse("gathering", args=[gathering.ref]))
    return event
