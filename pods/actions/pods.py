"""Forming a pod, taking a seat in it, leaving it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.outbox import enqueue
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused
from pods.models import Joining, Membership, Objection, Pod, Vouch
from pods.rules import joining as rules
from pods.rules.raising import SMALLEST_POD
from pods.states import JoiningState
from sites.models import Block

READY = "pods.ready"
FULL = _("This pod is full: all twelve places are taken. A sister pod on the same block has room.")
TAKEN = _("There is, or was, a pod of this name. Please choose another.")


def lock(pod_id: int) -> Pod:
    """Return the pod, locked: seats are given and settled one at a time.

    Weaker than a plain lock, so that a call raised meanwhile need not wait for it.
    """
    return Pod.objects.select_for_update(no_key=True).get(pk=pod_id)


@transaction.atomic
def form_pod(*, by: Person, name: str, block: Block, now: datetime) -> Pod:
    """Form a pod with its first founder in it and return it; raises Refused when the name is taken."""
    if Pod.objects.filter(name__iexact=name).exists():
        raise Refused(TAKEN, field="name")
    try:
        with transaction.atomic():
            pod = Pod.objects.create(name=name, block=block, founded_at=now)
    except IntegrityError:
        raise Refused(TAKEN, field="name") from None
    Membership.objects.create(pod=pod, person=by, seat=1, since=now)
    return pod


def take_seat(*, pod: Pod, person_id: int, now: datetime) -> Membership:
    """Give the next free seat and return it; the pod must be locked. Raises Refused when there is none."""
    taken = set(Membership.objects.seated().filter(pod=pod).values_list("seat", flat=True))
    seat = rules.free_seat(taken)
    if seat is None:
        raise Refused(FULL)
    membership = Membership.objects.create(pod=pod, person_id=person_id, seat=seat, since=now)
    if len(taken) + 1 == SMALLEST_POD:
        _become_ready(pod, now)
    return membership


def _become_ready(pod: Pod, now: datetime) -> None:
    """Tell the members, and let founders who have not agreed go the way of newcomers from now on."""
    if pod.ready_at is None:
        pod.ready_at = now
        pod.save(update_fields=["ready_at"])
    late = Joining.objects.filter(pod=pod, founder=True, state=JoiningState.OPEN.value)
    late.update(founder=False, opened_at=now, closes_at=now + rules.OBJECTION_TIME)
    enqueue(
        subject=f"pod:{pod.pk}",
        kind=READY,
        people=Membership.objects.seated().filter(pod=pod).values_list("person_id", flat=True),
        urgency=Urgency.BULK,
        now=now,
        expires_at=now + rules.OBJECTION_TIME,
    )


@transaction.atomic
def leave_pod(*, by: Person, pod: Pod, now: datetime) -> bool:
    """Give up a seat; return whether the pod was dissolved, because it was the last one."""
    pod = lock(pod.pk)
    left = Membership.objects.seated().filter(pod=pod, person=by).update(left_at=now)
    if not left:
        raise Refused(_("You are not in this pod."))
    # A word for or against a newcomer counts as a member's word: it goes when the member goes.
    own = {"joining__pod": pod, "joining__state": JoiningState.OPEN.value, "person": by}
    Vouch.objects.filter(**own).delete()
    Objection.objects.filter(**own).delete()
    if Membership.objects.seated().filter(pod=pod).exists():
        return False
    close(Joining.objects.filter(pod=pod, state=JoiningState.OPEN.value), JoiningState.NOT_NOW, now)
    pod.dissolved_at = now
    pod.save(update_fields=["dissolved_at"])
    return True


def close(joinings: Iterable[Joining], state: JoiningState, now: datetime) -> None:
    """Settle these joinings; who vouched and who objected is forgotten in the same breath."""
    ids = [joining.pk for joining in joinings]
    Objection.objects.filter(joining__in=ids).delete()
    Vouch.objects.filter(joining__in=ids).delete()
    Joining.objects.filter(pk__in=ids).update(state=state.value, settled_at=now)
