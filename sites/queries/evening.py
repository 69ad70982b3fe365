"""The first public asset evening: how many days are left for it, when it is, and what one brought to the map."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import ngettext

from commons.gatherings.models import Gathering
from commons.gatherings.queries.produced import Line, produced
from commons.gatherings.states import Kind
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
