"""Where the neighbourhood is, in time."""

from datetime import tzinfo

from commons.people.rules import zone
from sites.models import Neighbourhood


def local_zone() -> tzinfo:
    """Return the neighbourhood's time zone; UTC before it was founded."""
    name = Neighbourhood.objects.values_list("time_zone", flat=True).first()
    return zone(name or "UTC")
