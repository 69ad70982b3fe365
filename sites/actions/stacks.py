"""Typing in a stack of cards: kept while it is typed, entered on people's behalf, and told to each of them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.links import give
from commons.notices.actions.outbox import enqueue, enqueue_letters
from commons.notices.states import Urgency
from commons.people.models import Invitation, Person
from commons.web.refusal import Refused
from sites.actions import roster
from sites.actions.assets import ASSETS_MOST, skill_named
from sites.models import Asset, CardStack, Skill
from sites.queries import roster as roster_queries
from sites.queries import stacks as queries
from sites.queries.asset_map import words_of
from sites.queries.stacks import Planned
from sites.rules.cards import ACCEPT_WITHIN, Becomes
from sites.rules.words import fold
from sites.states import AssetKind

KIND, PURPOSE = "sites.card", "card"
STACKS_MOST = 20


@transaction.atomic
def begin(*, by: Person, now: datetime) -> CardStack:
    """Begin a stack; one that is empty still is used again."""
    Person.objects.select_for_update().get(pk=by.pk)
    empty = queries.stacks_of(by).filter(rows=0).first()
    if empty is not None:
        return empty
    if queries.stacks_of(by).count() >= STACKS_MOST:
        raise Refused(_("Twenty stacks wait already. Enter or forget one of them first."))
    return CardStack.objects.create(by=by, made_at=now, changed_at=now)


@transaction.atomic
def keep(*, stack: CardStack, rows: list[dict[str, str]], now: datetime) -> CardStack:
    """Keep what was typed, as it was typed, good or not. Raises `Refused` once the stack was entered."""
    locked = _locked(stack)
    locked.draft, locked.rows, locked.changed_at = json.dumps(rows), len(rows), now
    locked.save(update_fields=["draft", "rows", "changed_at"])
    return locked


@transaction.atomic
def forget(*, stack: CardStack) -> None:
    """Throw a stack away that was not entered."""
    _locked(stack).delete()


@transaction.atomic
def enter(*, stack: CardStack, now: datetime) -> tuple[list[Planned], CardStack | None]:
    """Enter every card that can be entered; return what became of each, and a new stack with those that can't.

    Members find it on their list, marked, for 14 days: theirs once they say so, gone if they never do, and each is told
    once with a link that undoes it. Whoever is not here yet is invited; their cards wait in the invitation, sealed.
    Entered once: of two who press, the second is told.
    """
    locked = _locked(stack)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [roster.ONE_AT_A_TIME])
    rows = queries.unpack(locked)
    planned = queries.plan(rows)
    if not any(one.becomes in {Becomes.SHARED, Becomes.INVITED} for one in planned):
        raise Refused(_("There is no card here that could be entered. Nothing was changed."))
    _share(locked, planned, now)
    _invite(locked.by, planned, now)
    # As it was typed, with the name that it took from the card above.
    rest = [
        {**rows[one.card.number - 1], "who": one.card.who, "email": one.card.email}
        for one in planned
        if one.becomes is Becomes.AMISS
    ]
    locked.draft, locked.entered_at, locked.changed_at = None, now, now
    locked.save(update_fields=["draft", "entered_at", "changed_at"])
    if not rest:
        return planned, None
    left = CardStack(by=locked.by, made_at=now, changed_at=now, rows=len(rest))
    left.draft = json.dumps(rest)
    left.save(force_insert=True)
    return planned, left


def _locked(stack: CardStack) -> CardStack:
    found = CardStack.objects.select_for_update(of=("self",)).select_related("by").filter(pk=stack.pk, entered_at=None)
    locked = found.first()
    if locked is None:
        raise Refused(_("This stack was entered already. Nothing was entered twice."))
    return locked


def _share(stack: CardStack, planned: Iterable[Planned], now: datetime) -> None:
    until = now + ACCEPT_WITHIN
    mine = [one for one in planned if one.becomes is Becomes.SHARED and one.person is not None]
    ids = sorted({one.person.pk for one in mine if one.person is not None})
    # One after the other for the same person: whoever shares the same thing at this moment has one, not two.
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    skills: dict[str, Skill] = {}
    made: list[Asset] = []
    told: set[int] = set()
    room = _room(ids)
    for one in mine:
        asset = _asset(stack, one, skills, now)
        if asset is None or room[asset.person_id] <= 0 or any(_same(asset, other) for other in made):
            continue
        room[asset.person_id] -= 1
        asset.offered_at, asset.fresh_until, asset.pending_until = now, until, until
        made.append(asset)
        told.add(asset.person_id)
    Asset.objects.bulk_create(made, ignore_conflicts=True)
    give(purpose=PURPOSE, subject=stack.subject, people=told, expires_at=until)
    enqueue(subject=stack.subject, kind=KIND, people=told, urgency=Urgency.SOON, now=now, expires_at=until)


def _room(people: Iterable[int]) -> dict[int, int]:
    room = dict.fromkeys(people, ASSETS_MOST)
    for person in Asset.objects.filter(person__in=list(room)).values_list("person_id", flat=True):
        room[person] -= 1
    return room


def _same(one: Asset, other: Asset) -> bool:
    return (one.person_id, one.kind, one.skill_id, one.words) == (
        other.person_id,
        other.kind,
        other.skill_id,
        other.words,
    )


def _asset(stack: CardStack, one: Planned, skills: dict[str, Skill], now: datetime) -> Asset | None:
    card, offer = one.card, queries.offer_of(one.card)
    if one.person is None:
        return None
    title, skill = offer.title, None
    if offer.skill:
        skill = skills.setdefault(offer.skill, Skill.objects.get(key=offer.skill))
    elif card.kind == AssetKind.SKILL:
        skill, title = skills.setdefault(fold(card.what), skill_named(card.what)), ""
    asset = Asset(person=one.person, kind=card.kind, skill=skill, title=title, audience=card.seen, stack=stack)
    asset.limits = sorted(limit.value for limit in card.limits)
    asset.note = card.note or None
    asset.words = words_of(title, skill)
    return asset


def _invite(by: Person, planned: Iterable[Planned], now: datetime) -> None:
    """Invite whoever is not here yet, once for all their cards; an invitation that stands takes the cards up."""
    by_address: dict[str, list[Planned]] = {}
    for one in planned:
        if one.becomes is Becomes.INVITED:
            by_address.setdefault(one.card.email, []).append(one)
    letters = []
    for address, theirs in by_address.items():
        invitation, fresh = _invitation(by, address, theirs, now)
        if fresh:
            letters.append(roster.letter_to(invitation, address, now))
    enqueue_letters(letters)


def _invitation(by: Person, address: str, theirs: list[Planned], now: datetime) -> tuple[Invitation, bool]:
    standing = theirs[0].invitation
    fresh = standing is None or standing.expires_at <= now
    invitation = standing or Invitation.fresh(
        inviter=by, language=by.language, address_digest=roster_queries.address_digest(address)
    )
    if fresh:
        roster.begin_anew(invitation, by, now)
    said = json.loads(invitation.staged or "{}")
    said.setdefault("handle", theirs[0].card.who)
    offers = said.setdefault("offers", [])
    offers += [offer for one in theirs if (offer := _offer(one)) not in offers]
    invitation.address, invitation.staged = address, json.dumps(said)
    invitation.save()
    return invitation, fresh


def _offer(one: Planned) -> dict[str, object]:
    offer, card = queries.offer_of(one.card), one.card
    terms: Mapping[str, object] = {
        "limits": [limit.value for limit in card.limits], "note": card.note, "audience": card.seen,
    }  # fmt: skip
    return {"kind": offer.kind, "skill": offer.skill, "title": offer.title, "terms": dict(terms)}
