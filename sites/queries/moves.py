"""What the form of a station's change is about: the weeks that would follow, and where it could stand."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sites.models import ListeningRound, Place, Popup, Shift, SignUp, StageOverride
from sites.models.shifts import HOLDING
from sites.queries.neighbourhood import local_zone
from sites.rules.moves import MOVABLE
from sites.rules.shifts import ANNOUNCE_BEFORE

# Nobody looks for a place in a longer list.
PLACES_MOST = 200
WEEKS_MOST = 12


def places_to_stand(popup: Popup) -> QuerySet[Place]:
    """Return where people have listened, or an organizer said that it can wait; and where the station is now."""
    heard = ListeningRound.objects.filter(heard_at__isnull=False)
    over = StageOverride.objects.filter(taken_back_at=None)
    here = Q(place=OuterRef("pk")) | Q(place__merged_into=OuterRef("pk"))
    fit = Q(Exists(heard.filter(here))) | Q(Exists(over.filter(here)))
    standing = Place.objects.filter(merged_into=None).filter(fit)
    ids = list(standing.order_by("sort_key", "id").values_list("pk", flat=True)[:PLACES_MOST])
    return Place.objects.filter(pk__in=[*ids, popup.place_id]).order_by("sort_key", "id")


@dataclass(frozen=True)
class WeekAhead:
    """A week that can still follow its station, with how many people have a place in it."""

    shift: Shift
    people: int
    # Whether it is when its station says; a week may have been left as it was by an earlier change.
    usual: bool


def weeks_ahead(popup: Popup, now: datetime) -> list[WeekAhead]:
    """Return the weeks that can still follow a change, the next one first, in two statements."""
    near = now + ANNOUNCE_BEFORE
    movable = Shift.objects.filter(popup=popup, starts_at__gte=near, state__in=sorted(MOVABLE))
    coming = list(movable.order_by("starts_at")[:WEEKS_MOST])
    on_them = SignUp.objects.filter(HOLDING, shift__in=coming).order_by().values_list("shift")
    held, zone, found = dict(on_them.annotate(Count("pk"))), local_zone(), []
    for shift in coming:
        usual = (shift.day.weekday(), shift.starts_at.astimezone(zone).time()) == (popup.weekday, popup.starts)
        found.append(WeekAhead(shift, held.get(shift.pk, 0), usual))
    return found
