"""A list of people that somebody uploaded and has not confirmed yet."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField

KEPT = timedelta(hours=24)


class RosterDraft(models.Model):
    """What was read from an uploaded list, sealed, until its uploader confirms it or a day has passed."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sheet = SealedTextField(bind="ref")
    made_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ref
