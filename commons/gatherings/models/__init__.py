"""The tables of gatherings."""

from commons.gatherings.models.coming import Coming
from commons.gatherings.models.feed import Feed
from commons.gatherings.models.gathering import Gathering

__all__ = ["Coming", "Feed", "Gathering"]
