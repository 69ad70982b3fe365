"""How a call widens: which waves, how long after opening, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from pods.states import WAVE_ORDER, Pace, WaveRule

# Minutes from opening for each wave of WAVE_ORDER. From the design of the call engine: volunteers
# answer 17–47 % of the time (JMIR 2023), so a first wave rarely fills a need of two.
DEFAULT_MINUTES: dict[Pace, tuple[int, ...]] = {
    Pace.NOW: (0, 3, 5, 8, 15),
    Pace.DAY: (0, 15, 30, 45, 90),
    Pace.TWO_DAYS: (0, 30, 60, 90, 240),
}
# How long a call of each pace looks for people before it says loudly that it failed.
LASTS: dict[Pace, timedelta] = {
    Pace.NOW: timedelta(hours=1),
    Pace.DAY: timedelta(hours=24),
    Pace.TWO_DAYS: timedelta(hours=48),
}
# The last wave must leave people time to come: waves fit into this part of what there is.
PART_FOR_WAVES = 0.5
# A call needed sooner than this may cross the quiet hours of those who said so.
URGENT_WITHIN = timedelta(hours=3)
# A call that nobody closes closes by itself this long after it was needed.
CLOSES_AFTER = timedelta(hours=12)


@dataclass(frozen=True)
class PlannedWave:
    """One wave of a frozen plan."""

    ordinal: int
    rule: WaveRule
    due_at: datetime


def deadline(pace: Pace, opened_at: datetime, needed_at: datetime) -> datetime:
    """Return when a call stops looking: when it is needed, but no later than its pace lasts.

    A call needed at once has its pace's full hour: someone who comes late still comes.
    """
    latest = opened_at + LASTS[pace]
    if needed_at <= opened_at + timedelta(minutes=10):
        return opened_at + LASTS[Pace.NOW]
    return min(latest, needed_at)


def urgent(pace: Pace, opened_at: datetime, needed_at: datetime) -> bool:
    """Return whether a call may cross the quiet hours of those who allowed it."""
    return pace is Pace.NOW or needed_at - opened_at <= URGENT_WITHIN


def plan(minutes: Sequence[int | None], opened_at: datetime, deadline_at: datetime) -> list[PlannedWave]:
    """Return the waves of a call, in order, their times squeezed when the deadline is near.

    `minutes` holds one entry per wave of WAVE_ORDER; None leaves that wave out. The first wave is
    always due at opening. Raises ValueError for a wrong number of entries or times that go back.
    """
    if len(minutes) != len(WAVE_ORDER):
        raise ValueError("a protocol has one time for each wave")
    kept = [(rule, minute) for rule, minute in zip(WAVE_ORDER, minutes, strict=True) if minute is not None]
    if not kept or any(later[1] < earlier[1] for earlier, later in pairwise(kept)):
        raise ValueError("waves follow each other")
    room = (deadline_at - opened_at) * PART_FOR_WAVES
    last = timedelta(minutes=kept[-1][1])
    squeeze = min(1.0, room / last) if last else 1.0
    first = kept[0][1]
    return [
        PlannedWave(ordinal, rule, opened_at + timedelta(minutes=minute - first) * squeeze)
        for ordinal, (rule, minute) in enumerate(kept)
    ]
