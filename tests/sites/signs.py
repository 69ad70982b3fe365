"""A station for tests of its signs."""

from datetime import time
from typing import Any

from sites.models import Need, Place, Popup


def a_station(now, **columns: Any) -> Popup:
    """A running station with soap on Saturdays, at a laundry."""
    place = Place.objects.create(
        kind="laundry", name=columns.pop("at", "Suds & Go"), sort_key="suds", latitude=39.3, longitude=-76.6,
        made_at=now, changed_at=now,
    )  # fmt: skip
    need = Need.objects.get_or_create(key=columns.pop("need", "detergent"), defaults={"sort_key": "x"})[0]
    known = {
        "name": "Soap and coffee", "becomes": "A laundry that belongs to those who wash here.", "host": "agreed",
        "weekday": 5, "starts": time(10), "minutes": 180, "state": "running", "opened_on": now.date(),
        "planned_at": now,
    }  # fmt: skip
    return Popup.objects.create(place=place, need=need, **{**known, **columns})
