"""The vocabulary of needs grows by what is named at places."""

from hashlib import sha256

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused
from sites.models import Need
from sites.queries.needs import known_by
from sites.rules.listening import OWN_NEEDS_MOST
from sites.rules.words import fold, tidy


def need_named(words: str) -> Need:
    """Return the need of this name, built in or the network's own, and make it if nobody named it before.

    Its key comes from the folded name, so that two who type it at once, with or without accents, get one need.
    Raises `Refused` when the network has very many of its own.
    """
    if known := known_by(words):
        return known
    name, folded = tidy(words), fold(words)
    key = "-".join(part for part in (slugify(folded)[:30].strip("-"), sha256(folded.encode()).hexdigest()[:8]) if part)
    if Need.objects.exclude(own_name="").count() >= OWN_NEEDS_MOST:
        raise Refused(_("Three hundred needs of your own are the most. Choose one that is there."))
    return Need.objects.get_or_create(key=key, defaults={"own_name": name[:60], "sort_key": folded[:60]})[0]


def forget_unnamed(needs: list[Need]) -> None:
    """Let go of the network's own needs that nothing speaks of any more: they were typed by mistake."""
    for need in needs:
        if need.own_name and not need.visits.exists():
            try:
                with transaction.atomic():
                    need.delete()
            except ProtectedError:
                continue
