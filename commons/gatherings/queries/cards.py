"""What waits for a person on Today about gatherings: what begins soon, was moved, called off, or is to be recorded."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from commons.gatherings import rules
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.queries import words
from commons.gatherings.queries.lists import with_answers
from commons.gatherings.states import UNRECORDED, Said, State
from commons.web.today import SOMETIME, SOON, TODAY, Card

AT_MOST = 6
NEAR = timedelta(hours=36)
# So long ahead is somebody asked who has not answered; once, for one gathering, and never after a no.
ASK_AHEAD = timedelta(days=14)
NEWS_FOR = timedelta(days=7)
WRITE_DOWN_FOR = timedelta(days=4)


def cards(person: Any, now: datetime) -> Iterable[Card]:
    """Return the cards about gatherings; one query."""
    called = Coming.objects.filter(gathering=OuterRef("pk"), person=person).values("called_up_at")[:1]
    rows = with_answers(Gathering.objects.all(), person).annotate(called=Subquery(called))
    coming = Q(mine__in=[Said.YES.value, Said.WAITING.value]) & Q(ends_at__gt=now)
    near = Q(starts_at__lt=now + NEAR) | Q(moved_at__gt=now - NEWS_FOR) | Q(cancelled_at__gt=now - NEWS_FOR)
    asks = Q(mine=None, state=State.PLANNED.value, starts_at__gt=now, starts_at__lt=now + ASK_AHEAD) & ~Q(host=person)
    holds = Q(host=person, state=State.PLANNED.value, ends_at__gt=now, starts_at__lt=now + NEAR)
    record = Q(host=person, state=State.PLANNED.value, recorded_at=None, ends_at__lte=now) & Q(
        ends_at__gt=now - WRITE_DOWN_FOR
    )
    found = rows.filter((coming & (near | Q(called__gt=now - NEWS_FOR))) | asks | holds | record)
    found = found.defer("address", "online", "outcome", "notes", "agenda", "purpose")
    asked = False
    # Those that somebody is only asked about come last, whenever they are.
    for gathering in found.order_by(F("mine").asc(nulls_last=True), "starts_at", "id")[:AT_MOST]:
        row: Any = gathering
        is_question = row.mine is None and row.host_id != person.pk
        if not (is_question and asked):
            yield from _card(row, person, now)
        asked = asked or is_question


def _card(gathering: Any, person: Any, now: datetime) -> Iterator[Card]:
    when = gettext("%(day)s, %(span)s. %(place)s") % {
        "day": words.short_day(gathering.starts_at, gathering.zone),
        "span": words.span(gathering),
        "place": gathering.place,
    }
    title, urgency, action = gathering.title, SOON, gettext("See the gathering")
    url = reverse("gathering", args=[gathering.ref])
    if gathering.state == State.CANCELLED:
        title = gettext("Called off: %(title)s") % {"title": title}
    elif gathering.ends_at <= now:
        if gathering.kind in UNRECORDED:
            return
        title = gettext("How was “%(title)s”?") % {"title": title}
        when = gettext("How many came, and what came of it: two minutes while it is fresh.")
        urgency, action = SOMETIME, gettext("Write it down")
        url = reverse("gathering_after", args=[gathering.ref])
    elif gathering.mine is None and gathering.host_id != person.pk:
        urgency, action = SOMETIME, gettext("See whether you come")
    elif gathering.mine == Said.YES and gathering.called is not None and gathering.called > now - NEWS_FOR:
        title = gettext("There is room for you: %(title)s") % {"title": title}
    elif gathering.moved_at is not None and gathering.moved_at > now - NEWS_FOR:
        title = gettext("Changed: %(title)s") % {"title": title}
    if gathering.state == State.PLANNED and now < gathering.ends_at and gathering.starts_at < now + rules.REMIND_BEFORE:
        urgency = TODAY if gathering.mine == Said.YES or gathering.host_id == person.pk else urgency
    yield Card(urgency, gathering.kind_words, title, when, url, action)
