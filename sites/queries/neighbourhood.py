"""The neighbourhood that this server is kept for, and its blocks."""

from datetime import tzinfo
from typing import Any

from django.db import models

from commons.people.rules import zone
from sites.models import Block, Neighbourhood


def neighbourhood() -> Neighbourhood | None:
    """Return the one network that lives here, or None before it was named."""
    return Neighbourhood.objects.first()


def blocks(_person: Any = None) -> models.QuerySet[Block]:
    """Return all blocks by name; they are everybody's."""
    return Block.objects.all()


def local_zone() -> tzinfo:
    """Return the neighbourhood's time zone; UTC before it was founded."""
    name = Neighbourhood.objects.values_list("time_zone", flat=True).first()
    return zone(name or "UTC")
