"""Proposals as their own people may see them, and as organizers may.

What can be learned from a proposal, and by whom:

- **Nobody is in one who did not say so.** Being proposed is a choice of its own (`Willing`), with a block that is named
  for this alone, and taking it back takes effect at once.
- **That neighbours are near.** The others in a proposal learn that somebody is within the stated distance, never on
  which block. Somebody who moves their own block about to look around sees at most one group of eleven a night, for
  that is how often groups are made, and a group stands for a month.
- **Names.** A person's handle stands there only if they have put their name beside something for every member to see,
  or have said that they are interested and enough others have too. All others are a number.
- **What people keep for their pods.** It counts, for that is what pods are made of, but only as a number of further
  wanted skills, never whose and never which. What is wanted may be known, so the number is never so high that it would
  be certain which skills are meant: one more than it says is always left. Somebody may guess; the page on which people
  say that they are willing says so.
- **What people say.** Nobody, organizers included, can read or count who is interested before five are. Then those who
  are interested, and only they, are told of each other; whoever said nothing and whoever said "not for me" look alike.
  A number that shrinks has many reasons: somebody joined a pod, rests, left, or said "not for me".
- **Organizers** see of which kind, near which block, how many, and skills that are offered openly: no names.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, pi, sin
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from commons.people.models import Person
from commons.web.nav import Tempo
from pods.models import Cluster, ClusterMember, ClusterRun, Membership, Willing
from pods.queries import capacity
from pods.states import ClusterWord
from sites.models import Asset, Home, Skill
from sites.rules.clusters import WORKS
from sites.rules.grouping import FEWEST
from sites.states import Audience, ClusterKind, Work

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# How wide the ring is drawn, and how much of each part is no gap.
RADIUS, PART = 40, 0.82
TEMPO: dict[ClusterKind, Tempo] = {
    ClusterKind.POD: "fast",
    ClusterKind.SPRINT: "medium",
    ClusterKind.INSTITUTION: "slow",
}


def standing() -> "QuerySet[Cluster]":
    """Return the proposals that stand, with `alive`: enough of their people can still be counted on, or have met."""
    clusters = capacity.with_live(Cluster.objects.filter(pod=None)).select_related("block")
    return clusters.filter(Q(alive__gte=FEWEST) | Q(met_at__isnull=False, alive__gte=1))


def clusters_for(person: Person) -> "QuerySet[Cluster]":
    """Return the standing proposals that include this person, with what they `said`, the newest first."""
    own = ClusterMember.objects.filter(cluster=OuterRef("pk"), person=person.pk)
    willing = Willing.objects.filter(person=person.pk)
    rows = standing().filter(Exists(own), Exists(willing)).annotate(said=Subquery(own.values("said")[:1]))
    # Whoever has found a pod meanwhile is in no proposal for one any more.
    sits = Membership.objects.seated().filter(person=person.pk, pod__dissolved_at=None)
    rows = rows.exclude(Exists(sits), kind=ClusterKind.POD.value)
    return rows.order_by("-computed_at", "id")


def run() -> ClusterRun:
    """Return when proposals were computed, and whether somebody asked anew."""
    return ClusterRun.objects.first() or ClusterRun()


def home_block(person: Person) -> int | None:
    """Return the block that this person named as theirs for the asset map: only to fill in their own form."""
    return Home.objects.filter(person=person.pk).values_list("block_id", flat=True).first()


def willing(person: Person) -> Willing | None:
    """Return whether and where this person lets themselves be proposed."""
    return Willing.objects.filter(person=person.pk).select_related("block").first()


@dataclass(frozen=True)
class Named:
    """Somebody who is named in a proposal, with what they offer to every member."""

    handle: str
    itself: bool
    words: str


@dataclass(frozen=True)
class Cover:
    """How much of what is wanted is covered: named openly, kept for pods (a number), and lacking."""

    openly: "list[StrOrPromise]"
    kept: int
    wanted: int

    @property
    def covered(self) -> int:
        """Return how many of the wanted skills somebody can do."""
        return len(self.openly) + self.kept

    @property
    def ring(self) -> list[dict[str, str]]:
        """Return the parts of a ring around (50, 50), the first at the top: what each is, and its arc as a path."""
        states = ["open"] * len(self.openly) + ["kept"] * self.kept + ["lacking"] * (self.wanted - self.covered)
        return [{"state": state, "path": _arc(number, self.wanted)} for number, state in enumerate(states)]


def _arc(number: int, of: int) -> str:
    """Return one part of a ring that is cut into so many, with a gap after it, as a path that no locale changes."""
    begins, ends = (2 * pi * turn / of - pi / 2 for turn in (number, number + PART))
    points = [f"{50 + RADIUS * cos(turn):.2f} {50 + RADIUS * sin(turn):.2f}" for turn in (begins, ends)]
    return f"M{points[0]}A{RADIUS} {RADIUS} 0 {int(ends - begins > pi)} 1 {points[1]}"


@dataclass(frozen=True)
class View:
    """A proposal as one of its own people sees it; as an organizer sees it without `named` and `things`."""

    cluster: Cluster
    people: int
    cover: Cover
    times: int
    named: list[Named] = field(default_factory=list)
    unnamed: int = 0
    # Spaces and tools for the work: those that every member may see, and how many are kept for pods.
    things: list[str] = field(default_factory=list)
    things_kept: int = 0
    # The others who are interested, once the reader is one of those who were told.
    interested: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Return what the reader said to it."""
        return str(getattr(self.cluster, "said", "") or "")

    @property
    def met(self) -> bool:
        """Return whether the reader is one of those who were told of each other."""
        return self.cluster.met_at is not None and self.said == ClusterWord.INTERESTED


def views(clusters: Iterable[Cluster], reader: Person | None, now: datetime) -> list[View]:
    """Return these proposals for one of their people, or with `reader` None for organizers; three statements."""
    clusters = list(clusters)
    by_cluster: dict[int, list[ClusterMember]] = {}
    for place in capacity.live().filter(cluster__in=clusters).select_related("person"):
        by_cluster.setdefault(place.cluster_id, []).append(place)
    offered: dict[int, list[Asset]] = {}
    people = {place.person_id for places in by_cluster.values() for place in places}
    for asset in capacity.openly_offered(people, now):
        offered.setdefault(asset.person_id, []).append(asset)
    names = {skill.key: skill.name for skill in _skills(clusters)}
    return [_view(cluster, by_cluster.get(cluster.pk, []), offered, names, reader) for cluster in clusters]


def _skills(clusters: Sequence[Cluster]) -> "QuerySet[Skill]":
    return Skill.objects.filter(key__in={key for cluster in clusters for key in cluster.wanted})


def _view(
    cluster: Cluster,
    places: Sequence[ClusterMember],
    offered: dict[int, list[Asset]],
    names: dict[str, str],
    reader: Person | None,
) -> View:
    assets = [asset for place in places for asset in offered.get(place.person_id, ())]
    cover = _cover(cluster, assets, names)
    if reader is None:
        return View(cluster, len(places), Cover(cover.openly, 0, cover.wanted), cluster.times)
    met = cluster.met_at is not None and getattr(cluster, "said", "") == ClusterWord.INTERESTED
    named = [
        _named(place, offered.get(place.person_id, ()), reader)
        for place in places
        if place.person_id == reader.pk
        or any(map(_open, offered.get(place.person_id, ())))
        or (met and place.said == ClusterWord.INTERESTED)
    ]
    things = [asset for asset in assets if _is_for(cluster, asset)]
    return View(
        cluster=cluster,
        people=len(places),
        cover=cover,
        times=cluster.times,
        named=sorted(named, key=lambda one: (not one.itself, one.handle.casefold())),
        unnamed=len(places) - len(named),
        things=sorted(str(asset) for asset in things if _open(asset)),
        things_kept=sum(not _open(asset) for asset in things),
        interested=sorted(
            place.person.handle
            for place in places
            if met and place.said == ClusterWord.INTERESTED and place.person_id != reader.pk
        ),
    )


def _open(asset: Asset) -> bool:
    """Return whether every member may see it."""
    return asset.audience == Audience.NETWORK


def _cover(cluster: Cluster, assets: Iterable[Asset], names: dict[str, str]) -> Cover:
    openly: Counter[str] = Counter()
    kept: set[str] = set()
    for asset in assets:
        if asset.skill is not None and asset.skill.key in cluster.wanted:
            if _open(asset):
                openly[asset.skill.key] += 1
            else:
                kept.add(asset.skill.key)
    said = sorted(names.get(key, key) for key in openly)
    # Never so many that it would be certain which: of what nobody offers openly, one more stays in doubt.
    most = max(0, len(cluster.wanted) - len(openly) - 1)
    return Cover(openly=list(said), kept=min(len(kept - set(openly)), most), wanted=len(cluster.wanted))


def _is_for(cluster: Cluster, asset: Asset) -> bool:
    """Return whether it is a space or a tool that the work of a sprint takes."""
    if cluster.kind != ClusterKind.SPRINT:
        return False
    return capacity.THINGS.get(asset.kind) in WORKS[Work(cluster.work)].things


def _named(place: ClusterMember, assets: Iterable[Asset], reader: Person) -> Named:
    words = " · ".join(sorted({str(asset.skill or asset) for asset in assets if _open(asset)}))
    return Named(place.person.handle, place.person_id == reader.pk, words)
