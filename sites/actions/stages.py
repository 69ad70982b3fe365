"""An organizer's word that a pop-up may start before listening is done, and its taking back (mission S5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from commons.web.refusal import Refused
from sites.models import Place, StageOverride
from sites.queries.stages import standing


@transaction.atomic
def override(*, place: Place, by: Person, reason: str, now: datetime) -> StageOverride:
    """Let a pop-up start here before listening is done. Raises `Refused` where it may already."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    there = standing(place, now)
    if there.override is not None:
        raise Refused(_("An organizer said so already."))
    if there.may_start:
        raise Refused(_("A pop-up may start here anyway: this place was listened to."))
    return StageOverride.objects.create(place=place, by=by, reason=reason, made_at=now)


@transaction.atomic
def take_back(*, override: StageOverride, by: Person, now: datetime) -> None:
    """Take it back; whatever has started meanwhile goes on. Raises `Refused` when somebody did before."""
    override = StageOverride.objects.select_for_update().get(pk=override.pk)
    if override.taken_back_at is not None:
        raise Refused(_("Somebody took it back meanwhile."))
    override.taken_back_at, override.taken_back_by = now, by
    override.save(update_fields=["taken_back_at", "taken_back_by"])
