"""Joinings as the newcomer and the pod's members may see them, and finding whom to name.

Neither vouches nor objections are counted for anybody: a reader learns only what they did themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower

from commons.people.models import Person
from pods.models import Joining, Membership, Objection, Pod, Vouch
from pods.rules.health import SEATS
from pods.rules.joining import days_passed
from pods.states import JoiningState

OPEN = JoiningState.OPEN.value
# A joining that is over can still be looked at for as long as it is news.
NEWS = timedelta(days=14)
AT_MOST = 8
SHORTEST_BEGINNING = 3


def joinings_visible_to(person: Person) -> QuerySet[Joining]:
    """Return the joinings of this person and of their pods, with what they themselves said (`vouched`, `objected`)."""
    inside = Membership.objects.seated().filter(pod=OuterRef("pod"), person=person.pk)
    own = {"joining": OuterRef("pk"), "person": person.pk}
    return (
        Joining.objects.filter(Q(person=person.pk) | Exists(inside), pod__dissolved_at__isnull=True)
        .annotate(vouched=Exists(Vouch.objects.filter(**own)), objected=Exists(Objection.objects.filter(**own)))
        .select_related("pod", "pod__block", "person", "named_by")
    )


@dataclass(frozen=True)
class JoiningRow:
    """A joining under way, as a list shows it: no objection, not even one's own, for whoever looks on."""

    joining: Joining
    day: int
    vouched: bool


def under_way(pod: Pod, person: Person, now: datetime) -> list[JoiningRow]:
    """Return the joinings of this pod that are open, the oldest first."""
    rows = joinings_visible_to(person).filter(pod=pod, state=OPEN).order_by("opened_at", "id")
    return [
        JoiningRow(row, days_passed(row.opened_at, now), row.vouched)  # type: ignore[attr-defined]
        for row in rows
    ]


def mine_in(pod: Pod, person: Person) -> Joining | None:
    """Return this person's own open joining of this pod."""
    return Joining.objects.filter(pod=pod, person=person.pk, state=OPEN).first()


def waiting_for(person: Person, now: datetime) -> list[Joining]:
    """Return what waits for this person: their own yes, or their word for somebody (neither given nor withheld)."""
    rows = joinings_visible_to(person).filter(state=OPEN, closes_at__gt=now)
    own = Q(person=person.pk, agreed_at__isnull=True)
    word = Q(founder=False, vouched=False, objected=False) & ~Q(person=person.pk)
    return list(rows.filter(own | word).order_by("closes_at", "id"))


def settled_lately(person: Person, now: datetime) -> list[Joining]:
    """Return this person's own joinings that were settled in the last three days, a founder's seat aside."""
    over = Joining.objects.filter(person=person.pk, founder=False, settled_at__gt=now - timedelta(days=3))
    states = [JoiningState.ADMITTED.value, JoiningState.NOT_NOW.value]
    return list(over.filter(state__in=states, pod__dissolved_at__isnull=True).select_related("pod"))


@dataclass(frozen=True)
class Found:
    """Someone who could be named, with what tells them apart from another of the same name.

    Only what the reader knows anyhow: pods that both are in. The code is the neighbour's own to give.
    """

    person: Person
    shared_pods: list[str]


def _folded(text: "F | Value") -> Func:
    """Return a text without case and accents, so that "jose" finds José."""
    plain = Func(Lower(text), template="normalize(%(expressions)s, NFD)")
    without = "regexp_replace(%(expressions)s, '[\\u0300-\\u036f]', '', 'g')"
    return Func(plain, template=without, output_field=TextField())


def people_found(words: str, pod: Pod, reader: Person) -> list[Found]:
    """Return members of the network by code, by handle, or by its first three letters; never a list of all."""
    return _with_pods(people_to_name(pod, words), reader)


def people_to_name(pod: Pod, words: str) -> list[Person]:
    """Return whom these words may mean: not those who sit in the pod or are being asked already."""
    words = words.strip()
    if not words or "\x00" in words:
        return []
    handle = Q(folded=_folded(Value(words)))
    if len(words) >= SHORTEST_BEGINNING:
        handle |= Q(folded__startswith=_folded(Value(words)))
    taken = Membership.objects.seated().filter(pod=pod, person=OuterRef("pk"))
    asked = Joining.objects.filter(pod=pod, person=OuterRef("pk"), state=OPEN)
    everyone = Person.objects.filter(is_active=True).annotate(folded=_folded(F("handle")))
    found = everyone.filter(Q(ref=words.lower()) | handle, ~Exists(taken), ~Exists(asked))
    return list(found.order_by("handle", "id")[:AT_MOST])


def _with_pods(people: list[Person], reader: Person) -> list[Found]:
    shared: dict[int, list[str]] = {}
    seats = (
        Membership.objects.seated()
        .filter(person__in=people, pod__in=Pod.objects.standing().of(reader.pk))
        .order_by("pod__name")
    )
    for person, name in seats.values_list("person_id", "pod__name"):
        shared.setdefault(person, []).append(name)
    return [Found(person, shared.get(person.pk, [])) for person in people]


def room_left(pod: Pod) -> int:
    """Return how many seats are free."""
    return SEATS - Membership.objects.seated().filter(pod=pod).count()


def person_named(ref: str) -> Person | None:
    """Return the member with this code."""
    return Person.objects.filter(ref=ref, is_active=True).first()


def founders_asked(joining: Joining) -> list[str]:
    """Return who else is in a forming pod or is asked into it, so that a founder knows with whom they would form it."""
    seated = Membership.objects.seated().filter(pod=joining.pod_id).order_by("seat")
    others = Joining.objects.filter(pod=joining.pod_id, state=OPEN).exclude(pk=joining.pk).order_by("id")
    return [
        *seated.values_list("person__handle", flat=True),
        *others.values_list("person__handle", flat=True),
    ]
