"""A place by hand, and an uploaded map with the area that is wanted of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.models import Place
from sites.models.places import KINDS
from sites.rules.geojson import POLYGON_BYTES_MOST, parse_polygon
from sites.rules.grid import exact
from sites.rules.osm import NAME_LONGEST, clean
from sites.rules.shapes import Area, NoArea, Point, parse_box

UPLOAD_MOST = 32_000_000


def _shown(place: Place) -> str:
    """Return a position to about a metre; more digits would pretend to know more."""
    return f"{place.latitude:.5f}, {place.longitude:.5f}"


class PlaceForm(forms.Form):
    """What it is, what people call it, where it is."""

    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    name = forms.CharField(label=_("What people call it"), max_length=NAME_LONGEST)
    position = forms.CharField(
        label=_("Where it is"),
        max_length=60,
        help_text=_("Tap the map, or write latitude and longitude: 39.2904, -76.6122. Never where somebody lives."),
    )

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        self.place = place
        if place is not None:
            kwargs["initial"] = {
                "kind": place.kind,
                "name": place.name,
                "position": _shown(place),
            }
        super().__init__(*args, **kwargs)
        # Maps know many stops without a name; nobody need invent one to correct where they are.
        self.fields["name"].required = place is None

    def clean_name(self) -> str:
        """One line, nothing unseen."""
        name = clean(self.cleaned_data["name"])
        if self.fields["name"].required and not name:
            raise forms.ValidationError(_("Give it a name that can be read out."))
        return name

    def clean_position(self) -> Point:
        """Two numbers on this earth."""
        said = self.cleaned_data["position"]
        if self.place is not None and said.strip() == _shown(self.place):
            # Left as it was shown, which is with fewer digits than it is known: then nobody moved it.
            return self.place.latitude, self.place.longitude
        found = exact(said)
        if found is None:
            raise forms.ValidationError(_("Two numbers, apart by a comma: 39.2904, -76.6122."))
        return round(float(found[0]), 7), round(float(found[1]), 7)


class MapForm(forms.Form):
    """One file, and a box or a polygon if not all of it is wanted."""

    file = forms.FileField(
        label=_("A map"),
        help_text=_("An extract of OpenStreetMap (.osm.pbf, .osm, .osm.bz2) or GeoJSON, of at most 32 MB."),
        allow_empty_file=True,
        max_length=255,
    )
    box = forms.CharField(
        label=_("Only within a box"),
        required=False,
        max_length=120,
        help_text=_("South, west, north, east in degrees: 39.28, -76.62, 39.31, -76.58. Empty: the whole map."),
    )
    polygon = forms.FileField(
        label=_("Or only within a polygon"),
        required=False,
        help_text=_("A small GeoJSON or .poly file."),
        allow_empty_file=True,
        max_length=255,
    )

    def clean_file(self) -> Any:
        """Not more than a page may send; what is inside, the reader finds out."""
        upload = self.cleaned_data["file"]
        if upload.size > UPLOAD_MOST:
            raise forms.ValidationError(_("The file is too big to be read here. Take a smaller extract."))
        return upload

    def clean_box(self) -> Area | None:
        """A box, or none."""
        try:
            return parse_box(self.cleaned_data["box"]) if self.cleaned_data["box"].strip() else None
        except NoArea:
            raise forms.ValidationError(_("Four numbers: south, west, north, east.")) from None

    def clean_polygon(self) -> Area | None:
        """A polygon, or none."""
        upload = self.cleaned_data["polygon"]
        try:
            return parse_polygon(upload.read(POLYGON_BYTES_MOST + 1)) if upload else None
        except NoArea:
            raise forms.ValidationError(_("There is no polygon in this file.")) from None

    def clean(self) -> dict[str, Any]:
        """One area is enough."""
        cleaned = super().clean() or {}
        if cleaned.get("box") and cleaned.get("polygon"):
            self.add_error("polygon", _("A box or a polygon, one of them."))
        return cleaned

    def area(self) -> Area | None:
        """Return the area that was chosen."""
        area: Area | None = self.cleaned_data.get("box") or self.cleaned_data.get("polygon")
        return area
