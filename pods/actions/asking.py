"""Asking people: a wave's choice becomes invites, links and messages."""

from collections.abc import Collection, Sequence
from datetime import datetime

from commons.notices.actions.links import give
from commons.notices.actions.outbox import Which, enqueue
from commons.notices.states import Urgency
from commons.people.queries import organizer_ids
from commons.people.rules import zone
from pods.actions import rows
from pods.actions.standing import Standing
from pods.models import Call, CallWave
from pods.queries import reach
from pods.rules import fit
from pods.states import InviteState, LogWord, WaveRule, WaveState

LINK = "answer"
ALERT, AGAIN = "call.alert", "call.again"


def fire(call: Call, wave: CallWave, standing: Standing, *, now: datetime) -> int:
    """Ask the people whom this wave is for and return how many were asked; the call must be locked.

    A wave fires once: firing it again asks nobody. Who was asked by an earlier wave is left alone,
    but for the silent, who are asked once more by their other channel.
    """
    if wave.state != WaveState.PLANNED:
        return 0
    if wave.rule == WaveRule.SILENT:
        asked = _ask_silent(call, standing, now)
    else:
        chosen = _choose(call, WaveRule(wave.rule), standing, now)
        asked = ask(call, wave, chosen, standing, now=now, which=_which(wave))
    wave.state, wave.fired_at, wave.asked = WaveState.FIRED.value, now, asked
    standing.note(LogWord.WAVE, now, rule=wave.rule, asked=asked)
    return asked


def _which(wave: CallWave) -> Which:
    return "all" if wave.rule == WaveRule.ORGANIZERS else "first"


def _choose(call: Call, rule: WaveRule, standing: Standing, now: datetime) -> list[fit.Reachable]:
    """Return whom this wave asks, in order (P7; the design's Waves)."""
    already = {invite.person_id for invite in standing.invites}
    lacking = standing.lacking
    here = fit.Circumstances(
        local=call.needed_at.astimezone(zone(standing.zone)), police_likely=call.kind.police_likely
    )
    if rule is WaveRule.BEST_FIT:
        people = reach.in_its_pod(call, already, now)
        awake = _awake(people)
        # Nobody awake offers the skill: someone must hear of it all the same, and can ask for more.
        return fit.best(standing.needs, lacking, awake, here, call.spread) or fit.rest_of(awake)[: call.spread]
    if rule is WaveRule.POD:
        return fit.rest_of(reach.in_its_pod(call, already, now))
    if rule is WaveRule.SISTERS:
        skills = [need.skill for need in standing.needs if lacking[need.id] > 0]
        wanted = None if None in skills else [skill for skill in skills if skill is not None]
        people = _known(call, reach.in_sister_pods(call, wanted), already, now)
        return fit.best(standing.needs, lacking, _awake(people) or people, here, call.spread * 2)
    # The last wave: organizers, and those of the pod who had carried enough this week.
    last = dict.fromkeys(organizer_ids(now), 0.0) | reach.seated_in(call.pod_id)
    return fit.rest_of(_known(call, last, already, now), last=True)


def _known(call: Call, people: dict[int, float], already: Collection[int], now: datetime) -> list[fit.Reachable]:
    fresh = {person: metres for person, metres in people.items() if person not in already}
    return reach.reachable(call=call, people=fresh, now=now)


def _awake(people: Sequence[fit.Reachable]) -> list[fit.Reachable]:
    return [person for person in people if person.asleep_until is None]


def ask(
    call: Call, wave: CallWave, people: Sequence[fit.Reachable], standing: Standing, *, now: datetime, which: Which
) -> int:
    """Invite these people, give each a link, queue their alerts; return how many are new."""
    if not people:
        return 0
    # Later waves of the same turn must know whom this one asked.
    ids = [person.id for person in people]
    standing.asked(rows.ask(call, wave, ids, now))
    standing.just_asked.update(ids)
    give(purpose=LINK, subject=call.subject, people=ids, expires_at=call.closes_at)
    standing.skills.update({person.id: frozenset(person.skills) for person in people})
    enqueue(
        subject=call.subject,
        kind=ALERT,
        people=ids,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.deadline_at,
        which=which,
        not_before={person.id: person.asleep_until for person in people if person.asleep_until},
    )
    return len(ids)


def _ask_silent(call: Call, standing: Standing, now: datetime) -> int:
    """Ask those who have not answered once more, by their other channel; return how many."""
    silent = {
        invite.person_id: 0.0
        for invite in standing.invites
        if invite.state == InviteState.INVITED and invite.person_id not in standing.just_asked
    }
    awake = [
        person.id
        for person in reach.reachable(call=call, people=silent, now=now)
        if person.asleep_until is None and not person.resting and not person.busy
    ]
    return enqueue(
        subject=call.subject,
        kind=ALERT,
        people=awake,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.deadline_at,
        round=1,
        which="other",
    )


def ask_again(call: Call, standing: Standing, *, now: datetime) -> int:
    """Ask those who had been stood down, since someone withdrew; return how many.

    Without this a call whose every wave has fired could never be filled again.
    """
    down = {invite.person_id: 0.0 for invite in standing.invites if invite.state == InviteState.STOOD_DOWN}
    people = [
        person for person in reach.reachable(call=call, people=down, now=now) if not person.resting and not person.busy
    ]
    ids = {person.id for person in people}
    standing.just_asked.update(ids)
    for invite in standing.invites:
        if invite.person_id in ids:
            invite.state, invite.answer = InviteState.INVITED.value, ""
    return enqueue(
        subject=call.subject,
        kind=AGAIN,
        people=ids,
        urgency=Urgency.CALL,
        now=now,
        expires_at=call.deadline_at,
        round=call.covers,
        not_before={person.id: person.asleep_until for person in people if person.asleep_until},
    )
