"""How often something was tried; nothing here says by whom."""

from django.db import models


class RateBucket(models.Model):
    """A token bucket. Its key is a keyed hash that changes daily; written by ``commons.web.rates`` alone."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    touched_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(tokens__gte=0), name="bucket_never_overdrawn")]
