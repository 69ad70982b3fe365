"""What an import of places says: one sentence for each way in which a file is of no use."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from sites.states import Unusable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNUSABLE: "dict[str, StrOrPromise]" = {
    Unusable.NO_MAP: _(
        "This is no map file. What is read: .osm.pbf, .osm and .osm.bz2 of OpenStreetMap, and GeoJSON. "
        "Nothing was imported."
    ),
    Unusable.EMPTY: _("There is nothing on this map that Casserole knows. Nothing was imported."),
    Unusable.BROKEN: _("The file is broken or was cut off. Nothing was imported; fetch it again."),
    Unusable.TOO_BIG: _("The file is too big to be read here. Nothing was imported; take a smaller extract."),
    Unusable.TOO_MUCH: _(
        "There is more on this map than one neighbourhood holds. Nothing was imported; choose a smaller area."
    ),
    Unusable.TOO_LONG: _("The file took too long to read. Nothing was imported; take a smaller extract."),
    Unusable.AWAY: _("The file can't be read: it is not there, or no file. Nothing was imported."),
    Unusable.CHANGES: _("These are changes to a map, not a map. Nothing was imported; take an extract."),
    Unusable.STOPPED: _("The server was stopped again and again while it read this file. Nothing was imported."),
    Unusable.LOSES: _(
        "Most of the places known there are missing from this file, so it may have been cut off. Nothing was imported. "
        "Fetch it again; or name the area that it shows, if they are really gone."
    ),
}
