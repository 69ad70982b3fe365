"""What the words of a vocabulary have in common: built in, in each reader's language, or the network's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Word(models.Model):
    """One word of a vocabulary: built-in words keep a key, so that each reader sees them in their own language."""

    BUILT_IN: "ClassVar[Mapping[str, StrOrPromise]]" = {}

    key = models.SlugField(max_length=40, unique=True)
    own_name = models.CharField(_("name"), max_length=60, blank=True)
    sort_key = models.CharField(max_length=60, editable=False, db_index=True)

    class Meta:
        abstract = True
        ordering = ("sort_key", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return what the reader calls it."""
        return self.own_name or str(self.BUILT_IN.get(self.key, self.key))
