"""Kinds of message: the app that owns a kind registers how to word it, and whether it is still wanted."""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import OperationalError, transaction
from django.utils import translation

from commons.notices.models import Delivery
from commons.seal import SealedBytes

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


class Claimed(NamedTuple):
    """A delivery under a lease: what carrying needs of it, a plain row, for making models of thousands takes longer."""

    pk: int
    ref: str
    subject: str
    person_id: int | None
    channel: str
    kind: str
    round: int
    urgency: int
    attempts: int
    sealed: bytes | None
    lease_token: str

    @property
    def is_letter(self) -> bool:
        """Return whether it brings its own words and address."""
        return self.sealed is not None

    @property
    def payload(self) -> str | None:
        """Return a letter's words and address, opened; None where its kind words it."""
        if self.sealed is None:
            return None
        row = Delivery(ref=self.ref)
        # As a row holds it: it is opened when it is looked at.
        setattr(row, "payload", SealedBytes(self.sealed))  # noqa: B010 - django-stubs knows what is read, not what a row holds
        return row.payload


# Wording reads rows of the kind's own app; it runs in a transaction, in any language it chooses.
Composer = Callable[[Sequence[Claimed], datetime], dict[int, "Words | Exception | None"]]
_composers: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Register a composer: deliveries of this kind → words by delivery id.

    None where nobody wants the message any more; an exception, as a value, where it can't be said yet.
    """

    def register(composer: Composer) -> Composer:
        _composers[kind] = composer
        return composer

    return register


def compose(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Return the words of each delivery by id; None where nobody wants it any more.

    One call to each kind's composer, so the number of queries grows with kinds, not with rows. Where
    a composer fails, or a kind is registered nowhere, its error stands in for the words: one broken
    kind holds up no other, and its own messages are tried again.
    """
    by_kind: dict[tuple[str, str], list[Claimed]] = {}
    for delivery in deliveries:
        by_kind.setdefault((delivery.kind, LETTER if delivery.is_letter else delivery.kind), []).append(delivery)
    words: dict[int, Words | Exception | None] = {}
    for (kind, worded_as), group in by_kind.items():
        try:
            # The composer speaks one language after another; the caller's own comes back after.
            with translation.override(translation.get_language() or "en"), transaction.atomic():
                words.update(_composers[worded_as](group, now))
        except OperationalError:
            raise
        except Exception as error:
            logger.exception("words_failed", extra={"kind": kind})
            words.update(dict.fromkeys((delivery.pk for delivery in group), error))
    return words


def registered() -> frozenset[str]:
    """Return the kinds that can be worded."""
    return frozenset(_composers)


# Subjects of letters of one kind → those that are wanted still.
Asker = Callable[[Collection[str], datetime], Collection[str]]
_askers: dict[str, Asker] = {}


def wanted_while(kind: str, asker: Asker) -> None:
    """Register who knows whether letters of this kind are still wanted; without one they always are."""
    _askers[kind] = asker


def letter(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Return the words that were sealed with each letter when it was queued; None where it is wanted no more."""
    wanted = {
        kind: _askers[kind]({one.subject for one in deliveries if one.kind == kind}, now)
        for kind in {one.kind for one in deliveries} & _askers.keys()
    }
    words: dict[int, Words | Exception | None] = {}
    for delivery in deliveries:
        said = None
        if delivery.kind not in wanted or delivery.subject in wanted[delivery.kind]:
            said = json.loads(delivery.payload or "null")
        words[delivery.pk] = said and Words(title=said["title"], body=said["body"], language=said["language"])
    return words
