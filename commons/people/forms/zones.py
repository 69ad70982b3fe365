"""The time zones to choose from: the neighbourhood's first, then the world by region."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

from commons.web.context import neighbourhood

REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
Choice = tuple[str, str]


@lru_cache(maxsize=8)
def _world(language: str) -> dict[str, list[Choice]]:
    """Return the zones by region, each by its city as this language calls it; read from the machine once."""
    cities = Locale.parse(to_locale(language)).time_zones
    world: dict[str, list[Choice]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region in world:
            spelled = place.replace("_", " ").replace("/", ", ")
            world[region].append((name, cities.get(name, {}).get("city", spelled)))
    return world


def zone_choices(*first: str) -> list[Choice | tuple[str, list[Choice]]]:
    """Return grouped choices; `first` and the neighbourhood's zone stand on top."""
    here = getattr(neighbourhood(), "time_zone", "UTC")
    world = _world(get_language() or "en")
    known = {"UTC", *(name for zones in world.values() for name, _place in zones)}
    top = [name for name in dict.fromkeys((here, *first, "UTC")) if name in known]
    near = [(name, name.replace("_", " ")) for name in top]
    return [(gettext("Near you"), near), *((str(REGIONS[region]), zones) for region, zones in world.items())]
