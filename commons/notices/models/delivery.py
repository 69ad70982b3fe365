"""The outbox: every message that must go out, and every attempt to send it."""

import secrets

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from commons.notices.states import PENDING, DeliveryState, Outcome
from commons.seal import SealedTextField

STATES = [(state.value, state.value) for state in DeliveryState]


def new_ref() -> str:
    """Return the name by which receivers know a message again: the middle of its Message-ID."""
    return secrets.token_hex(10)


class Delivery(models.Model):
    """One message to one person on one channel.

    `due_at` means "not before" while queued and "the lease ends" while leased, so that a dead
    worker's deliveries come due again by themselves. Times are those of the database's clock.
    """

    ref = models.CharField(max_length=20, default=new_ref, editable=False)
    # What it is about, as "call:<id>": the upper app's own key, so that notices know no calls.
    subject = models.CharField(max_length=40)
    # Its index is `delivery_by_person`: each message is written three times, and every index costs each time.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries", db_index=False
    )
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=24)
    round = models.PositiveSmallIntegerField(default=0)
    urgency = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default=DeliveryState.QUEUED.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    handed_off_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    # Address and words of a message to someone who is no member yet, or with a code in it.
    payload = SealedTextField(bind="ref", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="delivery_ref_once"),
            models.UniqueConstraint(
                fields=["subject", "person", "channel", "kind", "round"],
                name="delivery_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.LEASED.value, lease_token__isnull=False)
                | (~Q(state=DeliveryState.LEASED.value) & Q(lease_token__isnull=True)),
                name="delivery_lease_while_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["urgency", "due_at"],
                name="delivery_due",
                condition=Q(state__in=sorted(state.value for state in PENDING)),
            ),
            models.Index(fields=["person", "made_at"], name="delivery_by_person"),
            BrinIndex(fields=["made_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class DeliveryAttempt(models.Model):
    """One attempt to send a delivery; append-only."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempt_log")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="attempt_by_age")]

    def __str__(self) -> str:
        return self.outcome


class Heartbeat(models.Model):
    """When a component last showed that it is alive."""

    component = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.component
