"""A stack of paper cards that somebody types in on people's behalf."""

from django.conf import settings
from django.db import models

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField


class CardStack(models.Model):
    """What is being typed from a stack of cards, sealed until it is entered; nothing typed is lost for two weeks."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The rows as they were typed, as JSON; emptied once they are entered.
    draft = SealedTextField(bind="ref", null=True)
    rows = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """Return what messages about it are filed under."""
        return f"stack:{self.pk}"
