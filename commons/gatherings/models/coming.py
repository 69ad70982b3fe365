"""Who said that they come: members in one tap, guests by the public link."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons import tokens
from commons.gatherings import states
from commons.gatherings.models.gathering import ACCESS, Gathering
from commons.people.models.refs import new_ref
from commons.seal import SealedTextField

PURPOSE = "guest"
SAID = [
    (states.Said.YES.value, _("comes")),
    (states.Said.WAITING.value, _("waits for a place")),
    (states.Said.NO.value, _("doesn't come")),
]


class Coming(models.Model):
    """What one person, or a guest for several, said to a gathering; gone a week after it.

    A guest has no account: a first name or nothing, and a link of their own by which they change their mind.
    """

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="comings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="comings")
    said = models.CharField(max_length=8, choices=SAID)
    people = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    needs = ArrayField(models.CharField(max_length=12, choices=ACCESS), default=list, blank=True)
    language = models.CharField(max_length=8, blank=True)
    name = SealedTextField(null=True)
    note = SealedTextField(null=True)
    nonce = models.CharField(max_length=30, default=tokens.new_nonce, editable=False)
    # A guest's own link; members have none.
    digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique where there is one
    # What the page was opened with: the same press twice is one guest.
    key = models.CharField(max_length=40, blank=True)
    # Since when: the order of the waiting list.
    since = models.DateTimeField()
    called_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gathering", "person"], name="coming_once"),
            models.UniqueConstraint(
                fields=["gathering", "key"], condition=Q(person=None), name="coming_guest_once_a_press"
            ),
            models.CheckConstraint(
                condition=Q(person=None, digest__isnull=False) | Q(person__isnull=False, digest=None),
                name="coming_member_or_guest",
            ),
            models.CheckConstraint(condition=Q(people__range=(1, 10)), name="coming_party_bounded"),
            models.CheckConstraint(condition=Q(children__range=(0, 10)), name="coming_children_bounded"),
        ]
        indexes = [models.Index(fields=["gathering", "said", "since"], name="coming_by_turn")]

    def __str__(self) -> str:
        return self.ref

    @classmethod
    def guest(cls, **fields: Any) -> "Coming":
        """Return a new, unsaved guest whose digest matches their own link's token."""
        coming = cls(**fields)
        coming.digest = tokens.digest(coming.token())
        return coming

    def token(self) -> str:
        """Return the secret part of a guest's own link."""
        return tokens.make(PURPOSE, self.nonce, self.ref, known=self.digest or "")
