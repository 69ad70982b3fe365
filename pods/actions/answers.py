"""Answering a call: coming, from afar, can't; and asking for more people."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused
from pods.actions import standing, turn
from pods.actions.log import note
from pods.models import AnswerEvent, Call, CallWave, Invite, Membership
from pods.states import ENDED, LIVE, Answer, InviteState, LogWord, Via, WaveState

# A call may be two weeks ahead, and whoever comes to it is "in time" for it.
MINUTES_AT_MOST = 14 * 24 * 60


@dataclass(frozen=True)
class Answered:
    """What became of an answer."""

    invite: Invite
    # The call as it stands after the answer.
    call: Call
    # The call had ended or run out: the answer is kept, and explained.
    late: bool
    # The same press arrived before: nothing changed.
    repeated: bool


@transaction.atomic
def answer_call(
    *, call_id: int, person_id: int, answer: Answer, minutes: int | None, via: Via, key: str, now: datetime
) -> Answered:
    """Record an answer, recount, and do what follows from it; return what became of it.

    The last answer wins. The same `key` again changes nothing. An answer is never refused for
    lateness: once the call has ended it is kept and moves nothing. `minutes` until they arrive, for
    "coming" alone. A member of the pod may answer before the call gets to them: pods claim. Raises
    Refused for anyone else who was not asked.
    """
    call = standing.lock(call_id)
    invite = _invite_of(call, person_id, now)
    late = call.state not in LIVE and call.state != "covered"
    if minutes is not None:
        minutes = max(0, min(minutes, MINUTES_AT_MOST))
    event = AnswerEvent(
        invite=invite,
        key=key,
        at=now,
        answer=answer.value,
        minutes=minutes if answer is Answer.COMING else None,
        via=via.value,
        late=late,
    )
    # Nobody else can write for this call meanwhile: looking first needs no savepoint.
    if (same := AnswerEvent.objects.filter(invite=invite, key=key).first()) is not None:
        return Answered(invite, call, same.late, repeated=True)
    event.save(force_insert=True)
    if call.state in ENDED:
        return Answered(invite, call, late, repeated=False)
    _take_down(invite, event)
    note(call, LogWord.ANSWERED, now, person_id=person_id, answer=answer.value, minutes=event.minutes or 0)
    counted = turn.step(call, now=now, after_no=answer is Answer.CANT)
    invite = next(one for one in counted.invites if one.pk == invite.pk)
    return Answered(invite, call, late, repeated=False)


def _invite_of(call: Call, person_id: int, now: datetime) -> Invite:
    """Return a person's invite; a member of the pod who was not asked yet invites themself, and is not asked again."""
    invite = Invite.objects.filter(call=call, person=person_id).first()
    if invite is not None:
        return invite
    seated = Membership.objects.seated().filter(pod=call.pod_id, person=person_id).exists()
    if call.state in ENDED or not seated:
        raise Refused(_("This call did not ask you. Only its pod, and those whom it asks, can answer."))
    waves = CallWave.objects.filter(call=call)
    wave = waves.filter(state=WaveState.FIRED).order_by("-ordinal").first() or waves.earliest("ordinal")
    return Invite.objects.create(call=call, person_id=person_id, wave=wave, invited_at=now)


def _take_down(invite: Invite, event: AnswerEvent) -> None:
    """Let the invite say what its person said last."""
    said = Answer(event.answer)
    invite.answer, invite.minutes, invite.answered_at = said.value, event.minutes, event.at
    invite.state = InviteState(said.value).value
    invite.counted_for = None
    invite.version += 1
    invite.save(update_fields=["answer", "minutes", "answered_at", "state", "counted_for", "version"])


@transaction.atomic
def call_more(*, call_id: int, person_id: int, now: datetime) -> bool:
    """Fire the next wave at once, for the first time this person asks; return whether it did.

    It is no answer, and each person's wish counts once. Raises Refused for someone who was not asked, while
    a second member has yet to confirm the call, and once nobody is looked for.
    """
    call = standing.lock(call_id)
    invite = Invite.objects.filter(call=call, person=person_id).first()
    if invite is None:
        raise Refused(_("Answer first: then you can ask that someone else be called too."))
    if call.state not in LIVE:
        raise Refused(_("Nobody else is being asked any more for this call."))
    if call.unconfirmed:
        raise Refused(_("A second member has to confirm this call before more people are asked."))
    if invite.asked_for_more_at is not None:
        return False
    invite.asked_for_more_at = now
    invite.save(update_fields=["asked_for_more_at"])
    note(call, LogWord.MORE, now, person_id=person_id)
    turn.step(call, now=now, hasten=True)
    return True
