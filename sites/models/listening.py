"""Listening at a place before acting: a round by a team of two or three, its visits, and what was needed there."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField
from sites import states
from sites.models.needs import Need
from sites.models.places import Place

PARTS = [
    (states.PartOfDay.EARLY.value, _("early morning")),
    (states.PartOfDay.MORNING.value, _("morning")),
    (states.PartOfDay.MIDDAY.value, _("midday")),
    (states.PartOfDay.AFTERNOON.value, _("afternoon")),
    (states.PartOfDay.EVENING.value, _("evening")),
    (states.PartOfDay.NIGHT.value, _("night")),
]
LISTENER_STATES = [(one.value, one.value) for one in states.ListenerState]


class RoundQuerySet(models.QuerySet["ListeningRound"]):
    """The vocabulary of rounds."""

    def under_way(self, now: datetime) -> "RoundQuerySet":
        """Return the rounds in which somebody still listens."""
        return self.filter(ended_at=None, closes_at__gt=now)


class ListeningRound(models.Model):
    """One stretch of listening at a place. Once it heard enough it keeps that, whatever becomes of its notes."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    place = models.ForeignKey(Place, models.CASCADE, related_name="rounds")
    begun_at = models.DateTimeField()
    # The end that comes by itself, and the one that people set.
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # When a week, two observers and a need had come together.
    heard_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=models.Q(ended_at=None), name="round_one_a_place"),
            models.CheckConstraint(condition=models.Q(closes_at__gt=models.F("begun_at")), name="round_closes_later"),
        ]

    def __str__(self) -> str:
        return self.ref


class Listener(models.Model):
    """Somebody in a round's team, or who asked to be. Whoever left reads nothing any more."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    round = models.ForeignKey(ListeningRound, models.CASCADE, related_name="listeners")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="listening")
    state = models.CharField(max_length=5, choices=LISTENER_STATES)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="listener_once")]
        indexes = [models.Index(fields=["person", "state"], name="listener_by_person")]

    def __str__(self) -> str:
        return self.ref


class Visit(models.Model):
    """One visit of a round: when, roughly, and what was noticed, sealed. No two share a part of a day."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    round = models.ForeignKey(ListeningRound, models.CASCADE, related_name="visits")
    day = models.DateField(_("day"))
    part = models.CharField(_("part of the day"), max_length=9, choices=PARTS)
    # How many were there, and when it was written how often: both outlive who it was.
    observers = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    rhythms = SealedTextField(bind="ref", null=True)
    hierarchies = SealedTextField(bind="ref", null=True)
    unmet = SealedTextField(bind="ref", null=True)
    steps_forward = SealedTextField(bind="ref", null=True)
    can_veto = SealedTextField(bind="ref", null=True)
    animates = SealedTextField(bind="ref", null=True)

    class Meta:
        ordering = ("-day", "-id")
        constraints = [
            models.UniqueConstraint(fields=["round", "day", "part"], name="visit_once"),
            models.CheckConstraint(condition=models.Q(observers__range=(1, 3)), name="visit_by_one_to_three"),
        ]

    def __str__(self) -> str:
        return self.ref


class VisitObserver(models.Model):
    """Who of the team was at a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="there")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="visit_observer_once")]

    def __str__(self) -> str:
        return str(self.visit_id)


class VisitNeed(models.Model):
    """A need that was named at a visit: what is tallied, long after the notes are gone."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="named")
    need = models.ForeignKey(Need, models.PROTECT, related_name="visits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "need"], name="visit_need_once")]

    def __str__(self) -> str:
        return str(self.need_id)


class StageOverride(models.Model):
    """An organizer's word that a pop-up may start before listening is done, with the reason; it can be taken back."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    place = models.ForeignKey(Place, models.CASCADE, related_name="overrides")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = SealedTextField(bind="ref")
    made_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(taken_back_at=None), name="override_one_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.ref
