"""The first public asset evening: how many days are left for it, when it is, and what one brought to the map."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.gatherings.models import Gathering
from commons.gatherings.queries.at_hand import Way, at_hand
from commons.gatherings.queries.produced import Line, produced
from commons.gatherings.states import Kind
from sites import access
from sites.models import Asset
from sites.queries.asks import today_here
from sites.queries.neighbourhood import neighbourhood
from sites.rules.evening import Countdown, countdown


def standing(now: datetime) -> Countdown | None:
    """Return the countdown in the neighbourhood's own days; None where there is none, and once an evening was held."""
    here = neighbourhood()
    if here is None or here.founded_on is None:
        return None
    held = Gathering.objects.planned().past(now).filter(kind=Kind.ASSET_MAPPING.value).exists()
    return countdown(founded_on=here.founded_on, held=held, today=today_here(now))


def planned(now: datetime) -> Gathering | None:
    """Return the next asset evening that is planned, if there is one."""
    coming = Gathering.objects.planned().coming(now).filter(kind=Kind.ASSET_MAPPING.value)
    return coming.defer("address", "online", "outcome", "notes").first()


@produced(Kind.ASSET_MAPPING)
def mapped(begin: datetime, end: datetime) -> Iterable[Line]:
    """Count what came onto the map at an asset evening and in the hours after it: numbers, nobody's names."""
    count = Asset.objects.filter(offered_at__gte=begin, offered_at__lt=end).count()
    yield Line(count, ngettext("thing put on the map", "things put on the map", count))


@at_hand(Kind.ASSET_MAPPING)
def cards(person: Any, over: bool) -> Iterable[Way]:
    """Lead from an asset evening to the cards that are handed round there, and afterwards to typing them in."""
    if not over:
        yield Way(_("Cards to print"), reverse("asset_cards"))
    elif access.ENTER_CARDS.allows(person):
        yield Way(_("Type the cards in"), reverse("asset_kit"))
