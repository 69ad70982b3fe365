"""Asking a neighbour for what they share, and what becomes of a tool that is lent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField
from sites import states
from sites.models.assets import Asset

STATES = [
    (states.LendingState.ASKED.value, _("asked")),
    (states.LendingState.AGREED.value, _("agreed")),
    (states.LendingState.OUT.value, _("lent")),
    (states.LendingState.BACK.value, _("back")),
    (states.LendingState.DONE.value, _("done")),
    (states.LendingState.DECLINED.value, _("not this time")),
    (states.LendingState.WITHDRAWN.value, _("taken back")),
]
_OPEN = sorted(state.value for state in states.ASK_OPEN)
_LENT = sorted(state.value for state in states.LENT)


class Ask(models.Model):
    """One person asks another for something that is shared; a tool is lent until a day, by one person at a time."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="asks")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="asks")
    loan = models.BooleanField(default=False)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default=states.LendingState.ASKED.value)
    asked_at = models.DateTimeField()
    # When its state last changed: what was said before that needs no answer any more.
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Nobody answered, or nobody came for it: then it is over, and forgotten. What is lent stays until it is back.
    lapses_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # How many messages were sent about it, so that each is another one.
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(loan=True, state__in=_LENT), name="ask_lent_to_one"),
            models.UniqueConstraint(fields=["asset", "asker"], condition=Q(state__in=_OPEN), name="ask_open_once"),
            models.CheckConstraint(
                condition=Q(loan=True, due_on__isnull=False) | Q(loan=False, due_on=None), name="ask_loan_is_due"
            ),
            models.CheckConstraint(
                condition=Q(loan=True) | ~Q(state__in=["out", "back"]), name="ask_only_loans_go_out"
            ),
        ]
        indexes = [
            models.Index(fields=["asker", "asked_at"], name="ask_by_asker"),
            models.Index(fields=["due_on"], name="ask_due", condition=Q(state="out")),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """Return what messages about it are filed under."""
        return f"ask:{self.pk}"


class AskLine(models.Model):
    """Something that one of the two said to the other; sealed, and gone with the asking."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    ask = models.ForeignKey(Ask, models.CASCADE, related_name="lines")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = SealedTextField(bind="ref")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.ref
