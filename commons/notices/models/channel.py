"""A person's channels: the ways to reach them that were proven by a code."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.notices.states import ChannelKind
from commons.people.models.refs import new_ref
from commons.seal import SealedTextField

CHANNELS = [(ChannelKind.EMAIL.value, _("e-mail"))]


class ChannelQuerySet(models.QuerySet["Channel"]):
    """The vocabulary of channels."""

    def usable(self) -> "ChannelQuerySet":
        """Return the channels that were verified and still work."""
        return self.filter(verified_at__isnull=False, disabled_at__isnull=True)


class Channel(models.Model):
    """One way to reach one person. The e-mail channel's address is the person's own."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=10, choices=CHANNELS)
    address = SealedTextField(bind="ref", null=True)
    position = models.PositiveSmallIntegerField(default=0)
    safe_line_in_message = models.BooleanField(_("put the safe line into the message"), default=False)
    verified_at = models.DateTimeField(null=True)
    last_proven_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=40, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="channel_once_per_kind")]

    def __str__(self) -> str:
        return self.kind
