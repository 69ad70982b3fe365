"""Pods as members of the network may see them, and one pod's page from inside and from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from pods.models import Call, CallKind, Membership, Pod
from pods.models.calls import CallQuerySet
from pods.models.pods import PodQuerySet
from pods.queries import phrases
from pods.queries.calls import time_ran_out
from pods.rules.health import Health, Size, size
from pods.states import TURNING, CallState
from sites.models import Asset
from sites.models.assets import LIMITS
from sites.states import Audience

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# For this long after the fifth member took a seat a pod is news to its own members.
NEWS = timedelta(days=3)


def pods_visible_to(_person: Person) -> PodQuerySet:
    """Return every pod that stands; what of it a member of the network sees is another question."""
    return Pod.objects.standing().select_related("block")


def pods_listed_for(person: Person) -> QuerySet[Pod]:
    """Return every standing pod with `members` and `mine`, one's own first."""
    seats = Q(memberships__left_at__isnull=True, memberships__isnull=False)
    mine = Membership.objects.seated().filter(pod=OuterRef("pk"), person=person.pk)
    return (
        pods_visible_to(person)
        .annotate(members=Count("memberships", filter=seats), mine=Exists(mine))
        .order_by("-mine", "name", "id")
    )


@dataclass(frozen=True)
class PodRow:
    """A pod as a line of the list."""

    pod: Pod
    members: int
    size: Size
    mine: bool


def pod_rows(pods: Sequence[Pod]) -> list[PodRow]:
    """Return what the list shows of these pods, which carry the annotations of `pods_listed_for`."""
    return [PodRow(pod, pod.members, size(pod.members), pod.mine) for pod in pods]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class MemberRow:
    """A member as the other members see them: a handle, and what they can do within which limits."""

    handle: str
    itself: bool
    skills: "list[tuple[str, list[StrOrPromise]]]"

    @property
    def words(self) -> str:
        """Return what they can do, on one line: "child care (not nights) · nurse"."""
        said = [f"{skill} ({', '.join(map(str, limits))})" if limits else skill for skill, limits in self.skills]
        return " · ".join(said) or gettext("comes as they can")


def member_rows(pod: Pod, reader: Person, *, of_pod: bool, now: datetime) -> list[MemberRow]:
    """Return who is in this pod. Whoever isn't in it themselves sees only skills meant for every member."""
    limits = dict(LIMITS)
    assets = Asset.objects.fresh(now).filter(skill__isnull=False).select_related("skill").order_by("skill__sort_key")
    if not of_pod:
        assets = assets.filter(audience=Audience.NETWORK.value)
    seats = (
        Membership.objects.seated()
        .filter(pod=pod)
        .select_related("person")
        .prefetch_related(Prefetch("person__assets", assets, to_attr="skills_shown"))
        .order_by("seat")
    )
    return [
        MemberRow(
            handle=seat.person.handle,
            itself=seat.person_id == reader.pk,
            skills=[
                (asset.skill.name, [limits[limit] for limit in asset.limits if limit in limits])
                for asset in seat.person.skills_shown  # type: ignore[attr-defined]
            ],
        )
        for seat in seats
    ]


def live_calls(pod: Pod) -> CallQuerySet:
    """Return the pod's calls that are under way, the newest first."""
    return Call.objects.filter(pod=pod, state__in=TURNING).select_related("kind").order_by("-opened_at", "-id")


def past_calls(pod: Pod) -> QuerySet[Call]:
    """Return the pod's calls that have ended, the newest first."""
    over = Call.objects.filter(pod=pod).exclude(state__in=TURNING).select_related("kind").annotate(short=time_ran_out())
    return over.annotate(ended=Coalesce(F("ended_at"), F("opened_at"))).order_by("-ended", "-id")


def kinds_in_use() -> QuerySet[CallKind]:
    """Return the kinds that calls can be raised of."""
    return CallKind.objects.filter(active=True)


def podmates(person: Person) -> QuerySet[Membership, int]:
    """Return the ids of those who have a seat in a standing pod together with this person, as a query."""
    pods = Pod.objects.standing().of(person.pk).order_by().values("pk")
    return Membership.objects.seated().filter(pod__in=pods).values_list("person_id", flat=True)


def ready_lately(person: Person, now: datetime) -> list[Pod]:
    """Return this person's pods whose fifth member was seated within the last days."""
    seats = (
        Membership.objects.seated()
        .filter(pod__in=Pod.objects.standing().of(person.pk))
        .order_by("pod_id", "since", "id")
        .select_related("pod")
    )
    by_pod: dict[Pod, list[datetime]] = {}
    for seat in seats:
        by_pod.setdefault(seat.pod, []).append(seat.since)
    five = {pod: since[4] for pod, since in by_pod.items() if len(since) >= 5}
    return [pod for pod, since in five.items() if since > now - NEWS]


def ring(health: Health, *, resting_shown: bool) -> list[dict[str, str]]:
    """Return the taken places round the table; whoever rests comes last, so that no place tells who it is."""
    resting = health.resting if resting_shown else 0
    here = {"state": "here", "label": gettext("a member")}
    rests = {"state": "resting", "label": gettext("a member who rests")}
    return [here] * (health.members - resting) + [rests] * resting


def sister_of(person: Person, ref: str) -> Pod | None:
    """Return the pod that a new one is to be a sister of."""
    return pods_visible_to(person).filter(ref=ref[:10]).first() if "\x00" not in ref else None


def members_of(pod: Pod) -> int:
    """Return how many seats are taken."""
    return Membership.objects.seated().filter(pod=pod).count()


@dataclass(frozen=True)
class CallRow:
    """A call as a line of its pod's page: what kind, how it stands. Where it is stands on its own page."""

    ref: str
    kind: str
    standing: "StrOrPromise"
    at: datetime
    drill: bool


STANDING: "dict[CallState, StrOrPromise]" = {
    CallState.OPEN: _("people are still wanted"),
    CallState.COVERED: _("enough are coming"),
    CallState.SHORT: _("someone had to withdraw: people are wanted again"),
    CallState.EXPIRED: _("time ran out before enough came"),
    CallState.CANCELLED: _("cancelled"),
    CallState.CLOSED: _("closed"),
}
assert set(STANDING) == set(CallState), "every state is said in words"


def call_rows(calls: Iterable[Call]) -> list[CallRow]:
    """Return these calls as lines."""
    return [
        CallRow(call.ref, phrases.capital(call.kind.name), _standing(call), call.opened_at, call.drill)
        for call in calls
    ]


def _standing(call: Call) -> "StrOrPromise":
    """Return how a call stands or ended; of those who came, the number that stays when their names are forgotten."""
    came = {"came": phrases.number(call.came)}
    if call.state == CallState.CLOSED and call.short:  # type: ignore[attr-defined]
        said = ngettext("time ran out, one person came", "time ran out, %(came)s people came", call.came)
        return said % came if call.came else gettext("time ran out, nobody came")
    if call.state == CallState.CLOSED and call.came:
        return ngettext("closed, one person came", "closed, %(came)s people came", call.came) % came
    return STANDING[CallState(call.state)]


def road() -> list[dict[str, object]]:
    """Return the steps of a new pod, for the page on which it begins."""
    return [
        {"label": gettext("Begin"), "note": gettext("a name and a block"), "current": True},
        {"label": gettext("Forming"), "note": gettext("each one who was named decides")},
        {"label": gettext("Ready"), "note": gettext("five said yes: any of you can raise a call")},
        {"label": gettext("Full"), "note": gettext("twelve; then a sister pod")},
    ]
