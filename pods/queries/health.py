"""What a pod's health view is made of: its members' skills and rest, and what calls around it need."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

from django.db.models import Count, DateField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from commons.people.models import Absence
from pods.models import CallKind, CallNeed, Membership, Pod
from pods.rules import health as rules
from pods.states import Answer
from sites.models import Asset, Skill
from sites.states import Audience

WEEK = timedelta(days=7)
METRES_PER_DEGREE = 111_320.0
# So many sister pods are named for one skill; more would be a register.
NAMED = 3


@dataclass(frozen=True)
class View:
    """A pod's health, with names for its skills."""

    health: rules.Health
    covered: list[tuple[Skill, int]]
    missing: list[Skill]
    # What is missing here and offered nearby: the sister pods that have it, as every member may know.
    nearby: list[tuple[Skill, list[str]]]

    @property
    def lacking(self) -> list[tuple[Skill, list[str]]]:
        """Return each skill that is missing here, with the sister pods that have it."""
        found = dict(self.nearby)
        return [(skill, found.get(skill, [])) for skill in self.missing]


def view(pod: Pod, *, inside: bool, now: datetime) -> View:
    """Return the health of a pod: all of it for its members, for others only skills that are meant for everybody."""
    # What is missing tells who rests, and is told to members alone.
    sisters = sisters_of(pod)
    health = rules.health(seated(pod, inside=inside, now=now), needed(pod, sisters, now) if inside else {})
    skills = Skill.objects.in_bulk([*health.covered, *health.missing])
    at_hand = [(skill, count) for skill, count in health.covered.items() if skill not in health.missing]
    covered = sorted(at_hand, key=lambda item: (-item[1], skills[item[0]].sort_key))
    return View(
        health=health,
        covered=[(skills[skill], count) for skill, count in covered],
        missing=[skills[skill] for skill in health.missing],
        nearby=[(skills[skill], names) for skill, names in _offered_by(sisters, health.missing, now).items()],
    )


def seated(pod: Pod, *, inside: bool, now: datetime) -> list[rules.Seated]:
    """Return the members of a pod as its health sees them, in two statements."""
    seats = _with_rest_and_week(Membership.objects.seated().filter(pod=pod), now).order_by("seat")
    rows = list(seats.select_related("person"))
    assets = Asset.objects.fresh(now).filter(skill__isnull=False, person__in=[seat.person_id for seat in rows])
    if not inside:
        assets = assets.filter(audience=Audience.NETWORK.value)
    skills: dict[int, set[int]] = {}
    for person, skill in assets.values_list("person_id", "skill_id"):
        skills.setdefault(person, set()).add(skill)
    return [
        rules.Seated(
            id=seat.person_id,
            skills=frozenset(skills.get(seat.person_id, ())),
            resting=seat.resting,  # type: ignore[attr-defined]
            over_limit=seat.carried >= seat.person.calls_per_week,  # type: ignore[attr-defined]
        )
        for seat in rows
    ]


def _with_rest_and_week(seats: QuerySet[Membership], now: datetime) -> QuerySet[Membership]:
    """Return these seats with `resting`, in the person's own days, and `carried`, the calls of the last seven."""
    local = Func(OuterRef("person__time_zone"), Value(now, DateTimeField()), function="timezone")
    today = Cast(local, DateField())
    came = Q(
        person__invites__answer__in=[Answer.COMING.value, Answer.AFAR.value],
        person__invites__invited_at__gt=now - WEEK,
        person__invites__call__drill=False,
    )
    return seats.annotate(
        resting=Exists(Absence.objects.filter(person=OuterRef("person"), days__contains=today)),
        carried=Count("person__invites", filter=came),
    )


def _offered_by(sisters: Sequence[int], skills: Sequence[int], now: datetime) -> dict[int, list[str]]:
    """Return each of these skills that sister pods offer to every member, with the names of the pods."""
    if not skills:
        return {}
    seats = Membership.objects.seated().filter(
        pod__in=sisters,
        person__assets__skill__in=skills,
        person__assets__audience=Audience.NETWORK.value,
        person__assets__fresh_until__gt=now,
    )
    found: dict[int, list[str]] = {}
    for skill, name in seats.values_list("person__assets__skill", "pod__name").order_by("pod__name").distinct():
        found.setdefault(skill, []).append(name)
    return {skill: found[skill][:NAMED] for skill in skills if skill in found}


def needed(pod: Pod, sisters: Sequence[int], now: datetime) -> Mapping[int, int]:
    """Return each skill that calls around this pod need, with how many calls of the last year needed it.

    Counted are the calls of this pod and of its sister pods, and once more what the kinds in use commonly need: a
    network without a history yet should not learn from a call that went wrong.
    """
    calls = Q(call__pod__in=[pod.pk, *sisters], call__opened_at__gt=now - rules.LOOKS_BACK, call__drill=False)
    rows = CallNeed.objects.filter(calls, skill__isnull=False).values_list("skill_id").annotate(Count("call"))
    often = Counter(dict(rows))
    kinds = CallKind.objects.filter(active=True, key__in=list(rules.COMMONLY_NEEDED)).values_list("key", flat=True)
    usual = Counter(key for kind in kinds for key in rules.COMMONLY_NEEDED[kind])
    for skill, key in Skill.objects.filter(key__in=list(usual)).values_list("id", "key"):
        often[skill] += usual[key]
    return often


def sisters_of(pod: Pod) -> list[int]:
    """Return the ids of the standing pods nearby, the nearest first; `pod` comes with its block."""
    others = Pod.objects.standing().exclude(pk=pod.pk)
    here = (float(pod.block.latitude), float(pod.block.longitude))
    squeeze = cos(radians(here[0]))
    far = [
        (METRES_PER_DEGREE * hypot(float(north) - here[0], (float(east) - here[1]) * squeeze), pk)
        for pk, north, east in others.values_list("pk", F("block__latitude"), F("block__longitude"))
    ]
    return [pk for metres, pk in sorted(far) if metres <= rules.SISTERS_WITHIN_METRES]
