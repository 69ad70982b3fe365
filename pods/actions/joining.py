"""Joining a pod: naming, agreeing, vouching, objecting, and what comes of it after seven days."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.outbox import enqueue
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused
from pods.actions.pods import FULL, close, lock, take_seat
from pods.models import Joining, Membership, Objection, Pod, Vouch
from pods.rules import joining as rules
from pods.rules.joining import Outcome, Refusal
from pods.states import JoiningState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AGREE, VOUCH, SETTLED = "pods.joining_agree", "pods.joining_vouch", "pods.joining_settled"
OPEN = JoiningState.OPEN.value
AT_ONCE = 200

SENTENCES: "Mapping[Refusal, StrOrPromise]" = {
    Refusal.FULL: FULL,
    Refusal.SEATED_ALREADY: _("They are in this pod already."),
    Refusal.UNDER_WAY: _("They have been asked already; it is still open."),
    Refusal.ASKED_LATELY: _("It was “not now” less than thirty days ago. Please wait until a month has passed."),
    Refusal.TOO_MANY_OPEN: _("Twelve people are being asked at once. Please wait for their answers."),
    Refusal.OVER: _("The seven days for this are over."),
    Refusal.OWN_VOUCH: _("Nobody can vouch for themselves. Two members of the pod can."),
    Refusal.FORMING: _("This pod is still forming: its founders choose who they begin with."),
}
assert set(SENTENCES) == set(Refusal), "every refusal is said in words"


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(SENTENCES[refusal])


def _members(pod: Pod) -> list[int]:
    return list(Membership.objects.seated().filter(pod=pod).values_list("person_id", flat=True))


@transaction.atomic
def name_someone(*, by: Person, pod: Pod, person: Person, now: datetime) -> Joining:
    """Name someone for the pod: as a founder while it forms, as a newcomer once it is ready."""
    pod = lock(pod.pk)
    members = _members(pod)
    _refuse(rules.naming_refusal(_naming(pod, person, members, by_themselves=False), now=now))
    founder = pod.ready_at is None
    joining = Joining.objects.create(
        pod=pod,
        person=person,
        named_by=by,
        founder=founder,
        opened_at=now,
        closes_at=now + rules.OBJECTION_TIME,
    )
    _tell(joining, AGREE, [person.pk], now)
    if not founder:
        _tell(joining, VOUCH, members, now)
    return joining


@transaction.atomic
def ask_to_join(*, by: Person, pod: Pod, now: datetime) -> Joining:
    """Ask for a seat in a ready pod: the newcomer has agreed by asking."""
    pod = lock(pod.pk)
    members = _members(pod)
    _refuse(rules.naming_refusal(_naming(pod, by, members, by_themselves=True), now=now))
    joining = Joining.objects.create(
        pod=pod, person=by, opened_at=now, closes_at=now + rules.OBJECTION_TIME, agreed_at=now
    )
    _tell(joining, VOUCH, members, now)
    return joining


def _naming(pod: Pod, person: Person, members: list[int], *, by_themselves: bool) -> rules.Naming:
    of_pod = Joining.objects.filter(pod=pod)
    refused = of_pod.filter(person=person, state=JoiningState.NOT_NOW.value).order_by("-settled_at").first()
    return rules.Naming(
        members=len(members),
        open_joinings=of_pod.filter(state=OPEN).count(),
        seated_already=person.pk in members,
        under_way=of_pod.filter(person=person, state=OPEN).exists(),
        refused_at=refused.settled_at if refused else None,
        by_themselves=by_themselves,
        founding=pod.ready_at is None,
    )


def _tell(joining: Joining, kind: str, people: list[int], now: datetime) -> None:
    # Asked again after "not now" it is a new row, so each is told once and never twice of the same.
    enqueue(
        subject=f"joining:{joining.pk}",
        kind=kind,
        people=people,
        urgency=Urgency.BULK,
        now=now,
        expires_at=max(joining.closes_at, now + rules.OBJECTION_TIME),
    )


def _locked(joining_id: int) -> Joining:
    """Return the joining with its pod, both locked: the pod first, everywhere, so that nobody waits in a circle."""
    pod = lock(Joining.objects.values_list("pod_id", flat=True).get(pk=joining_id))
    joining = Joining.objects.select_for_update().get(pk=joining_id)
    joining.pod = pod
    return joining


def _open(joining: Joining, now: datetime) -> Joining:
    """Return the joining locked, or raise Refused when it is over."""
    joining = _locked(joining.pk)
    if joining.state != OPEN:
        _refuse(Refusal.OVER)
    _refuse(rules.step_refusal(closes_at=joining.closes_at, now=now))
    return joining


@transaction.atomic
def agree(*, by: Person, joining: Joining, now: datetime) -> Joining:
    """Say yes. A founder is seated at once; a newcomer waits for the others."""
    joining = _open(joining, now)
    if joining.person_id != by.pk:
        raise Refused(_("Only they themselves can say yes."))
    joining.agreed_at = joining.agreed_at or now
    joining.save(update_fields=["agreed_at"])
    if joining.founder:
        _admit(joining, now)
    return joining


@transaction.atomic
def decline(*, by: Person, joining: Joining, now: datetime) -> Joining:
    """Say no, or take a yes back: it ends here, and the pod learns only that it is over."""
    joining = _open(joining, now)
    if joining.person_id != by.pk:
        raise Refused(_("Only they themselves can say no."))
    close([joining], JoiningState.WITHDRAWN, now)
    joining.state = JoiningState.WITHDRAWN.value
    return joining


@transaction.atomic
def vouch(*, by: Person, joining: Joining, now: datetime) -> None:
    """Give one's word for a newcomer; giving it twice is giving it once."""
    joining = _open(joining, now)
    _refuse(rules.vouch_refusal(voucher=by.pk, newcomer=joining.person_id))
    _member_or_refused(by, joining)
    Vouch.objects.get_or_create(joining=joining, person=by, defaults={"at": now})


@transaction.atomic
def unvouch(*, by: Person, joining: Joining, now: datetime) -> None:
    """Take one's word for a newcomer back."""
    joining = _open(joining, now)
    Vouch.objects.filter(joining=joining, person=by).delete()


@transaction.atomic
def object_quietly(*, by: Person, joining: Joining, now: datetime) -> None:
    """Object without a reason and without anybody seeing it; a word for the newcomer is taken back with it."""
    joining = _open(joining, now)
    _member_or_refused(by, joining)
    Objection.objects.get_or_create(joining=joining, person=by, defaults={"at": now})
    Vouch.objects.filter(joining=joining, person=by).delete()


@transaction.atomic
def withdraw_objection(*, by: Person, joining: Joining, now: datetime) -> None:
    """Take one's own objection back; nobody sees that either."""
    joining = _open(joining, now)
    Objection.objects.filter(joining=joining, person=by).delete()


def _member_or_refused(by: Person, joining: Joining) -> None:
    """Look again under the lock: whoever left a moment ago has no word any more."""
    seated = Membership.objects.seated().filter(pod=joining.pod, person=by).exists()
    if not seated or joining.person_id == by.pk:
        raise Refused(_("Only members of the pod can do this."))


def settle_due(*, now: datetime) -> int:
    """Settle every joining whose seven days are over; return how many. Safe to run twice, and at once."""
    due = Joining.objects.filter(state=OPEN, closes_at__lte=now).order_by("closes_at", "pk")
    return sum(settle(joining_id=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def settle(*, joining_id: int, now: datetime) -> bool:
    """Settle one joining that is due: a seat, or "not now"; False when somebody else did meanwhile."""
    joining = _locked(joining_id)
    if joining.state != OPEN or joining.closes_at > now:
        return False
    members = _members(joining.pod)
    settling = rules.Settling(
        members=len(members),
        agreed=joining.agreed_at is not None and not joining.founder,
        vouches=joining.vouches.filter(person__in=members).count(),
        objections=joining.objections.count(),
        seated_already=joining.person_id in members,
    )
    if rules.outcome(settling) is Outcome.SEAT and joining.pod.dissolved_at is None:
        _admit(joining, now)
    else:
        close([joining], JoiningState.NOT_NOW, now)
    if not joining.founder:
        _tell(joining, SETTLED, [joining.person_id], now)
    return True


def _admit(joining: Joining, now: datetime) -> None:
    """Seat the newcomer; both rows are locked."""
    close([joining], JoiningState.ADMITTED, now)
    joining.state = JoiningState.ADMITTED.value
    take_seat(pod=joining.pod, person_id=joining.person_id, now=now)
