"""What a pod's protocol may say: waves in order, the first at once, and the last with time left to come."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from pods.rules.waves import LASTS, PART_FOR_WAVES
from pods.states import WAVE_ORDER, Pace


class Refusal(StrEnum):
    """Why a plan can't be kept."""

    FIRST = "first"
    BACKWARDS = "backwards"
    TOO_LATE = "too_late"


def latest_minute(pace: Pace) -> int:
    """Return the last minute at which a wave of this pace may go out: half of the time is left for people to come."""
    return int(LASTS[pace] * PART_FOR_WAVES / timedelta(minutes=1))


def refusal(pace: Pace, minutes: Sequence[int | None]) -> tuple[Refusal, int] | None:
    """Return what is wrong with these minutes and at which wave, or None when they hold."""
    if len(minutes) != len(WAVE_ORDER):
        raise ValueError("a protocol has one time for each wave")
    if minutes[0] != 0:
        return Refusal.FIRST, 0
    before = 0
    for index, minute in enumerate(minutes[1:], start=1):
        if minute is None:
            continue
        if minute <= before:
            return Refusal.BACKWARDS, index
        if minute > latest_minute(pace):
            return Refusal.TOO_LATE, index
        before = minute
    return None
