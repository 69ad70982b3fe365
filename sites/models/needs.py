"""What people need, as a vocabulary: built-in needs in each reader's language, and the network's own words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Built-in needs keep a key, so that each reader sees them in their own language.
BUILT_IN_NEEDS = {
    "detergent": _("detergent"),
    "charging": _("charging a phone"),
    "childcare": _("child care"),
    "masks": _("masks"),
    "translation": _("translation"),
    "wage_theft": _("help with stolen wages"),
    "tenant_rights": _("help with the landlord"),
    "forms": _("help with forms"),
    "legal": _("legal help"),
    "food": _("food"),
    "warm_drink": _("a warm drink"),
    "water": _("drinking water"),
    "diapers": _("diapers"),
    "hygiene": _("soap and hygiene"),
    "clothes": _("warm clothes"),
    "fares": _("fares"),
    "health": _("health advice"),
    "quiet": _("a quiet place to sit"),
    "internet": _("internet"),
    "company": _("company on the way"),
    "work": _("finding work"),
    "repair": _("repairs"),
}


class Need(models.Model):
    """Something that people lack at a place and that neighbours can bring: built in, or the network's own words."""

    key = models.SlugField(max_length=40, unique=True)
    own_name = models.CharField(_("name"), max_length=60, blank=True)
    sort_key = models.CharField(max_length=60, editable=False, db_index=True)

    class Meta:
        ordering = ("sort_key", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return what the reader calls this need."""
        return self.own_name or str(BUILT_IN_NEEDS.get(self.key, self.key))
