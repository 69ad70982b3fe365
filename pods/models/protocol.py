"""Kinds of call, and each pod's protocol for them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pods.models.pods import Pod
from pods.states import Pace, Raisers

PACES = [
    (Pace.NOW.value, _("now, in minutes")),
    (Pace.DAY.value, _("within 24 hours")),
    (Pace.TWO_DAYS.value, _("within 48 hours")),
]
RAISERS = [
    (Raisers.MEMBERS.value, _("any member of the pod")),
    (Raisers.ORGANIZERS.value, _("organizers in the pod")),
]
# Built-in kinds keep a key, so that each reader sees them in their own language.
BUILT_IN_KINDS = {
    "eviction": _("eviction"),
    "raid": _("raid"),
    "medical": _("medical"),
    "arrest": _("arrest"),
}


class CallKind(models.Model):
    """A kind of call: built in, or the network's own."""

    key = models.SlugField(max_length=40, unique=True)
    own_name = models.CharField(_("name"), max_length=40, blank=True)
    pace = models.CharField(_("pace"), max_length=8, choices=PACES, default=Pace.DAY.value)
    # Raised by one person it goes to the first wave only, until a second member confirms.
    needs_second = models.BooleanField(_("a second member confirms"), default=False)
    # The emergency number is shown first: this is not an ambulance.
    emergency_first = models.BooleanField(_("show the emergency number first"), default=False)
    police_likely = models.BooleanField(_("police are likely to be there"), default=False)
    active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(default=50)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return what the reader calls this kind."""
        return self.own_name or str(BUILT_IN_KINDS.get(self.key, self.key))


class Protocol(models.Model):
    """How one pod handles one kind of call; without a row the defaults of `pods.rules.waves` hold.

    Editing it changes later calls only: a call keeps the plan it was opened with.
    """

    pod = models.ForeignKey(Pod, models.CASCADE, related_name="protocols")
    kind = models.ForeignKey(CallKind, models.CASCADE, related_name="protocols")
    pace = models.CharField(_("pace"), max_length=8, choices=PACES)
    # Minutes from opening for each wave of WAVE_ORDER; null leaves that wave out.
    minutes = ArrayField(models.PositiveIntegerField(null=True), size=5)
    # The first wave asks this many people for each one who is needed.
    spread = models.PositiveSmallIntegerField(_("people asked first, for each one needed"), default=2)
    raisers = models.CharField(_("who may raise it"), max_length=10, choices=RAISERS, default="members")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pod", "kind"], name="protocol_once"),
            models.CheckConstraint(condition=Q(spread__range=(1, 6)), name="protocol_spread_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.pod_id}/{self.kind_id}"
