"""Invitations: the links by which people join."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commons import tokens
from commons.people.models.refs import new_ref
from commons.seal import SealedTextField

PURPOSE = "invitation"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """The vocabulary of invitations."""

    def usable(self, now: datetime) -> "InvitationQuerySet":
        """Return those that someone can still join with."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, used__lt=F("seats"))

    def with_token(self, token: str) -> "InvitationQuerySet":
        """Return the invitation that this token opens, or none."""
        return self.filter(digest=tokens.digest(token))


class Invitation(models.Model):
    """A link to join with: for one neighbour or for as many as it has seats.

    One made from a spreadsheet also holds, sealed, what the sheet said of the person, until
    they accept it as theirs or it is purged.
    """

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    nonce = models.CharField(max_length=30, default=tokens.new_nonce, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    inviter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="invitations")
    language = models.CharField(max_length=10, default="en")
    seats = models.PositiveSmallIntegerField(default=1)
    used = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Only for people named in a spreadsheet: keyed digest of the address, to know them again.
    address_digest = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique where there is one  # noqa: DJ001 - unique where it is known
    address = SealedTextField(bind="ref", null=True)
    staged = SealedTextField(bind="ref", null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=F("seats")), name="invitation_seats_hold"),
            models.CheckConstraint(condition=Q(seats__range=(1, 30)), name="invitation_seats_bounded"),
        ]
        indexes = [models.Index(fields=["inviter", "expires_at"], name="invitation_by_inviter")]

    def __str__(self) -> str:
        return self.ref

    @classmethod
    def fresh(cls, **fields: Any) -> "Invitation":
        """Return a new, unsaved invitation whose digest matches its token."""
        invitation = cls(**fields)
        invitation.digest = tokens.digest(invitation.token())
        return invitation

    def token(self) -> str:
        """Return the secret part of this invitation's link."""
        return tokens.make(PURPOSE, self.nonce, self.ref, known=self.digest)
