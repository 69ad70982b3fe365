"""A gathering: what for, when, where, and what makes it possible for people to come."""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons import tokens
from commons.gatherings import states
from commons.people.models.refs import new_ref
from commons.people.rules import zone
from commons.seal import SealedTextField

PURPOSE = "gathering"
KINDS = [
    (states.Kind.ASSET_MAPPING.value, _("asset-mapping evening")),
    (states.Kind.MINI_ASSEMBLY.value, _("mini-assembly")),
    (states.Kind.ASSEMBLY.value, _("assembly")),
    (states.Kind.DEBRIEF.value, _("debrief")),
    (states.Kind.DECOMPRESSION.value, _("decompression")),
    (states.Kind.POST_MORTEM.value, _("post-mortem")),
    (states.Kind.ORAL_HISTORY.value, _("oral-history circle")),
    (states.Kind.CEREMONY.value, _("ceremony")),
    (states.Kind.CONGRESS.value, _("congress")),
    (states.Kind.CONVERGENCE.value, _("convergence")),
    (states.Kind.DAY_OF_ACTION.value, _("day of action")),
    (states.Kind.OWN.value, _("something else")),
]
OPEN_TO = [
    (states.OpenTo.MEMBERS.value, _("members")),
    (states.OpenTo.LINK.value, _("members, and whoever has the link")),
]
STATES = [(states.State.PLANNED.value, _("takes place")), (states.State.CANCELLED.value, _("cancelled"))]
ACCESS = [
    (states.Access.STEP_FREE.value, _("no steps")),
    (states.Access.SEATING.value, _("chairs with backs")),
    (states.Access.TOILET.value, _("accessible toilet")),
    (states.Access.SCENT_FREE.value, _("free of scents")),
    (states.Access.CLEAN_AIR.value, _("masks and clean air")),
    (states.Access.QUIET_ROOM.value, _("a quiet room")),
    (states.Access.LARGE_PRINT.value, _("large print")),
    (states.Access.HEARING.value, _("microphone or captions")),
    (states.Access.RIDES.value, _("rides there and back")),
]


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """The vocabulary of gatherings."""

    def planned(self) -> "GatheringQuerySet":
        """Return those that were not called off."""
        return self.filter(state=states.State.PLANNED.value)

    def coming(self, now: datetime) -> "GatheringQuerySet":
        """Return those that are not over, the next first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "id")

    def past(self, now: datetime) -> "GatheringQuerySet":
        """Return those that are over, the latest first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-id")

    def with_token(self, token: str) -> "GatheringQuerySet":
        """Return the gathering whose public link holds this token, while it is open to whoever has the link."""
        return self.filter(digest=tokens.digest(token), open_to=states.OpenTo.LINK.value)


class Gathering(models.Model):
    """People coming together at a time and a place.

    The times are instants; `time_zone` is that of the place, by whose wall clock they were chosen and are shown.
    `taken` are the seats of those who said that they come, held by a constraint below `capacity`.
    """

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    kind = models.CharField(max_length=20, choices=KINDS)
    own_kind = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=600, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    # Words that may stand on a poster; the exact address and an online room are for those who come.
    place = models.CharField(max_length=120)
    address = SealedTextField(null=True)
    online = SealedTextField(null=True)
    agenda = models.JSONField(default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    interpreted = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    access = ArrayField(models.CharField(max_length=12, choices=ACCESS), default=list, blank=True)
    food = models.CharField(max_length=80, blank=True)
    childcare = models.BooleanField(default=False)
    childcare_places = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    open_to = models.CharField(max_length=8, choices=OPEN_TO, default=states.OpenTo.MEMBERS.value)
    nonce = models.CharField(max_length=30, default=tokens.new_nonce, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=STATES, default=states.State.PLANNED.value)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="gatherings")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Counted up with each change that a calendar must hear of (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    moved_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # Afterwards: how many came, what came of it, and notes that expire.
    came = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = SealedTextField(null=True)
    notes = SealedTextField(null=True)
    recorded_at = models.DateTimeField(null=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="gathering_ends_after_start"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity")), name="gathering_seats_hold"
            ),
            models.CheckConstraint(condition=Q(childcare=True) | Q(childcare_places=None), name="gathering_childcare"),
            models.CheckConstraint(
                condition=Q(state=states.State.PLANNED.value, cancelled_at=None)
                | Q(state=states.State.CANCELLED.value, cancelled_at__isnull=False),
                name="gathering_cancelled_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="gathering_by_start"),
            models.Index(fields=["ends_at", "id"], name="gathering_by_end"),
            models.Index(fields=["host", "starts_at"], name="gathering_by_host"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> tzinfo:
        """Return the time zone of the place."""
        return zone(self.time_zone)

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def kind_words(self) -> str:
        """Return what its reader calls this kind of gathering, or what its host does."""
        return self.own_kind or str(self.get_kind_display())

    @property
    def subject(self) -> str:
        """Return what messages about it are known by."""
        return f"gathering:{self.pk}"

    @classmethod
    def fresh(cls, **fields: Any) -> "Gathering":
        """Return a new, unsaved gathering whose digest matches its link's token."""
        gathering = cls(**fields)
        gathering.renew_link()
        return gathering

    def renew_link(self) -> None:
        """Put another link in the place of the one that is out; that one opens nothing once this is saved."""
        self.nonce = tokens.new_nonce()
        self.digest = tokens.digest(self.token())

    def token(self) -> str:
        """Return the secret part of its public link."""
        return tokens.make(PURPOSE, self.nonce, self.ref, known=self.digest)
