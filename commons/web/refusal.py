"""How a rule says no: one sentence that a neighbour can read, and where it belongs on the form."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django_stubs_ext import StrOrPromise


class Refused(Exception):
    """Raised by actions when what was asked may not happen now.

    The sentence is lazy: it is read in the language of whoever is looking, not of whoever wrote it. Whoever may not do
    it at all meets the gate (404, 403) long before.
    """

    status = 409

    def __init__(self, sentence: "StrOrPromise", *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)

    def show_on(self, form: "BaseForm") -> None:
        """Put the sentence beside its field, or on top of the form when the form has no such field."""
        known: Sequence[str] = list(form.fields)
        form.add_error(self.field if self.field in known else None, str(self.sentence))


class TooOften(Refused):
    """Raised where somebody presses again and again: the same may be done a little later."""

    status = 429
