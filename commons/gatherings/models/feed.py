"""A person's calendar feed: an address that a calendar program asks, revocable."""

from typing import Any

from django.conf import settings
from django.db import models

from commons import tokens

PURPOSE = "feed"


class Feed(models.Model):
    """The address of one person's feed; only its token's hash is stored.

    Whoever runs the calendar, and whoever holds the telephone, reads what stands in it (security.md T4, T10): neutral
    words, unless the person chose full ones.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    nonce = models.CharField(max_length=30, default=tokens.new_nonce, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    full_words = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return PURPOSE

    @classmethod
    def fresh(cls, **fields: Any) -> "Feed":
        """Return a new, unsaved feed whose digest matches its token."""
        feed = cls(**fields)
        feed.digest = tokens.digest(feed.token())
        return feed

    def token(self) -> str:
        """Return the secret part of the feed's address."""
        return tokens.make(PURPOSE, self.nonce, self.person_id, known=self.digest)
