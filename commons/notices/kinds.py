"""Kinds of message: the app that owns a kind registers how to word it, and whether it is still wanted."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import translation

from commons.notices.models import Delivery

# Brings its own words, sealed.
LETTER = "notices.letter"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What a message says, in its reader's language.

    `title` and the first words of `body` show on a locked screen: they name no kind of call, no
    place, no person, no pod and no network. `line` is the safe line, only for who chose it.
    """

    title: str
    body: str
    language: str
    link: str = ""
    link_label: str = ""
    line: str = ""


# Wording reads rows of the kind's own app; it runs in a transaction, in any language it chooses.
Composer = Callable[[Sequence[Delivery], datetime], dict[int, "Words | Exception | None"]]
_composers: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Register a composer: deliveries of this kind → words by delivery id.

    None where nobody wants the message any more; an exception, as a value, where it can't be said yet.
    """

    def register(composer: Composer) -> Composer:
        _composers[kind] = composer
        return composer

    return register


def compose(deliveries: Sequence[Delivery], now: datetime) -> dict[int, Words | Exception | None]:
    """Return the words of each delivery by id; None where nobody wants it any more.

    One call to each kind's composer, so the number of queries grows with kinds, not with rows. Where
    a composer fails, or a kind is registered nowhere, its error stands in for the words: one broken
    kind holds up no other, and its own messages are tried again.
    """
    by_kind: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_kind.setdefault(delivery.kind if delivery.payload is None else LETTER, []).append(delivery)
    words: dict[int, Words | Exception | None] = {}
    for kind, group in by_kind.items():
        try:
            # The composer speaks one language after another; the caller's own comes back after.
            with translation.override(translation.get_language() or "en"), transaction.atomic():
                words.update(_composers[kind](group, now))
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("words_failed", extra={"kind": kind})
            words.update(dict.fromkeys((delivery.pk for delivery in group), error))
    return words


def registered() -> frozenset[str]:
    """Return the kinds that can be worded."""
    return frozenset(_composers)


def letter(deliveries: Sequence[Delivery], now: datetime) -> dict[int, Words | Exception | None]:
    """Return the words that were sealed with each letter when it was queued."""
    words: dict[int, Words | Exception | None] = {}
    for delivery in deliveries:
        said = json.loads(delivery.payload or "null")
        words[delivery.pk] = said and Words(title=said["title"], body=said["body"], language=said["language"])
    return words
