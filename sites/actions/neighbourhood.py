"""Naming the neighbourhood and its blocks."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused
from sites.models import Block, Neighbourhood
from sites.rules.grid import snap
from sites.rules.words import fold, tidy


@transaction.atomic
def name_neighbourhood(
    *, name: str, time_zone: str, emergency_number: str, open_signup: bool, founded_on: date | None = None
) -> Neighbourhood:
    """Name the one neighbourhood of this server; on `founded_on` it was founded, if it is named for the first time."""
    said = {
        "name": tidy(name),
        "time_zone": time_zone,
        "emergency_number": emergency_number,
        "open_signup": open_signup,
    }
    first = {**said, "founded_on": founded_on}
    return Neighbourhood.objects.update_or_create(only=True, defaults=said, create_defaults=first)[0]


@transaction.atomic
def write_block(*, block: Block | None, name: str, latitude: Decimal, longitude: Decimal) -> Block:
    """Add or change a block; what is kept of its position is the coarse cell it lies in."""
    block = Block() if block is None else Block.objects.select_for_update().get(pk=block.pk)
    block.name, block.sort_key = tidy(name), fold(name)[:60]
    block.latitude, block.longitude = snap(latitude), snap(longitude)
    _refuse_double(block)
    try:
        with transaction.atomic():
            block.save()
    except IntegrityError:  # somebody was quicker
        raise Refused(_("There is a block of this name already."), field="name") from None
    return block


def _refuse_double(block: Block) -> None:
    if Block.objects.filter(sort_key=block.sort_key).exclude(pk=block.pk).exists():
        raise Refused(_("There is a block of this name already."), field="name")


@transaction.atomic
def remove_block(*, block: Block) -> None:
    """Remove a block that no pod and no call stands on."""
    try:
        with transaction.atomic():
            block.delete()
    except ProtectedError:
        raise Refused(_("A pod or a call stands on this block, so it stays. You can change its name.")) from None
