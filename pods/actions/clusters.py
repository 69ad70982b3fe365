"""Proposals: who lets themselves be proposed, computing them, what people say to them, and a pod that comes of one."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from commons import wake
from commons.notices.actions.outbox import enqueue
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused
from pods.actions.joining import name_someone
from pods.actions.pods import form_pod
from pods.models import Cluster, ClusterMember, ClusterRun, Pod, Willing
from pods.queries import capacity
from pods.rules import clusters as rules
from pods.states import ClusterWord
from sites.models import Block
from sites.rules.clusters import WORKS, Proposal, propose
from sites.rules.grouping import FEWEST, apart
from sites.states import ClusterKind

TASK = "pods.propose"
MET = "pods.cluster_met"
# Two workers, or two beats: one computes, the other goes home.
ONE_BY_ONE = 7_402_131
GONE = _("This proposal stands no more. Things have changed since; tonight the program looks again.")


@transaction.atomic
def be_willing(*, person: Person, block: Block, now: datetime) -> None:
    """Let a person be proposed as being near a block; saying it again moves them."""
    Willing.objects.update_or_create(person=person, defaults={"block": block, "since": now})


@transaction.atomic
def not_willing(*, person: Person) -> None:
    """Let a person be proposed no more, and take them out of what is proposed, with all that they said to it."""
    Willing.objects.filter(person=person).delete()
    ClusterMember.objects.filter(person=person).delete()


@transaction.atomic
def ask(*, now: datetime) -> bool:
    """Have proposals computed by a worker; return whether nobody had asked already."""
    ClusterRun.objects.get_or_create(only=True)
    # One statement: of two who press at once the second finds it asked.
    asked = ClusterRun.objects.filter(only=True, asked_at=None).update(asked_at=now)
    wake.on_commit(TASK)
    return bool(asked)


@transaction.atomic
def compute_due(*, now: datetime) -> bool:
    """Compute proposals if that is due, and return whether it was. Safe to run twice, and at once."""
    if not _alone():
        return False
    run, _made = ClusterRun.objects.get_or_create(only=True)
    if not rules.due(computed_at=run.computed_at, asked_at=run.asked_at, now=now):
        return False
    _end(now)
    known = capacity.capacity(now)
    for proposal in propose(known.picture):
        _write(proposal, known, now)
    # Whoever asked after this began is answered by the next.
    answered = Case(When(asked_at__lte=now, then=Value(None)), default=F("asked_at"))
    ClusterRun.objects.filter(only=True).update(computed_at=now, asked_at=answered)
    return True


def _alone() -> bool:
    """Hold the lock until the transaction ends; False where another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_BY_ONE])
        [got] = cursor.fetchone()
    return bool(got)


def _end(now: datetime) -> None:
    """Delete what stood its time, and what has too few people left; what somebody is just changing waits a night."""
    over = Q(stands_until__lte=now) | Q(pod=None, met_at=None, alive__lt=FEWEST)
    rows = capacity.with_live(Cluster.objects.all()).filter(over).select_for_update(skip_locked=True, of=("self",))
    Cluster.objects.filter(pk__in=[cluster.pk for cluster in rows]).delete()


def _write(proposal: Proposal, known: capacity.Capacity, now: datetime) -> None:
    wanted = WORKS[proposal.work].skills if proposal.work else known.picture.needed.keys()
    cluster = Cluster.objects.create(
        kind=proposal.kind.value,
        work=proposal.work.value if proposal.work else "",
        block_id=_block(proposal, known),
        wanted=sorted(wanted),
        times=proposal.times,
        computed_at=now,
        stands_until=now + rules.STANDS,
    )
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster=cluster, person_id=person, place=place)
        for place, person in enumerate(proposal.members, start=1)
    )


def _block(proposal: Proposal, known: capacity.Capacity) -> int:
    """Return the block nearest to the middle, of those that members named; where several are, the one most named."""
    named = Counter(known.block_of[person] for person in proposal.members)
    return min(named, key=lambda block: (apart(known.cell_of_block[block], proposal.centre), -named[block], block))


def _locked(cluster: Cluster) -> Cluster:
    """Return the proposal, locked; raises Refused when it was deleted or came to something meanwhile."""
    found = Cluster.objects.select_for_update().filter(pk=cluster.pk).first()
    if found is None:
        raise Refused(GONE)
    if found.pod_id is not None:
        raise Refused(_("One of you has formed the pod a moment ago. Whoever is asked finds it on Today."))
    return found


@transaction.atomic
def say(*, person: Person, cluster: Cluster, word: ClusterWord | None, now: datetime) -> Cluster:
    """Say what one thinks of a proposal, or take it back; with the fifth who is interested all those are told."""
    cluster = _locked(cluster)
    said = ClusterMember.objects.filter(cluster=cluster, person=person).update(said=word.value if word else "")
    if not said:
        raise Refused(GONE)
    interested = interested_in(cluster)
    if rules.meets(interested=len(interested), met=cluster.met_at is not None):
        cluster.met_at, cluster.stands_until = now, now + rules.STANDS
        cluster.save(update_fields=["met_at", "stands_until"])
        _tell(cluster, interested, now)
    return cluster


def interested_in(cluster: Cluster) -> list[int]:
    """Return who said that they are interested and can still be counted on."""
    rows = capacity.live().filter(cluster=cluster, said=ClusterWord.INTERESTED.value)
    return list(rows.values_list("person_id", flat=True))


def _tell(cluster: Cluster, people: Iterable[int], now: datetime) -> None:
    enqueue(
        subject=cluster.subject,
        kind=MET,
        people=people,
        urgency=Urgency.BULK,
        now=now,
        expires_at=cluster.stands_until,
    )


@transaction.atomic
def found(*, by: Person, cluster: Cluster, name: str, block: Block, now: datetime) -> Pod:
    """Form the pod that was proposed: its founder sits, everybody else who is interested is asked and decides.

    Raises Refused when not enough have said that they are interested, when another of them was quicker, and when the
    name is taken.
    """
    cluster = _locked(cluster)
    people = interested_in(cluster)
    if cluster.kind != ClusterKind.POD or cluster.met_at is None or by.pk not in people:
        raise Refused(_("A pod comes of this once enough of you have said that they are interested."))
    pod = form_pod(by=by, name=name, block=block, now=now)
    for person in Person.objects.filter(pk__in=people).exclude(pk=by.pk).order_by("pk"):
        name_someone(by=by, pod=pod, person=person, now=now)
    cluster.pod = pod
    cluster.save(update_fields=["pod"])
    return pod
