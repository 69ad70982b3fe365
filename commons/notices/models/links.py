"""One-tap links: what a message carries so that its reader can act without signing in."""

from datetime import datetime

from django.conf import settings
from django.db import models

from commons import tokens


class LinkQuerySet(models.QuerySet["Link"]):
    """The vocabulary of links."""

    def alive(self, now: datetime) -> "LinkQuerySet":
        """Return the links that still open something."""
        return self.filter(expires_at__gt=now, revoked_at__isnull=True)


class Link(models.Model):
    """A link bound to a purpose, a subject and a person; only its token's hash is stored."""

    purpose = models.CharField(max_length=16)
    subject = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    nonce = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "subject", "person"], name="link_once")]
        indexes = [models.Index(fields=["expires_at"], name="link_by_end")]

    def __str__(self) -> str:
        return self.purpose

    def token(self) -> str:
        """Return the secret part of this link, made anew from the key that is not in the database."""
        return tokens.make(self.purpose, self.nonce, self.subject, self.person_id, known=self.digest)
