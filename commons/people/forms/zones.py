"""The time zones to choose from: the neighbourhood's first, then the world by region."""

from functools import lru_cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from commons.web.context import neighbourhood

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
Choice = tuple[str, str]


@lru_cache(maxsize=1)
def _world() -> dict[str, list[Choice]]:
    """Return the zones by region; read from the machine once."""
    world: dict[str, list[Choice]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region in world:
            world[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return world


def zone_choices(*first: str) -> list[Choice | tuple[str, list[Choice]]]:
    """Return grouped choices; `first` and the neighbourhood's zone stand on top."""
    here = getattr(neighbourhood(), "time_zone", "UTC")
    known = {"UTC", *(name for zones in _world().values() for name, _place in zones)}
    top = [name for name in dict.fromkeys((here, *first, "UTC")) if name in known]
    near = [(name, name.replace("_", " ")) for name in top]
    return [(_("Near you"), near), *_world().items()]
