"""One step of a walk over the engine: what was done, and what was seen before it and after it."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.pods.seen import Seen

ALERTS = ("call.alert", "call.again")


@dataclass(frozen=True)
class Deed:
    """What was done: by whom, to which call, and what came back."""

    what: str = "nothing"
    call: int | None = None
    person: int | None = None
    said: str = ""
    # The engine answered that it did something.
    done: bool = False
    # It was refused, and with what right.
    refused: bool = False
    # The same press again.
    repeated: bool = False


@dataclass(frozen=True)
class Step:
    """One deed, what was seen before it and after it, and the time."""

    before: Seen
    after: Seen
    deed: Deed
    now: datetime
    # (call, person): said that they can't, and nothing else since.
    silenced: set[tuple[int, int]] = field(default_factory=set)

    def happened(self, call: int, word: str) -> int:
        return self.after.words(call).count(word) - self.before.words(call).count(word)

    def barred(self, person: int, call: int, *, last: bool = True) -> bool:
        """Return whether nobody could think that this person may be asked now."""
        b, a = self.before, self.after
        weary = not last and b.weary(person, call, self.now) and a.weary(person, call, self.now)
        return bool(a.resting(person, self.now) or b.busy(person, call) & a.busy(person, call) or weary)

    def free(self, person: int, call: int, *, last: bool = True) -> bool:
        """Return whether nothing at all speaks against asking this person."""
        b, a = self.before, self.after
        weary = not last and (b.weary(person, call, self.now) or a.weary(person, call, self.now))
        return not (a.resting(person, self.now) or b.busy(person, call) | a.busy(person, call) or weary)

    def fresh(self, rows: str, call: int) -> list:
        """Return the rows of this call that the deed brought."""
        old = getattr(self.before, rows)
        return [row for key, row in getattr(self.after, rows).items() if row.call == call and key not in old]

    def was(self, call: int) -> str:
        return self.before.calls[call].state if call in self.before.calls else "new"
