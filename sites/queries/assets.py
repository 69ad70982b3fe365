"""What one person shares, and the skills that there are to choose from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from sites.models import Asset, Skill
from sites.rules.words import fold

# A month before it fades, what someone shares is asked about.
ASK_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Shared:
    """One thing on a person's own list."""

    asset: Asset
    limits: list[str]
    faded: bool
    fades_soon: bool
    # Typed in from their card by somebody else, and not yet said to be theirs.
    pending: bool


def assets_of(person: Any) -> models.QuerySet[Asset]:
    """Return what this person shares, nobody else's."""
    return Asset.objects.filter(person=person).select_related("skill", "stack__by")


def shared_by(person: Any, now: datetime) -> list[Shared]:
    """Return a person's own list, by name in the reader's language; what faded stands first."""
    names = dict(Asset._meta.get_field("limits").base_field.flatchoices)
    found = [
        Shared(
            asset=asset,
            limits=[str(names.get(limit, limit)) for limit in asset.limits],
            faded=asset.fresh_until <= now and asset.pending_until is None,
            fades_soon=now < asset.fresh_until <= now + ASK_BEFORE and asset.pending_until is None,
            pending=asset.pending_until is not None,
        )
        for asset in assets_of(person)
    ]
    return sorted(
        found, key=lambda shared: (not shared.pending, not shared.faded, fold(str(shared.asset)), shared.asset.pk)
    )


def skills() -> list[Skill]:
    """Return every skill, sorted as the reader reads them."""
    return sorted(Skill.objects.all(), key=lambda skill: (fold(skill.name), skill.pk))


def fading_count(person: Any, now: datetime) -> int:
    """Return how many of a person's things faded or will within a month."""
    return assets_of(person).filter(fresh_until__lte=now + ASK_BEFORE, pending_until=None).count()
