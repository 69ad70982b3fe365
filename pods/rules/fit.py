"""Whom to ask first: rested people whose skills fit, awake, least called lately."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pods.rules.matching import Candidate, Need
from sites.states import Limit

NIGHT_FROM, NIGHT_UNTIL, EVENING_FROM, SATURDAY = 22, 7, 18, 5
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reachable:
    """What the engine knows of someone it might ask, on the database's clock."""

    id: int
    # Skill → the limits that its owner set on it.
    skills: Mapping[int, frozenset[str]] = field(default_factory=dict)
    resting: bool = False
    busy: bool = False
    # How many calls they came to, or helped from afar, in the last seven days, and their own limit.
    carried: int = 0
    at_most: int = 2
    last_asked_at: datetime | None = None
    # Not before this time may a message reach them; None when they are awake.
    asleep_until: datetime | None = None
    # How far their pod is from the call, in metres; 0 in the call's own pod.
    distance: float = 0.0

    @property
    def over_limit(self) -> bool:
        """Return whether they carried as many calls this week as they said they would."""
        return self.carried >= self.at_most

    def candidate(self) -> Candidate:
        """Return this person as the matching sees them."""
        return Candidate(self.id, frozenset(self.skills))


@dataclass(frozen=True)
class Circumstances:
    """What of a call matters to people's limits: its local time, and whether police are likely."""

    local: datetime
    police_likely: bool = False


def allowed(limits: frozenset[str], call: Circumstances) -> bool:
    """Return whether a skill offered within these limits fits the call's circumstances."""
    hour, weekend = call.local.hour, call.local.weekday() >= SATURDAY
    night = hour >= NIGHT_FROM or hour < NIGHT_UNTIL
    broken = {
        Limit.NOT_NIGHTS: night,
        Limit.EVENINGS_ONLY: hour < EVENING_FROM,
        Limit.WEEKENDS_ONLY: not weekend,
        Limit.NO_POLICE: call.police_likely,
    }
    return not any(broken.get(Limit(limit), False) for limit in limits)


def may_ask(person: Reachable, *, last: bool = False) -> bool:
    """Return whether a call may ask this person at all; those over their limit only at last (P7, G4)."""
    return not person.resting and not person.busy and (last or not person.over_limit)


def _order(person: Reachable) -> tuple[float, bool, int, datetime, int]:
    """Sort key within a wave: nearest, awake first, least called lately; the id settles the rest."""
    asleep = person.asleep_until is not None
    return (person.distance, asleep, person.carried, person.last_asked_at or LONG_AGO, person.id)


def best(
    needs: Sequence[Need], lacking: Mapping[int, int], people: Iterable[Reachable], call: Circumstances, spread: int
) -> list[Reachable]:
    """Return whom to ask: for each place that is lacking, `spread` of the best fitting.

    A need with a skill asks only people who offer it within limits that fit; the rarest skill
    chooses first, so that its few are not spent on "anyone". Nobody is listed twice.
    """
    rested = sorted((person for person in people if may_ask(person)), key=_order)
    fits = {
        need.id: [p for p in rested if need.skill is None or _offers(p, need.skill, call)]
        for need in needs
        if lacking.get(need.id, 0) > 0
    }
    chosen: dict[int, Reachable] = {}
    for need in sorted((need for need in needs if need.id in fits), key=lambda need: (len(fits[need.id]), need.id)):
        fresh = [person for person in fits[need.id] if person.id not in chosen]
        for person in fresh[: lacking[need.id] * spread]:
            chosen[person.id] = person
    return list(chosen.values())


def _offers(person: Reachable, skill: int, call: Circumstances) -> bool:
    limits = person.skills.get(skill)
    return limits is not None and allowed(limits, call)


def rest_of(people: Iterable[Reachable], *, last: bool = False) -> list[Reachable]:
    """Return everyone who may be asked, in the order of a wave."""
    return sorted((person for person in people if may_ask(person, last=last)), key=_order)
