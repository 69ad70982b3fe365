"""What proposals are made from: who is willing, what they offer, what calls needed, and what has held (mission S10)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateField, Exists, Func, OuterRef, QuerySet
from django.db.models.functions import Cast, Coalesce, Now

from commons.people.models import Absence
from pods.models import Call, CallKind, CallNeed, Cluster, ClusterMember, Membership, Willing
from pods.rules.health import COMMONLY_NEEDED, LOOKS_BACK
from sites.models import Asset, Shift
from sites.queries.needs import tally
from sites.rules.clusters import HELD_DAYS, SPACE, TOOL, Offering, Picture, Strength, works_for, works_with
from sites.rules.grouping import Cell, cell_of
from sites.states import AssetKind, ClusterKind, ShiftState, Work

THINGS = {AssetKind.SPACE.value: SPACE, AssetKind.TOOL.value: TOOL}


def resting(person: str) -> Exists:
    """Return whether the person that a row names by this key rests today, in their own days."""
    local = Func(OuterRef(f"{person}__time_zone"), Now(), function="timezone")
    return Exists(Absence.objects.filter(person=OuterRef(person), days__contains=Cast(local, DateField())))


def in_a_pod(person: str) -> Exists:
    """Return whether the person that a row names by this key has a seat in a pod that stands."""
    seats = Membership.objects.seated().filter(person=OuterRef(person), pod__dissolved_at=None)
    return Exists(seats)


@dataclass(frozen=True)
class Capacity:
    """What the rule computes from, and the block that each person named."""

    picture: Picture
    block_of: Mapping[int, int]
    cell_of_block: Mapping[int, Cell]


def capacity(now: datetime) -> Capacity:
    """Return everything at once, in a fixed number of statements."""
    willing = _willing()
    seated = in_a_pod("person")
    rows = list(willing.values_list("person_id", "block_id", "block__latitude", "block__longitude", seated))
    can, proven = _offered(willing, now)
    people = [
        Offering(
            id=person,
            cell=cell_of(float(north), float(east)),
            can=frozenset(can.get(person, ())),
            proven=frozenset(proven.get(person, ())),
            in_pod=sits,
        )
        for person, _block, north, east, sits in rows
    ]
    return Capacity(
        Picture(people=people, needed=needed(now), heard=heard(), strengths=strengths(now), taken=_taken()),
        {person: block for person, block, *_rest in rows},
        {block: cell_of(float(north), float(east)) for _person, block, north, east, _sits in rows},
    )


def _willing() -> "QuerySet[Willing]":
    """Return who lets themselves be proposed and does not rest today."""
    here = Willing.objects.filter(~resting("person"), person__is_active=True, person__unproven_since=None)
    return here.order_by("person_id")


def _offered(willing: "QuerySet[Willing]", now: datetime) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Return what each of these people offers, by skills' keys and marks of things, and what of it is proven."""
    assets = _offers(now).filter(person__in=willing.values("person_id"))
    first = Coalesce("first_offered_at", "offered_at")
    can: dict[int, set[str]] = {}
    proven: dict[int, set[str]] = {}
    held = now - timedelta(days=HELD_DAYS)
    for person, kind, skill, since in assets.values_list("person_id", "kind", "skill__key", first):
        what = skill or THINGS.get(kind)
        if what:
            can.setdefault(person, set()).add(what)
            if since <= held:
                proven.setdefault(person, set()).add(what)
    return can, proven


def _offers(now: datetime) -> "QuerySet[Asset]":
    """Return what is offered now, in its person's own word: not what somebody else typed from a card."""
    return Asset.objects.fresh(now).filter(pending_until=None)


def needed(now: datetime) -> Counter[str]:
    """Return each skill by its key with how many calls of the last year needed it, and what the kinds in use need.

    As for one pod's health: a network without a history yet should not learn from a call that went wrong.
    """
    lately = {"call__opened_at__gt": now - LOOKS_BACK, "call__drill": False, "skill__isnull": False}
    often = Counter(dict(CallNeed.objects.filter(**lately).values_list("skill__key").annotate(Count("call"))))
    kinds = CallKind.objects.filter(active=True, key__in=list(COMMONLY_NEEDED)).values_list("key", flat=True)
    often.update(skill for kind in kinds for skill in COMMONLY_NEEDED[kind])
    return often


def strengths(now: datetime) -> list[Strength]:
    """Return what held on which cell in the last year: calls that found enough people, no drills, and kept shifts.

    Who came to one is forgotten after a month and isn't looked at here: that it held is a fact of the call, or of the
    station.
    """
    held = Call.objects.filter(opened_at__gt=now - LOOKS_BACK, drill=False, covered_at__isnull=False)
    rows = held.filter(needs__skill__isnull=False).values_list(
        "pk", "block__latitude", "block__longitude", "needs__skill__key"
    )
    calls: dict[int, tuple[Cell, set[str]]] = {}
    for pk, north, east, skill in rows:
        calls.setdefault(pk, (cell_of(float(north), float(east)), set()))[1].add(skill)
    kept = Shift.objects.filter(state=ShiftState.KEPT.value, starts_at__gt=now - LOOKS_BACK).values_list(
        "place__latitude", "place__longitude", "popup__need__key"
    )
    return [
        *(Strength(cell, works_with(skills)) for cell, skills in calls.values()),
        *(Strength(cell_of(north, east), works_for([need])) for north, east, need in kept),
    ]


def heard() -> Counter[Work]:
    """Return how often teams that listened heard a need for each kind of work."""
    found: Counter[Work] = Counter()
    for need, times in tally().values_list("key", "times"):
        for work in works_for([need]):
            found[work] += times
    return found


def _taken() -> dict[ClusterKind, frozenset[int]]:
    """Return who stands in a proposal of each kind."""
    found: dict[ClusterKind, set[int]] = {kind: set() for kind in ClusterKind}
    for kind, person in ClusterMember.objects.values_list("cluster__kind", "person_id"):
        found[ClusterKind(kind)].add(person)
    return {kind: frozenset(people) for kind, people in found.items()}


def live() -> "QuerySet[ClusterMember]":
    """Return the places in proposals whose people can still be counted on: here, willing, not resting, not against it.

    For a pod also: in none yet.
    """
    here = ClusterMember.objects.filter(
        ~resting("person"),
        Exists(Willing.objects.filter(person=OuterRef("person"))),
        person__is_active=True,
        person__unproven_since=None,
    )
    return here.exclude(said="not_for_me").exclude(in_a_pod("person"), cluster__kind=ClusterKind.POD.value)


def with_live(clusters: "QuerySet[Cluster]") -> "QuerySet[Cluster]":
    """Return these proposals with `alive`, how many of their people can still be counted on."""
    members = live().filter(cluster=OuterRef("pk")).order_by().values("cluster").annotate(n=Count("pk")).values("n")
    return clusters.annotate(alive=Func(members, 0, function="coalesce"))


def openly_offered(people: Iterable[int], now: datetime) -> "QuerySet[Asset]":
    """Return what these people offer, the private too: whoever shows it has to tell the two apart."""
    return _offers(now).filter(person__in=list(people)).select_related("skill").order_by("pk")
