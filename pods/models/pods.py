"""Pods and who is in them: seats, joinings, vouches, objections."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from pods.states import JoiningState
from sites.models import Block

SEATS = 12
JOINING_STATES = [(state.value, state.value) for state in JoiningState]


class PodQuerySet(models.QuerySet["Pod"]):
    """The vocabulary of pods."""

    def standing(self) -> "PodQuerySet":
        """Return the pods that have not been dissolved."""
        return self.filter(dissolved_at__isnull=True)

    def of(self, person_id: int) -> "PodQuerySet":
        """Return the pods in which this person has a seat."""
        return self.filter(memberships__person_id=person_id, memberships__left_at__isnull=True)


class Pod(models.Model):
    """Five to twelve neighbours who trust each other and answer calls."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    name = models.CharField(_("name"), max_length=40, unique=True)
    block = models.ForeignKey(Block, models.PROTECT, verbose_name=_("block"), related_name="pods")
    founded_at = models.DateTimeField()
    # When the fifth sat down: from then on newcomers are vouched for, also when the pod has shrunk since.
    ready_at = models.DateTimeField(null=True)
    dissolved_at = models.DateTimeField(null=True)
    last_drill_at = models.DateTimeField(null=True)

    objects = PodQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """The vocabulary of seats."""

    def seated(self) -> "MembershipQuerySet":
        """Return the seats that are taken now."""
        return self.filter(left_at__isnull=True)


class Membership(models.Model):
    """A seat in a pod. Twelve numbered seats: the database itself refuses a thirteenth."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    pod = models.ForeignKey(Pod, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    seat = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seat__range=(1, SEATS)), name="membership_seat_exists"),
            models.UniqueConstraint(fields=["pod", "seat"], condition=Q(left_at=None), name="membership_seat_once"),
            models.UniqueConstraint(fields=["pod", "person"], condition=Q(left_at=None), name="membership_person_once"),
        ]
        indexes = [models.Index(fields=["person"], name="membership_seated", condition=Q(left_at=None))]

    def __str__(self) -> str:
        return f"{self.pod_id}/{self.seat}"


class Joining(models.Model):
    """A newcomer on the way into a pod: named by a member, agreed to by them, vouched for by two."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    pod = models.ForeignKey(Pod, models.CASCADE, related_name="joinings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="joinings")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # A founder is asked while the pod forms; there is nobody yet who could vouch.
    founder = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=JOINING_STATES, default=JoiningState.OPEN.value)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pod", "person"], condition=Q(state="open"), name="joining_open_once"),
            models.CheckConstraint(condition=Q(closes_at__gte=F("opened_at")), name="joining_closes_later"),
        ]
        indexes = [models.Index(fields=["closes_at"], name="joining_due", condition=Q(state="open"))]

    def __str__(self) -> str:
        return self.ref


class Vouch(models.Model):
    """A member's word for a newcomer."""

    joining = models.ForeignKey(Joining, models.CASCADE, related_name="vouches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["joining", "person"], name="vouch_once")]

    def __str__(self) -> str:
        return f"{self.joining_id}"


class Objection(models.Model):
    """A member's quiet no to a newcomer: no reason, seen by no one, gone when the joining is settled."""

    joining = models.ForeignKey(Joining, models.CASCADE, related_name="objections")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["joining", "person"], name="objection_once")]

    def __str__(self) -> str:
        return f"{self.joining_id}"
