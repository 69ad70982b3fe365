"""Where a call stands: who counts for which need, what was noted, and the one way its state moves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from commons import tokens
from pods.actions import rows
from pods.models import AnswerEvent, Call, CallWave, Invite
from pods.rules import matching
from pods.states import CALL_NEXT, TURNING, CallState, InviteState, LogWord, WaveState

Kept = tuple[object, ...]


@dataclass
class Standing:
    """Who was asked, who counts, what lacks. Taken under the call's lock; what changes here waits for `store`."""

    needs: list[matching.Need]
    invites: list[Invite]
    skills: dict[int, frozenset[int]]
    # Those that were planned when this was taken, in order.
    waves: list[CallWave]
    # The neighbourhood's time zone, by name.
    zone: str = "UTC"
    # Whether the answer that was asked about was given before, and late; None when it is new.
    given: bool | None = None
    # How many answers that person gave in the last ten minutes.
    lately: int = 0
    # person → need
    matched: dict[int, int] = field(default_factory=dict)
    # Whom this very step has asked: nobody is asked twice in one breath, however many waves are due.
    just_asked: set[int] = field(default_factory=set)
    said: list[AnswerEvent] = field(default_factory=list)
    log: list[rows.Line] = field(default_factory=list)
    kept: dict[int, Kept] = field(default_factory=dict)

    @classmethod
    def of(cls, read: rows.Rows) -> Self:
        """Return where a call stands of which this was read."""
        needs = [matching.Need(*need) for need in read.needs]
        counted = cls(needs, read.invites, read.skills, read.waves, read.zone, read.given, read.lately)
        counted.kept = {invite.pk: _kept(invite) for invite in read.invites}
        counted.recount()
        return counted

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
        return matching.could_fill(self.needs, [self._candidate(person) for person in hopeful])

    def invite_of(self, person_id: int) -> Invite | None:
        """Return this person's invite, or None."""
        return next((invite for invite in self.invites if invite.person_id == person_id), None)

    def asked(self, invites: list[Invite]) -> None:
        """Add invites that were written just now."""
        self.invites.extend(invites)
        self.kept.update({invite.pk: _kept(invite) for invite in invites})

    def recount(self) -> None:
        """Count by maximum matching those who said they are coming, first come first.

        Who counts already stays counted: an answer that was given earlier and waited longer for the lock takes
        nobody's place, since they were told to come.
        """
        coming = [invite for invite in self.invites if invite.state == InviteState.COMING]
        coming.sort(key=lambda one: (one.counted_for_id is None, one.answered_at is None, one.answered_at, one.pk))
        self.matched = matching.match(self.needs, [self._candidate(one.person_id) for one in coming])

    def _candidate(self, person: int) -> matching.Candidate:
        return matching.Candidate(person, self.skills.get(person, frozenset()))

    def place(self) -> None:
        """Let each invite say where it stands: counted for a need, coming beyond need, or as answered.

        Someone coming whom no need counts, once there is enough, is stood down. They were told to stay at home, so
        they don't count again by themselves: they are asked again and answer again.
        """
        for invite in self.invites:
            need = self.matched.get(invite.person_id)
            if invite.state == InviteState.COMING and self.enough and need is None:
                invite.state = InviteState.STOOD_DOWN.value
            invite.counted_for_id = need

    def skip_waves(self) -> None:
        """Let no wave fire any more."""
        for wave in rows.waiting(self.waves):
            wave.state = WaveState.SKIPPED.value

    def note(self, word: LogWord, now: datetime, *, person_id: int | None = None, **facts: int | str) -> None:
        """Add a line to the call's log: a word, perhaps a person, and counts or codes; never free text."""
        self.log.append(rows.Line(now, word, person_id, facts))


def _kept(invite: Invite) -> Kept:
    return (
        str(invite.state), str(invite.answer), invite.minutes,
        invite.counted_for_id, invite.answered_at, invite.version,
    )  # fmt: skip


def take(call: Call, *, now: datetime, person: int | None = None, key: str = "") -> Standing:
    """Return where a locked call stands, with what `person` answered lately, perhaps with this `key` before."""
    return Standing.of(rows.read(call, now=now, person=person, key=key))


def enter(call_id: int, *, now: datetime, person: int | None = None, key: str = "") -> tuple[Call, Standing]:
    """Return the call, locked until the transaction ends, and where it stands; raises Call.DoesNotExist."""
    call, read = rows.lock_and_read(call_id, now=now, person=person, key=key)
    return call, Standing.of(read)


def enter_by_link(token: str, *, purpose: str, key: str) -> tuple[Call, Standing, int, datetime] | None:
    """Return what `enter` returns for the call that a link answers, whose link it is, and now; None: it opens none."""
    found = rows.lock_by_link(tokens.digest(token), purpose=purpose, key=key)
    if found is None:
        return None
    call, read, person, now = found
    return call, Standing.of(read), person, now


def lock(call_id: int) -> Call:
    """Return the call with its kind, locked until the transaction ends; raises Call.DoesNotExist."""
    return rows.lock(call_id)


def move(call: Call, state: CallState, counted: Standing, *, now: datetime) -> None:
    """Move a locked call to its next state; raises ValueError for a step that its table does not have."""
    if state not in CALL_NEXT[CallState(call.state)]:
        raise ValueError(f"a call cannot go from {call.state} to {state}")
    call.state = state.value
    if state is CallState.COVERED:
        call.covered_at, call.covers = now, call.covers + 1
    if state not in TURNING:
        call.ended_at, call.next_due_at = now, None
        counted.skip_waves()
        call.asked = len(counted.invites)
        call.came = sum(invite.counted_for_id is not None for invite in counted.invites)
        call.from_afar = sum(invite.state == InviteState.AFAR for invite in counted.invites)


def store(call: Call, counted: Standing) -> None:
    """Write what a step changed, one version up: whoever holds an older version is out of date."""
    call.version += 1
    rows.write(
        call,
        invites=[invite for invite in counted.invites if counted.kept.get(invite.pk) != _kept(invite)],
        waves=[wave for wave in counted.waves if wave.state != WaveState.PLANNED],
        said=counted.said,
        log=counted.log,
    )
    # Stored once: a further step writes only what it changes itself.
    counted.kept = {invite.pk: _kept(invite) for invite in counted.invites}
    counted.waves, counted.said, counted.log = rows.waiting(counted.waves), [], []
