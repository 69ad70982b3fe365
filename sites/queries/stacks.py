"""A stack of cards beside what the database knows: what each card becomes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, QuerySet, TextField
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from commons.people import queries as people
from commons.people.models import Invitation, Person
from sites.models import Asset, CardStack
from sites.queries import roster
from sites.rules import cards, phrases
from sites.rules.cards import Amiss, Becomes, Card
from sites.rules.words import fold
from sites.states import AssetKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 20
SENTENCES: "dict[Amiss, StrOrPromise]" = {
    Amiss.NO_WHO: _("Whose card is it? Their name here or their code."),
    Amiss.NO_WHAT: _("What do they share?"),
    Amiss.TOO_LONG: _("Say it shorter: sixty characters for what, forty for a name."),
    Amiss.BAD_EMAIL: _("That is no e-mail address."),
    Amiss.NOBODY: _("Nobody here goes by that. With an e-mail they are invited; their card waits for them."),
    Amiss.SEVERAL: _("Several people go by that. Take their code, or their e-mail."),
    Amiss.WITHDRAWN: _("An invitation to this address was taken back, so none goes out."),
    Amiss.JOINED: _("Whoever was invited under this address has joined under another. Take their name here."),
}


@dataclass(frozen=True)
class Planned:
    """One card, what becomes of it, and for whom."""

    card: Card
    becomes: Becomes
    person: Person | None = None
    invitation: Invitation | None = None

    @property
    def sentence(self) -> "StrOrPromise":
        """Return what is amiss."""
        return SENTENCES[self.card.amiss] if self.card.amiss else ""


def stacks_of(person: Any) -> QuerySet[CardStack]:
    """Return the stacks that this person types in and has not entered yet; nobody else's are theirs to see."""
    return CardStack.objects.filter(by=person.pk, entered_at=None)


def unpack(stack: CardStack) -> list[dict[str, str]]:
    """Return the rows of a stack as they were typed."""
    rows: list[dict[str, str]] = json.loads(stack.draft or "[]")
    return rows


def plan(rows: Iterable[Mapping[str, str]]) -> list[Planned]:
    """Return what becomes of each row. As many statements for sixty rows as for one."""
    judged = cards.judge(rows)
    named = _named({card.who for card in judged})
    addresses = {card.email for card in judged if card.email and card.amiss is None}
    by_address = {person.email: person for person in people.members(None).filter(email__in=addresses)}
    invited = roster.invited(addresses)
    planned = [_planned(card, named, by_address, invited) for card in judged]
    there = _there([one.person.pk for one in planned if one.person is not None])
    return [
        replace(one, becomes=Becomes.THERE) if one.person and (one.person.pk, _what(one.card)) in there else one
        for one in planned
    ]


def _planned(
    card: Card, named: Mapping[str, list[Person]], by_address: Mapping[str, Person], invited: Mapping[str, Invitation]
) -> Planned:
    if card.amiss is not None:
        return Planned(card, Becomes.AMISS)
    if person := by_address.get(card.email):
        return Planned(card, Becomes.SHARED, person)
    if card.email:
        return _to_invite(card, invited.get(card.email))
    called = named.get(fold(card.who), [])
    if len(called) == 1:
        return Planned(card, Becomes.SHARED, called[0])
    return _amiss(card, Amiss.SEVERAL if called else Amiss.NOBODY)


def _to_invite(card: Card, invitation: Invitation | None) -> Planned:
    if invitation is not None and invitation.revoked_at is not None:
        return _amiss(card, Amiss.WITHDRAWN)
    if invitation is not None and invitation.used:
        return _amiss(card, Amiss.JOINED)
    return Planned(card, Becomes.INVITED, invitation=invitation)


def _amiss(card: Card, why: Amiss) -> Planned:
    return Planned(replace(card, amiss=why), Becomes.AMISS)


def _named(names: set[str]) -> dict[str, list[Person]]:
    """Return the members whom these names or codes may mean, by the folded name or the code."""
    folded = {fold(name) for name in names if name}
    if not folded:
        return {}
    plain = Func(Lower(F("handle")), template="normalize(%(expressions)s, NFD)")
    without = "regexp_replace(%(expressions)s, '[\\u0300-\\u036f]', '', 'g')"
    found: dict[str, list[Person]] = {}
    everybody = people.members(None).alias(folded=Func(plain, template=without, output_field=TextField()))
    for person in everybody.filter(folded__in=folded):
        found.setdefault(fold(person.handle), []).append(person)
    for one in people.members(None).filter(ref__in=folded):
        found[one.ref] = [one]
    return found


def offer_of(card: Card) -> phrases.Offer:
    """Return what a card offers: a built-in skill where its words name one, else its own words, of the kind it says."""
    if card.kind == AssetKind.SKILL:
        known = phrases.offer(card.what)
        if known.skill and known.kind == AssetKind.SKILL:
            return known
    return phrases.Offer(card.kind, title=card.what)


def _what(card: Card) -> str:
    offer = offer_of(card)
    return offer.skill or fold(offer.title)


def _there(persons: Sequence[int]) -> set[tuple[int, str]]:
    """Return what these people share already, as `_what` says it of a card."""
    there = set()
    rows = Asset.objects.filter(person__in=persons).values_list("person_id", "title", "skill__key", "skill__own_name")
    for person, title, key, own_name in rows:
        there |= {(person, said) for said in (key, fold(title), fold(own_name or "")) if said}
    return there


def entered_for(person: Any, stack: int, now: datetime) -> QuerySet[Asset]:
    """Return what was entered for this person from a stack, and they have not said anything about yet."""
    return waiting(person, now).filter(stack=stack)


def waiting(person: Any, now: datetime) -> QuerySet[Asset]:
    """Return what was entered for this person and still waits for their word."""
    return (
        Asset.objects.filter(person=person.pk, pending_until__gt=now)
        .select_related("skill", "stack__by")
        .order_by("id")
    )
