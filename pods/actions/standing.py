"""Where a call stands: who counts for which need, and the one way its state moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pods.models import Call, CallNeed, CallWave, Invite
from pods.rules import matching
from pods.states import CALL_NEXT, TURNING, CallState, InviteState, WaveState
from sites.models import Asset


@dataclass(frozen=True)
class Standing:
    """Who was asked, who counts, what lacks. Taken under the call's lock."""

    needs: list[matching.Need]
    invites: list[Invite]
    skills: dict[int, frozenset[int]]
    # person → need
    matched: dict[int, int]
    # Those still planned when this was taken, in order.
    waves: list[CallWave]

    @property
    def enough(self) -> bool:
        """Return whether every need is filled."""
        return matching.enough(self.needs, self.matched)

    @property
    def lacking(self) -> dict[int, int]:
        """Return need → people still missing."""
        return matching.missing(self.needs, self.matched)

    def could_still_fill(self) -> bool:
        """Return whether those coming and those who have not answered could fill every need."""
        hopeful = [
            invite.person_id for invite in self.invites if invite.state in (InviteState.COMING, InviteState.INVITED)
        ]
        return matching.could_fill(
            self.needs, [matching.Candidate(person, self.skills.get(person, frozenset())) for person in hopeful]
        )


def fresh(needs: Iterable[CallNeed], waves: list[CallWave]) -> Standing:
    """Return where a call stands that was opened this moment: nobody was asked yet."""
    return Standing([matching.Need(need.pk, need.skill_id, need.count) for need in needs], [], {}, {}, waves)


def take(call: Call, *, now: datetime) -> Standing:
    """Return where the call stands, counting by maximum matching those who said they are coming, first come first.

    Who counts already stays counted: an answer that was given earlier and waited longer for the lock takes nobody's
    place, since they were told to come.
    """
    needs = [matching.Need(need.pk, need.skill_id, need.count) for need in CallNeed.objects.filter(call=call)]
    invites = list(Invite.objects.filter(call=call).order_by("answered_at", "id"))
    wanted = [need.skill for need in needs if need.skill is not None]
    skills = _skills([invite.person_id for invite in invites], wanted, now) if wanted else {}
    coming = [
        matching.Candidate(invite.person_id, skills.get(invite.person_id, frozenset()))
        for invite in sorted(invites, key=lambda invite: invite.counted_for_id is None)
        if invite.state == InviteState.COMING
    ]
    waves = CallWave.objects.filter(call=call, state=WaveState.PLANNED).order_by("ordinal")
    return Standing(needs, invites, skills, matching.match(needs, coming), list(waves))


def _skills(people: list[int], wanted: list[int], now: datetime) -> dict[int, frozenset[int]]:
    rows = Asset.objects.filter(person__in=people, skill__in=wanted, fresh_until__gt=now)
    gathered: dict[int, set[int]] = {}
    for person, skill in rows.values_list("person_id", "skill_id"):
        gathered.setdefault(person, set()).add(skill)
    return {person: frozenset(held) for person, held in gathered.items()}


def write_counts(standing: Standing) -> None:
    """Store for each invite where it stands: counted for a need, coming beyond need, or as answered.

    Someone coming whom no need counts, once there is enough, is stood down. They were told to stay at home, so
    they don't count again by themselves: they are asked again and answer again.
    """
    changed = []
    for invite in standing.invites:
        need = standing.matched.get(invite.person_id)
        state = invite.state
        if invite.state == InviteState.COMING and standing.enough and need is None:
            state = InviteState.STOOD_DOWN.value
        if (invite.counted_for_id, invite.state) != (need, state):
            invite.counted_for_id, invite.state = need, state
            changed.append(invite)
    if changed:
        Invite.objects.bulk_update(changed, ["counted_for", "state"])


def lock(call_id: int) -> Call:
    """Return the call, locked until the transaction ends; raises Call.DoesNotExist."""
    return (
        Call.objects.select_for_update(of=("self",), no_key=True)
        .select_related("kind", "pod", "block")
        .defer("cross_street", "details")
        .get(pk=call_id)
    )


def move(call: Call, state: CallState, *, now: datetime) -> None:
    """Move a locked call to its next state; raises ValueError for a step that its table does not have."""
    if state not in CALL_NEXT[CallState(call.state)]:
        raise ValueError(f"a call cannot go from {call.state} to {state}")
    call.state = state.value
    if state is CallState.COVERED:
        call.covered_at, call.covers = now, call.covers + 1
    if state not in TURNING:
        call.ended_at, call.next_due_at = now, None
        invites = Invite.objects.filter(call=call)
        call.asked = invites.count()
        call.came = invites.filter(counted_for__isnull=False).count()
        call.from_afar = invites.filter(state=InviteState.AFAR).count()


def store(call: Call) -> None:
    """Write what a step changed, one version up: whoever holds an older version is out of date."""
    call.version += 1
    call.save(
        update_fields=[
            "state", "version", "covers", "next_due_at", "covered_at", "ended_at",
            "confirmed_by", "confirmed_at", "released_by", "released_at", "asked", "came", "from_afar",
        ]
    )  # fmt: skip
