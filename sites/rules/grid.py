"""The grid of about 500 m on which every position is kept: snapped when written, never only when shown."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

STEP = Decimal("0.005")
# Below this a number is not said (security rule 9), though places are no people.
FEW = 10
_NUMBER = r"(-?\d{1,3}(?:[.,]\d{1,12})?)"
_POSITION = re.compile(
    rf"\s*{_NUMBER}\s*(?:[;\s]|,\s)\s*{_NUMBER}\s*|\s*(-?\d{{1,3}}\.\d{{1,12}}),(-?\d{{1,3}}\.\d{{1,12}})\s*"
)


def snap(degrees: Decimal) -> Decimal:
    """Return the nearest line of the grid."""
    return (degrees / STEP).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * STEP


def coarse(count: int) -> int:
    """Return a count as strangers may know it: 0 for one to nine ("fewer than 10"), else rounded to five."""
    return 0 if count < FEW else round(count / 5) * 5


def position(text: str) -> tuple[Decimal, Decimal] | None:
    """Return latitude and longitude as copied from a map ("39.2904, -76.6122"), on the grid; None if it is no place."""
    found = exact(text)
    return None if found is None else (snap(found[0]), snap(found[1]))


def exact(text: str) -> tuple[Decimal, Decimal] | None:
    """Return latitude and longitude as they were written, for what stands on public maps; None if it is no place."""
    found = _POSITION.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = (Decimal(part.replace(",", ".")) for part in found.groups() if part is not None)
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude
