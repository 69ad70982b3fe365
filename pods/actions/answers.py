"""Answering a call: coming, from afar, can't; and asking for more people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.links import give
from commons.web.refusal import Refused, TooOften
from pods.actions import rows, standing, turn
from pods.actions.asking import LINK
from pods.actions.standing import Standing
from pods.models import AnswerEvent, Call, CallWave, Invite, Membership
from pods.states import ENDED, LIVE, Answer, InviteState, LogWord, Via, WaveState

# A call may be two weeks ahead, and whoever comes to it is "in time" for it.
MINUTES_AT_MOST = 14 * 24 * 60
# In ten minutes, by one person to one call: nobody who means it gets there, and who hammers a link fills no log. Not by
# address, behind which a whole assembly may sit.
ANSWERS_AT_MOST = 30
# The key of the answer that raising a call gives.
RAISED = "raised"
TOO_MANY = _("Too many answers came in a short time, and this one was not taken. Wait a few minutes, then press again.")


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
    Refused for anyone else who was not asked, and TooOften beyond thirty answers in ten minutes.
    """
    call, counted = standing.enter(call_id, now=now, person=person_id, key=key)
    return _answer(call, counted, person_id, answer=answer, minutes=minutes, via=via, key=key, now=now)


@transaction.atomic
def answer_by_link(
    *, token: str, answer: Answer, minutes: Callable[[datetime, datetime], int | None], key: str
) -> Answered | None:
    """Do what `answer_call` does for whom a link belongs to; None, and nothing done, where the link opens nothing.

    The link is opened and its call locked in one go, since on a bad night this is what everybody does. `minutes` says
    of when they are needed and of now how many it takes them.
    """
    entered = standing.enter_by_link(token, purpose=LINK, key=key)
    if entered is None:
        return None
    call, counted, person_id, now = entered
    takes = minutes(call.needed_at, now)
    return _answer(call, counted, person_id, answer=answer, minutes=takes, via=Via.LINK, key=key, now=now)


def _answer(
    call: Call, counted: Standing, person_id: int, *,
    answer: Answer, minutes: int | None, via: Via, key: str, now: datetime,
) -> Answered:  # fmt: skip
    invite = counted.invite_of(person_id) or _claim(call, counted, person_id, now)
    if counted.given is not None:
        return Answered(invite, call, counted.given, repeated=True)
    if counted.lately >= ANSWERS_AT_MOST:
        raise TooOften(TOO_MANY)
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
    if call.state in ENDED:
        event.save(force_insert=True)
        return Answered(invite, call, late, repeated=False)
    _take_down(counted, invite, event)
    counted.note(LogWord.ANSWERED, now, person_id=person_id, answer=answer.value, minutes=event.minutes or 0)
    turn.step(call, now=now, after_no=answer is Answer.CANT, counted=counted)
    return Answered(invite, call, late, repeated=False)


def _claim(call: Call, counted: Standing, person_id: int, now: datetime) -> Invite:
    """Invite a member of the pod who answers without having been asked; no wave will ask them.

    They get a link as everyone else: should they be stood down, and asked again later, a message has to carry one.
    """
    seated = Membership.objects.seated().filter(pod=call.pod_id, person=person_id).exists()
    if call.state in ENDED or not seated:
        raise Refused(_("This call did not ask you. Only its pod, and those whom it asks, can answer."))
    waves = CallWave.objects.filter(call=call)
    wave = waves.filter(state=WaveState.FIRED).order_by("-ordinal").first() or waves.earliest("ordinal")
    give(purpose=LINK, subject=call.subject, people=[person_id], expires_at=call.closes_at)
    invite = Invite.objects.create(call=call, person_id=person_id, wave=wave, invited_at=now)
    # With the skills that this person holds.
    fresh = standing.take(call, now=now)
    counted.skills.update(fresh.skills)
    counted.asked([invite])
    return invite


def come_along(call: Call, counted: Standing, person_id: int, now: datetime) -> None:
    """Count whoever raises this call among those who come, in time for it: nobody has to ask them.

    Part of raising, under its locks and before its first wave. They get a link as everyone else, in case they are
    stood down and asked again.
    """
    give(purpose=LINK, subject=call.subject, people=[person_id], expires_at=call.closes_at)
    (invite,) = rows.ask(call, counted.waves[0], [person_id], now)
    counted.skills.update(standing.take(call, now=now).skills)
    counted.asked([invite])
    minutes = min(MINUTES_AT_MOST, max(0, -int((now - call.needed_at).total_seconds() // 60)))
    event = AnswerEvent(
        invite=invite, key=RAISED, at=now, answer=Answer.COMING.value, minutes=minutes, via=Via.PAGE.value
    )
    _take_down(counted, invite, event)
    counted.note(LogWord.ANSWERED, now, person_id=person_id, answer=Answer.COMING.value, minutes=minutes)


def _take_down(counted: Standing, invite: Invite, event: AnswerEvent) -> None:
    """Let the invite say what its person said last, and count again."""
    said = Answer(event.answer)
    invite.answer, invite.minutes, invite.answered_at = said.value, event.minutes, event.at
    # Who comes and says so again, perhaps a little later, keeps the place that they were told is theirs.
    if said is not Answer.COMING or invite.state != InviteState.COMING:
        invite.counted_for_id = None
    invite.state = InviteState(said.value).value
    invite.version += 1
    counted.said.append(event)
    counted.recount()


@transaction.atomic
def call_more(*, call_id: int, person_id: int, now: datetime) -> bool:
    """Fire the next wave at once, for the first time this person asks; return whether it did.

    It is no answer, and each person's wish counts once. Raises Refused for someone who was not asked, while
    a second member has yet to confirm the call, and once nobody is looked for.
    """
    call, counted = standing.enter(call_id, now=now)
    invite = counted.invite_of(person_id)
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
    counted.note(LogWord.MORE, now, person_id=person_id)
    turn.step(call, now=now, hasten=True, counted=counted)
    return True
