"""What waits for whoever listens at a place: a visit that is due, somebody who would like to listen along."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commons.web import today
from sites.queries.listening import waiting_for
from sites.queries.neighbourhood import local_zone


@today.source
def listening(person: Any, now: datetime) -> Iterable[today.Card]:
    """Say in whose round a visit is due, and who would like to listen along."""
    for one in waiting_for(person, now, local_zone):
        if one.asks:
            yield today.Card(
                urgency=today.SOON,
                kicker=_("Listening"),
                title=_("Somebody would like to listen along"),
                body=_("At %(place)s. Your team says yes, or not this time.") % {"place": one.place},
                url=reverse("listening_round", args=[one.round.ref]),
                action=_("Answer"),
            )
        if one.due:
            yield today.Card(
                urgency=today.SOMETIME,
                kicker=_("Listening"),
                title=_("A visit to %(place)s is due") % {"place": one.place},
                body=_("Nobody of your team was there for two days. Another hour of the day shows other people."),
                url=reverse("visit_new", args=[one.round.ref]),
                action=_("Write down a visit"),
            )
