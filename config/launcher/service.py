"""A long-running part of the house, started again when it ends by itself."""

import time
from collections.abc import Callable

from config.embedded import Child
from config.launcher.say import say

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A part that ran this long was well: its next end is a first one again.
WELL_AFTER = 60.0


def pause_before(ends: int) -> float:
    """Return how long to wait before starting again, after so many ends in a row."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (ends - 1)))


class Service:
    """One child with a name; `before` puts things right before each new start."""

    def __init__(self, name: str, child: Child, *, before: Callable[[], None] | None = None) -> None:
        self.name = name
        self.child = child
        self.before = before
        self.ends = 0
        self.started_at = 0.0
        self.start_at: float | None = None

    def start(self) -> None:
        """Start it now."""
        if self.before is not None and self.ends:
            self.before()
        self.child.start()
        self.started_at = time.monotonic()
        self.start_at = None

    def tend(self) -> None:
        """Notice an end and say so; start again once the pause is over."""
        now = time.monotonic()
        if self.start_at is not None:
            if now >= self.start_at:
                self.start()
        elif not self.child.running:
            self.ends = 1 if now - self.started_at > WELL_AFTER else self.ends + 1
            pause = pause_before(self.ends)
            self.start_at = now + pause
            status = self.child.process.returncode if self.child.process else None
            say(self.name, f"ended ({_how(status)}), starts again in {pause:g} s; see {self.child.log}")


def _how(status: int | None) -> str:
    """Say in words how a process ended."""
    if status is not None and status < 0:
        return f"signal {-status}"
    return f"exit {status}"
