"""Score cards of places, and what the cards of each place come to."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField
from sites import states
from sites.models.places import Place
from sites.rules.ranking import CRITERIA, LEAST, MOST

CRITERION_NAMES = {
    states.Criterion.DENSITY.value: _("density of working people"),
    states.Criterion.SOFTNESS.value: _("softness of surveillance"),
    states.Criterion.CLARITY.value: _("symbolic clarity"),
}

# On lists, where the three stand beside each other.
CRITERION_SHORT = {
    states.Criterion.DENSITY.value: _("density"),
    states.Criterion.SOFTNESS.value: _("softness"),
    states.Criterion.CLARITY.value: _("clarity"),
}


def _mark(name: str) -> models.PositiveSmallIntegerField[int | None, int | None]:
    within = (MinValueValidator(LEAST), MaxValueValidator(MOST))
    return models.PositiveSmallIntegerField(CRITERION_NAMES[name], null=True, blank=True, validators=within)


def _within(name: str) -> models.CheckConstraint:
    inside = Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (LEAST, MOST)})
    return models.CheckConstraint(condition=inside, name=f"score_card_{name}")


class ScoreCardQuerySet(models.QuerySet["ScoreCard"]):
    """The vocabulary of cards."""

    def current(self) -> "ScoreCardQuerySet":
        """Return the cards that count: one an observer and place."""
        return self.filter(ended_at=None)


class ScoreCard(models.Model):
    """What one observer says of a place on one day. A newer one takes its place; the older stays a while as history."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    place = models.ForeignKey(Place, models.CASCADE, related_name="cards")
    observer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    density = _mark("density")
    softness = _mark("softness")
    clarity = _mark("clarity")
    note = SealedTextField(bind="ref", null=True)
    observed_on = models.DateField(_("day of observing"))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    withdrawn = models.BooleanField(default=False)

    objects = ScoreCardQuerySet.as_manager()

    class Meta:
        ordering = ("-observed_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "observer"], condition=Q(ended_at=None), name="score_card_current_once"
            ),
            models.CheckConstraint(
                condition=Q(density__isnull=False) | Q(softness__isnull=False) | Q(clarity__isnull=False),
                name="score_card_says_something",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn=False) | Q(ended_at__isnull=False), name="score_card_withdrawn_ended"
            ),
            *(_within(name.value) for name in CRITERIA),
        ]
        indexes = [models.Index(fields=["observer", "place", "-id"], name="score_card_of_observer")]

    def __str__(self) -> str:
        return self.ref

    def marks(self) -> tuple[int | None, int | None, int | None]:
        """Return the three marks in the order of the criteria."""
        return self.density, self.softness, self.clarity


class PlaceScore(models.Model):
    """What the current cards of a place come to (`rules.ranking`), written with each card in one transaction.

    Kept, so that a list of a hundred thousand places is read from its index. No time stands in it: see the rule.
    """

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="score")
    strength = models.PositiveIntegerField()
    observers = models.PositiveSmallIntegerField()
    newest = models.DateField()
    # Means in tenths, and how far the observers' marks lie apart.
    density = models.PositiveSmallIntegerField(null=True)
    density_low = models.PositiveSmallIntegerField(null=True)
    density_high = models.PositiveSmallIntegerField(null=True)
    softness = models.PositiveSmallIntegerField(null=True)
    softness_low = models.PositiveSmallIntegerField(null=True)
    softness_high = models.PositiveSmallIntegerField(null=True)
    clarity = models.PositiveSmallIntegerField(null=True)
    clarity_low = models.PositiveSmallIntegerField(null=True)
    clarity_high = models.PositiveSmallIntegerField(null=True)
    # With which half-life it was reckoned: when the setting changes, it is reckoned again.
    half_life = models.PositiveSmallIntegerField()

    class Meta:
        # Among places that are level, those that more people have looked at come first.
        ordering = ("-strength", "-observers", "place_id")
        indexes = [models.Index(F("strength").desc(), F("observers").desc(), F("place_id"), name="place_score_rank")]

    def __str__(self) -> str:
        return str(self.place_id)

    def means(self) -> tuple[int | None, int | None, int | None]:
        """Return the three means in tenths, in the order of the criteria."""
        return self.density, self.softness, self.clarity
