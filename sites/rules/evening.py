"""The thirty days from founding a neighbourhood to its first public asset evening (mission S9; the second essay)."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 30


@dataclass(frozen=True)
class Countdown:
    """How far the thirty days have come, and on which day they end."""

    passed: int
    left: int
    ends_on: date


def countdown(*, founded_on: date | None, held: bool, today: date) -> Countdown | None:
    """Return how far it has come; None once an evening was `held`, or where nobody knows the day of the founding.

    Late is no shame: it stands at nought until there was an evening.
    """
    if held or founded_on is None:
        return None
    passed = max(0, min(DAYS, (today - founded_on).days))
    return Countdown(passed, DAYS - passed, founded_on + timedelta(days=DAYS))
