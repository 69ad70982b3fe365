"""The asset map as somebody looks through it: by word, kind and distance among what they may see (mission S9)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, IntegerField, OrderBy, Prefetch, Q, Value, When
from django.db.models.functions import Now
from django.utils.formats import number_format

from commons.people.models import Person
from sites.models import Ask, Asset, Block, Home, Skill
from sites.models.assets import BUILT_IN_SKILLS, LIMITS, AssetQuerySet
from sites.queries.audience import seen_by
from sites.rules import phrases
from sites.rules.nearness import Position, coarse, metres, within
from sites.rules.words import plain
from sites.states import LENT

# Whoever looks further than this looks for a word.
FOUND_MOST = 600
WORDS_MOST = 6


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: words, a kind ("" for all), and how many metres from their block (None: anywhere)."""

    words: str = ""
    kind: str = ""
    reach: int | None = None


@dataclass(frozen=True)
class Seen:
    """One thing on the map, as somebody who may see it reads it."""

    asset: Asset
    mine: bool
    limits: list[str]
    near: str
    # Coarse metres from the reader's own block; None where either is unknown.
    metres: int | None
    lent: Ask | None

    @property
    def kilometres(self) -> str:
        """Return the distance as the reader writes numbers: "1", "1.5"."""
        return number_format((self.metres or 0) / 1000, decimal_pos=None if (self.metres or 0) % 1000 else 0)


def words_of(title: str, skill: Skill | None) -> str:
    """Return the folded words by which something is found, whatever language its reader speaks."""
    name = "" if skill is None else skill.own_name or skill.sort_key
    return plain(f"{title} {name}")[:240]


def home_of(person: Person) -> Home | None:
    """Return the block that this person lives on, if they said so."""
    return Home.objects.filter(person=person.pk).select_related("block").first()


def found(person: Person, wanted: Wanted, home: Home | None, now: datetime) -> AssetQuerySet:
    """Return what this person may see of what they look for, at most 600: nearest first, or else newest first."""
    assets, newest = (
        seen_by(person, now),
        [OrderBy(F("offered_at"), descending=True), OrderBy(F("id"), descending=True)],
    )
    if wanted.kind:
        assets = assets.filter(kind=wanted.kind)
    if tokens := plain(wanted.words.replace("\x00", ""))[:80].split()[:WORDS_MOST]:
        query = SearchQuery(" & ".join(f"{token}:*" for token in tokens), config="simple", search_type="raw")
        assets = assets.filter(Q(search=query) | Q(skill__in=_skills_called(tokens)))
        # In an order that no index has: PostgreSQL might walk through all things, the newest first, for a rare word.
        newest[0] = OrderBy(ExpressionWrapper(F("offered_at") + timedelta(0), DateTimeField()), descending=True)
    if wanted.reach is not None and home is not None:
        near = within(_position(home.block), _positions(), wanted.reach)
        rank = Case(
            *(When(person__home__block=block, then=Value(far)) for far, block in near),
            default=Value(10**6),
            output_field=IntegerField(),
        )
        assets = assets.filter(person__home__block__in=[block for _far, block in near])
        newest.insert(0, OrderBy(rank))
    assets = assets.order_by(*newest)
    return _shown(assets)[:FOUND_MOST]


def _shown(assets: AssetQuerySet) -> AssetQuerySet:
    """Return the same with what a row says of each, in one more statement for all: whose, what, where, lent."""
    out = Ask.objects.filter(loan=True, state__in=[state.value for state in LENT])
    return assets.select_related("skill", "person__home__block").prefetch_related(
        Prefetch("asks", out, to_attr="loans")
    )


def _skills_called(tokens: list[str]) -> list[int]:
    """Return the built-in skills in which all of these words begin, as the reader or others call them."""
    keys = []
    for key, name in BUILT_IN_SKILLS.items():
        said = f" {plain(str(name))} {' '.join(phrases.SKILLS.get(key, ()))}"
        if all(re.search(rf"(?<!\w){re.escape(token)}", said) for token in tokens):
            keys.append(key)
    return list(Skill.objects.filter(key__in=keys).values_list("pk", flat=True)) if keys else []


def _position(block: Block) -> Position:
    return float(block.latitude), float(block.longitude)


def _positions() -> list[tuple[int, Position]]:
    rows = Block.objects.values_list("pk", "latitude", "longitude")
    return [(pk, (float(north), float(east))) for pk, north, east in rows]


def rows(assets: Iterable[Asset], person: Person, home: Home | None) -> list[Seen]:
    """Return these as rows; they come from `found` or `asset_seen`, so that nothing more is asked of the database."""
    names = dict(LIMITS)
    return [_seen(asset, person, home, names) for asset in assets]


def _seen(asset: Asset, person: Person, home: Home | None, names: dict[str, Any]) -> Seen:
    theirs: Home | None = getattr(asset.person, "home", None)
    far = None
    if home is not None and theirs is not None:
        far = coarse(metres(_position(home.block), _position(theirs.block)))
    loans: list[Ask] = asset.loans  # type: ignore[attr-defined]
    return Seen(
        asset=asset,
        mine=asset.person_id == person.pk,
        limits=[str(names.get(limit, limit)) for limit in asset.limits],
        near=theirs.block.name if theirs is not None else "",
        metres=far,
        lent=loans[0] if loans else None,
    )


def asset_seen(person: Person) -> AssetQuerySet:
    """Return everything on the map that this person may see, to be looked at one by one."""
    return _shown(seen_by(person, Now()))
