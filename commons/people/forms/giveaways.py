"""What a free text seems to give away, in sentences, for forms that ask once whether to keep it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons import detect
from commons.people.queries import handles_among

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOOKS_LIKE: "dict[detect.Kind, StrOrPromise]" = {
    detect.Kind.EMAIL: _("“%(text)s” looks like an e-mail address."),
    detect.Kind.PHONE: _("“%(text)s” looks like a telephone number."),
    detect.Kind.ADDRESS: _("“%(text)s” looks like a house number."),
    detect.Kind.HANDLE: _("“%(text)s” is what a member goes by."),
    detect.Kind.NAME: _("“%(text)s” looks like a name."),
}


def giveaways(text: str, *, pairs: bool = True) -> list[str]:
    """Return a sentence for each name, number or address that seems to stand in the text; `pairs` as in `detect`."""
    found = detect.findings(text, handles_among(text), pairs=pairs)
    return [str(LOOKS_LIKE[finding.kind]) % {"text": finding.text} for finding in found]
