"""Places as people look for them, and imports as they follow them."""

from collections.abc import Iterator

from sites.models import Place
from sites.rules.doubles import Named


def named() -> Iterator[Named]:
    """Yield every standing place that has a name, for looking for doubles; in few columns and batches."""
    rows = Place.objects.standing().exclude(name="").order_by("pk")
    for pk, kind, name, latitude, longitude in rows.values_list("pk", "kind", "name", "latitude", "longitude").iterator(
        2000
    ):
        yield Named(pk, kind, name, (latitude, longitude))
