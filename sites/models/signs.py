"""What the signs of a station say beyond what is built in: their struggle, and words of one's own in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sites import states
from sites.models.popups import Popup

STRUGGLES = [
    (states.Struggle.WAGES.value, _("Wages")),
    (states.Struggle.HOUSING.value, _("Housing")),
    (states.Struggle.CARE.value, _("Care")),
    (states.Struggle.HEALTH.value, _("Health")),
    (states.Struggle.PAPERS.value, _("Papers and borders")),
    (states.Struggle.TRANSIT.value, _("Buses and streets")),
    (states.Struggle.FOOD.value, _("Food")),
    (states.Struggle.COMMONS.value, _("What everybody needs")),
]
HEADLINE_MOST = 60
LINE_MOST = 90
BECOMES_MOST = 200


class Sign(models.Model):
    """A station's signs: which struggle they tie it to, and since when the page behind their code can be seen."""

    popup = models.OneToOneField(Popup, models.CASCADE, related_name="sign")
    struggle = models.CharField(_("the wider struggle"), max_length=8, choices=STRUGGLES)
    shown_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.popup_id)


class SignWords(models.Model):
    """What a station's signs say in one language, in words of its own; what is empty is said as usual."""

    sign = models.ForeignKey(Sign, models.CASCADE, related_name="words")
    language = models.CharField(max_length=10)
    headline = models.CharField(_("in the largest letters"), max_length=HEADLINE_MOST, blank=True)
    line = models.CharField(_("what it has to do with more"), max_length=LINE_MOST, blank=True)
    becomes = models.CharField(_("what this could become, held in common"), max_length=BECOMES_MOST, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sign", "language"], name="sign_words_once")]

    def __str__(self) -> str:
        return self.language
