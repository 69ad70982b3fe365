"""The neighbourhood that this server is kept for, and its blocks."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Neighbourhood(models.Model):
    """The one network that lives on this server: its name, its time, its emergency number."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="112")
    open_signup = models.BooleanField(_("anyone may sign up"), default=False)
    demo = models.BooleanField(default=False, editable=False)
    # Unknown where it was founded before this was written down: then nothing is counted from it.
    founded_on = models.DateField(null=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="neighbourhood_is_one")]

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """A part of the neighbourhood, as people call it, with the centre of the coarse cell it lies in.

    Positions are snapped to a grid of 0.005° (about 500 m) when written, never only when shown.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    sort_key = models.CharField(max_length=60, editable=False, db_index=True)
    latitude = models.DecimalField(
        max_digits=6, decimal_places=3, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.DecimalField(
        max_digits=6, decimal_places=3, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )

    class Meta:
        ordering = ("sort_key", "id")

    def __str__(self) -> str:
        return self.name


class Home(models.Model):
    """The block that a person lives on or near, in their own words: as coarse as the block itself."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="home", editable=False
    )
    block = models.ForeignKey(Block, models.CASCADE, related_name="homes", verbose_name=_("block"))

    def __str__(self) -> str:
        return str(self.block)
