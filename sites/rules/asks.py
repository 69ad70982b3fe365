"""Asking for what a neighbour shares: who may take which step, and how a tool is lent and comes back (mission S9)."""

from datetime import date, timedelta
from enum import StrEnum

from sites.states import LENT, LendingState

# A tool goes out for two months at most: longer is a gift, and is said so.
LOAN_DAYS_MOST = 60
# After this long without an answer, or without anybody coming for it, an asking is over.
LAPSES_AFTER = timedelta(days=30)
LONGER_DAYS = 7


class Side(StrEnum):
    """Which of the two somebody is."""

    OWNER = "owner"
    ASKER = "asker"


class Step(StrEnum):
    """What can be done with an asking."""

    YES = "yes"
    NO = "no"
    WITHDRAW = "withdraw"
    OUT = "out"
    BACK = "back"
    LONGER = "longer"
    DONE = "done"


_BOTH = frozenset(Side)
_OWNER, _ASKER = frozenset({Side.OWNER}), frozenset({Side.ASKER})
# Step → from which states, to which, by whom, and whether it is for loans alone (True), for others (False), or both.
STEPS: dict[Step, tuple[frozenset[LendingState], LendingState, frozenset[Side], bool | None]] = {
    Step.YES: (frozenset({LendingState.ASKED}), LendingState.AGREED, _OWNER, None),
    Step.NO: (frozenset({LendingState.ASKED, LendingState.AGREED}), LendingState.DECLINED, _OWNER, None),
    Step.WITHDRAW: (frozenset({LendingState.ASKED, LendingState.AGREED}), LendingState.WITHDRAWN, _ASKER, None),
    Step.OUT: (frozenset({LendingState.AGREED}), LendingState.OUT, _BOTH, True),
    Step.LONGER: (frozenset({LendingState.OUT}), LendingState.OUT, _OWNER, True),
    Step.BACK: (frozenset({LendingState.OUT}), LendingState.BACK, _BOTH, True),
    Step.DONE: (frozenset({LendingState.AGREED}), LendingState.DONE, _BOTH, False),
}
assert set(STEPS) == set(Step), "every step needs its way"


def after(step: Step, *, state: LendingState, side: Side, loan: bool) -> LendingState | None:
    """Return the state that a step leads to, or None where this side can't take it now."""
    origins, goal, sides, only = STEPS[step]
    if state not in origins or side not in sides or only not in (None, loan):
        return None
    return goal


def steps(*, state: LendingState, side: Side, loan: bool) -> list[Step]:
    """Return what this side can do now, in the order of the list above."""
    return [step for step in Step if after(step, state=state, side=side, loan=loan) is not None]


def lapses(state: LendingState) -> bool:
    """Return whether an asking in this state is over by itself after a while: not what somebody has in their hands."""
    return state in {LendingState.ASKED, LendingState.AGREED}


def ended(state: LendingState) -> bool:
    """Return whether an asking is over."""
    return state not in LENT and state is not LendingState.ASKED


def due_refused(due_on: date, today: date) -> bool:
    """Return whether a tool can't be asked for until that day: it has passed, or is more than two months away."""
    return not today <= due_on <= today + timedelta(days=LOAN_DAYS_MOST)


def longer(due_on: date, today: date) -> date:
    """Return the new day on which a lent tool comes back: a week after the old one, or after today where it passed."""
    return max(due_on, today) + timedelta(days=LONGER_DAYS)
