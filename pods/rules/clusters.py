"""When proposals are computed, how long they stand, and when those who are interested are told of each other."""

from datetime import UTC, datetime, time, timedelta

from sites.rules.grouping import FEWEST

# Long enough that everybody has looked, short enough that a street which changes is seen anew.
STANDS = timedelta(days=30)
# So many who want it are enough to begin with, and too many to tell who said nothing.
INTERESTED_ENOUGH = FEWEST
# At night, by the server's own clock: nobody waits for it.
NIGHT = time(3, 20, tzinfo=UTC)


def last_night(now: datetime) -> datetime:
    """Return the latest moment at which the nightly computing was due."""
    tonight = datetime.combine(now.astimezone(UTC).date(), NIGHT)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def due(*, computed_at: datetime | None, asked_at: datetime | None, now: datetime) -> bool:
    """Return whether proposals have to be computed now: somebody asked, or none were since last night."""
    return asked_at is not None or computed_at is None or computed_at < last_night(now)


def meets(*, interested: int, met: bool) -> bool:
    """Return whether those who are interested are told of each other now; it happens once."""
    return not met and interested >= INTERESTED_ENOUGH
