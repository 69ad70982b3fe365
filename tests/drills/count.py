"""Counting at the mail sink, against what the outbox says was due."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ALERT = "call.alert"


@dataclass(frozen=True)
class Mail:
    """One mail as the sink noted it."""

    message_id: str
    to: str
    at: float


def mails_in(log: Path) -> list[Mail]:
    """Return what the sink has noted so far; a line that is still being written is left for later."""
    if not log.exists():
        return []
    whole = log.read_text(encoding="ascii").rpartition("\n")[0]
    rows = [line.split("\t") for line in whole.splitlines()]
    return [Mail(row[0], row[1], float(row[2])) for row in rows]


def distinct(log: Path) -> int:
    """Return how many different messages have arrived."""
    return len({mail.message_id for mail in mails_in(log)})


@dataclass(frozen=True)
class Tally:
    """What arrived, against what was due."""

    due: int
    lost: int
    duplicates: int
    # Mails with a Message-ID that no delivery has, or that reached another person than it was for.
    strange: int
    # Deliveries for the same person and call beyond the first.
    twice_queued: int
    last_at: float


def tally(log: Path) -> Tally:
    """Compare every mail at the sink with the outbox."""
    from commons.notices.channels.email import message_id
    from commons.notices.models import Delivery

    rows = list(Delivery.objects.filter(kind=ALERT).values_list("ref", "subject", "person_id", "person__email"))
    wanted = {message_id(ref): email for ref, _subject, _person, email in rows}
    mails = mails_in(log)
    copies = Counter(mail.message_id for mail in mails)
    return Tally(
        due=len(rows),
        lost=len(wanted.keys() - copies.keys()),
        duplicates=sum(copies.values()) - len(copies),
        strange=sum(wanted.get(mail.message_id) != mail.to for mail in mails),
        twice_queued=len(rows) - len({(subject, person) for _ref, subject, person, _email in rows}),
        last_at=max((mail.at for mail in mails), default=0.0),
    )


def still_pending() -> int:
    """Return how many alerts nobody has recorded as handed off yet."""
    from commons.notices.models import Delivery

    return Delivery.objects.filter(kind=ALERT).exclude(state="handed_off").count()
