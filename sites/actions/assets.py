"""What people put on the map, keep true, change and take back."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commons import seal
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.models import Asset, Block, Home, Skill
from sites.models.assets import BUILT_IN_SKILLS
from sites.queries.asset_map import words_of
from sites.rules import phrases
from sites.rules.words import fold, tidy
from sites.states import AssetKind, Audience, LendingState, Limit

FRESH = timedelta(days=365)
UNDO_WITHIN = timedelta(hours=1)
ASSETS_MOST = 60


@dataclass(frozen=True)
class Terms:
    """Under which limits, with which note, and for whose eyes something is shared."""

    limits: tuple[str, ...] = ()
    note: str = ""
    audience: str = Audience.POD.value


def skill_named(words: str) -> Skill:
    """Return the skill of this name, built in or the network's own, and make it if nobody named it before.

    Its key comes from the folded name, so that two people who type it at once, with or without accents, get one skill.
    """
    name, folded = tidy(words), fold(words)
    built_in = phrases.offer(name).skill
    if built_in and not phrases.offer(name).title and built_in in BUILT_IN_SKILLS:
        return Skill.objects.get_or_create(key=built_in, defaults={"sort_key": fold(built_in)})[0]
    key = "-".join(part for part in (slugify(folded)[:30].strip("-"), sha256(folded.encode()).hexdigest()[:8]) if part)
    return Skill.objects.get_or_create(key=key, defaults={"own_name": name[:60], "sort_key": folded[:60]})[0]


@transaction.atomic
def share(*, person: Person, kind: str, skill: Skill | None, title: str, terms: Terms, now: datetime) -> Asset:
    """Put something on the map for a year; a skill that is there already is brought up to date instead.

    A skill in a person's own words becomes one that others can choose too.
    """
    # One after the other for the same person: two taps make one asset.
    Person.objects.select_for_update().get(pk=person.pk)
    if Asset.objects.filter(person=person).count() >= ASSETS_MOST:
        raise Refused(_("Sixty things are the most. Take one back that you no longer share."))
    title = tidy(title)
    if kind == AssetKind.SKILL and skill is None:
        skill, title = skill_named(title), ""
    asset = _standing(person, skill, title) or Asset(person=person, kind=kind, skill=skill)
    asset.title = title
    return _written(asset, terms, now)


def _standing(person: Person, skill: Skill | None, title: str) -> Asset | None:
    mine = Asset.objects.filter(person=person)
    if skill is not None:
        return mine.filter(skill=skill).first()
    folded = fold(title)
    return next((asset for asset in mine.filter(skill=None) if fold(asset.title) == folded), None)


def _written(asset: Asset, terms: Terms, now: datetime) -> Asset:
    asset.limits, asset.audience = sorted(set(terms.limits)), terms.audience
    asset.note = terms.note.strip() or None
    asset.words = words_of(asset.title, asset.skill)
    _fresh(asset, now)
    asset.save()
    return asset


def _fresh(asset: Asset, now: datetime) -> None:
    """Let it stand for a year, as its person's own word, whoever typed it first."""
    asset.offered_at, asset.fresh_until = now, now + FRESH
    asset.first_offered_at = asset.first_offered_at or now
    asset.asked_again_at = asset.pending_until = None


@transaction.atomic
def change(*, asset: Asset, terms: Terms, now: datetime) -> Asset:
    """Change the limits, the note and who may see it; saying so makes it fresh for a year."""
    return _written(Asset.objects.select_for_update().get(pk=asset.pk), terms, now)


@transaction.atomic
def still_true(*, asset: Asset, now: datetime) -> None:
    """Hold it for true for another year; of a card that somebody else typed in, say that it is one's own."""
    Asset.objects.filter(pk=asset.pk).update(
        offered_at=now, fresh_until=now + FRESH, asked_again_at=None, pending_until=None
    )


@transaction.atomic
def take_back(*, asset: Asset, now: datetime) -> str:
    """Delete it, and return what an undo within the hour needs: sealed, and of use to its owner alone.

    Raises `Refused` while a neighbour has it: first it comes back.
    """
    # Whoever hands it over at this moment waits, and finds it gone.
    Asset.objects.select_for_update().get(pk=asset.pk)
    if asset.asks.filter(loan=True, state=LendingState.OUT.value).exists():
        raise Refused(_("A neighbour has it. Take it back once it has come back."))
    said = {
        "person": asset.person_id,
        "kind": asset.kind,
        "skill": asset.skill_id,
        "title": asset.title,
        "terms": [asset.limits, asset.note or "", asset.audience],
        "until": (now + UNDO_WITHIN).timestamp(),
    }
    asset.delete()
    return _undo_box().encrypt(json.dumps(said).encode()).decode()


@transaction.atomic
def put_back(*, person: Person, undo: str, now: datetime) -> Asset:
    """Undo a taking back."""
    said = _opened(undo)
    if said is None or said["person"] != person.pk or said["until"] < now.timestamp():
        raise Refused(_("It is too late to undo this. You can add it again."))
    skill = Skill.objects.filter(pk=said["skill"]).first()
    limits, note, audience = said["terms"]
    terms = Terms(tuple(limits), note, audience)
    return share(person=person, kind=said["kind"], skill=skill, title=said["title"], terms=terms, now=now)


def _undo_box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(seal.derive("undo")))


def _opened(undo: str) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(_undo_box().decrypt(undo.encode()))
    except (InvalidToken, ValueError, binascii.Error):
        return None
    return said


@transaction.atomic
def share_staged(*, person: Person, offers: Iterable[dict[str, Any]], terms: Terms, now: datetime) -> list[Asset]:
    """Put on the map what a list or cards said of somebody who has just joined; theirs from now on.

    A list says one thing of all that somebody offers; a card has terms of its own.
    """
    by_key = {skill.key: skill for skill in Skill.objects.all()}
    return [
        share(
            person=person,
            kind=offer["kind"],
            skill=by_key.get(offer["skill"]),
            title=offer["title"],
            terms=_own_terms(offer.get("terms")) or terms,
            now=now,
        )
        for offer in offers
    ]


@transaction.atomic
def live_on(*, person: Person, block: Block | None) -> None:
    """Say on which block a person lives, or, with None, forget it."""
    if block is None:
        Home.objects.filter(person=person).delete()
    else:
        Home.objects.update_or_create(person=person, defaults={"block": block})


def _own_terms(said: dict[str, Any] | None) -> Terms | None:
    if not said:
        return None
    known = {limit.value for limit in Limit}
    audience = said.get("audience")
    return Terms(
        limits=tuple(limit for limit in said.get("limits", ()) if limit in known),
        note=str(said.get("note", "")),
        audience=audience if audience in set(Audience) else Audience.POD.value,
    )
