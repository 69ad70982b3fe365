"""Where capacity gathers: a pod, a sprint or an institution that neighbours near each other could become (mission S10).

- A **pod**: five to twelve people in no pod yet who together can do at least half, by how often it was needed, of what
  calls needed. They need not all have a skill: whoever comes as they can is asked too.
- A **sprint**: five to twelve people who can do different parts of one kind of work, with a space or a tool for it.
- An **institution**: five to twelve people who have held what they offer true for half a year or longer, around a kind
  of work that has proven itself there: in calls that found enough people, and in weeks in which shifts were kept.

How they are grouped, by which known methods, and why the same input gives the same output: `sites.rules.grouping`.
Whatever a network calls a skill in its own words counts for pods as soon as a call needed it; the kinds of work below
know the built-in skills alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sites.rules.grouping import TINY, WITHIN, Aim, Cell, Group, Neighbour, apart, groups
from sites.states import AssetKind, ClusterKind, Work

# Things stand beside the keys of skills, under words that no skill's key can be: keys are slugs.
SPACE, TOOL = f":{AssetKind.SPACE.value}", f":{AssetKind.TOOL.value}"
COVERS = 0.5
# Three times is no accident: so many calls and kept weeks say that a kind of work holds in a place.
PROVEN = 3
# What a person offers is proven once they have held it true for so long.
HELD_DAYS = 182


@dataclass(frozen=True)
class Trade:
    """What a kind of work takes: skills, and things of which at least one has to be there."""

    skills: frozenset[str]
    things: frozenset[str]


WORKS: Mapping[Work, Trade] = {
    Work.HOMES: Trade(
        frozenset({"tenant_rights", "legal_observer", "interpreter_es", "grant_writing", "phone_tree", "deescalation"}),
        frozenset({SPACE}),
    ),
    Work.CARE: Trade(frozenset({"nurse", "first_aid", "mental_health", "sign_language", "driver"}), frozenset({SPACE})),
    Work.FOOD: Trade(frozenset({"cooking", "driver", "van", "phone_tree"}), frozenset({SPACE, TOOL})),
    Work.CHILDREN: Trade(frozenset({"child_care", "cooking", "first_aid", "mental_health"}), frozenset({SPACE})),
    Work.REPAIR: Trade(frozenset({"carpentry", "plumbing", "bike_repair", "van"}), frozenset({TOOL, SPACE})),
    Work.LANGUAGES: Trade(
        frozenset({"interpreter_es", "interpreter_am", "interpreter_vi", "sign_language", "phone_tree"}),
        frozenset({SPACE}),
    ),
}
assert set(WORKS) == set(Work), "every kind of work takes something"
# Which kind of work answers which built-in need of the listening log.
WORK_FOR: Mapping[str, Work] = {
    **dict.fromkeys(("tenant_rights", "legal", "wage_theft", "forms"), Work.HOMES),
    **dict.fromkeys(("health", "masks", "hygiene", "quiet"), Work.CARE),
    **dict.fromkeys(("food", "warm_drink", "water"), Work.FOOD),
    **dict.fromkeys(("childcare", "diapers"), Work.CHILDREN),
    "repair": Work.REPAIR,
    "translation": Work.LANGUAGES,
}


@dataclass(frozen=True)
class Offering:
    """A person who lets themselves be proposed: where they are, what they offer, and what of it is proven."""

    id: int
    cell: Cell
    can: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()
    in_pod: bool = False


@dataclass(frozen=True)
class Strength:
    """That these kinds of work held on a cell, and how often: a call that found enough people, a kept week."""

    cell: Cell
    works: frozenset[Work]
    times: int = 1


@dataclass(frozen=True)
class Proposal:
    """A group that is proposed: of which kind, around which cell, and its members' keys, smallest first."""

    kind: ClusterKind
    centre: Cell
    members: tuple[int, ...]
    work: Work | None = None
    # Of a sprint: how often its work was asked for. Of an institution: how often it held around here.
    times: int = 0


@dataclass(frozen=True)
class Picture:
    """Everything that proposals are made from."""

    people: Collection[Offering]
    # Skill → how many calls needed it.
    needed: Mapping[str, int]
    # Kind of work → how often teams that listened heard a need for it.
    heard: Mapping[Work, int] = field(default_factory=dict)
    strengths: Collection[Strength] = ()
    # Who stands in a proposal of a kind already, and is left in peace.
    taken: Mapping[ClusterKind, frozenset[int]] = field(default_factory=dict)

    def free(self, kind: ClusterKind) -> list[Offering]:
        """Return who can be proposed for this kind."""
        taken = self.taken.get(kind, frozenset())
        return [one for one in self.people if one.id not in taken]


def propose(picture: Picture) -> list[Proposal]:
    """Return every proposal: pods, sprints, institutions, the one worth most first; nobody is in two of one kind."""
    return [*pods(picture), *sprints(picture), *institutions(picture)]


def pods(picture: Picture) -> list[Proposal]:
    """Return the pods that people who sit in none could form."""
    people = [Neighbour(one.id, one.cell, one.can) for one in picture.free(ClusterKind.POD) if not one.in_pod]
    aim = Aim(wants={skill: times for skill, times in picture.needed.items() if times > 0}, least=COVERS, anyone=True)
    return [_proposal(ClusterKind.POD, group) for group in groups(people, aim)]


def sprints(picture: Picture) -> list[Proposal]:
    """Return the sprints that people could begin, for the most needed kinds of work first."""
    free = {one.id: one for one in picture.free(ClusterKind.SPRINT)}
    found: list[Proposal] = []
    for work in by_demand(picture):
        people = [Neighbour(one.id, one.cell, one.can) for one in free.values()]
        for group in groups(people, aim_of(work, picture.needed, with_things=True)):
            found.append(_proposal(ClusterKind.SPRINT, group, work, demand(work, picture)))
            _take(free, group)
    return found


def institutions(picture: Picture) -> list[Proposal]:
    """Return the institutions that have proven themselves: in people who hold true, and in what held around them."""
    free = {one.id: one for one in picture.free(ClusterKind.INSTITUTION)}
    found: list[Proposal] = []
    for work in by_demand(picture):
        held = [strength for strength in picture.strengths if work in strength.works]
        holds = {cell for cell in {one.cell for one in free.values()} if times_near(cell, held) >= PROVEN}
        people = [Neighbour(one.id, one.cell, one.proven) for one in free.values() if one.cell in holds]
        for group in groups(people, aim_of(work, picture.needed, with_things=False)):
            times = times_near(group.centre, held)
            found.append(_proposal(ClusterKind.INSTITUTION, group, work, times))
            _take(free, group)
    return found


def works_with(skills: Collection[str]) -> frozenset[Work]:
    """Return the kinds of work that take one of these skills."""
    return frozenset(work for work, trade in WORKS.items() if not trade.skills.isdisjoint(skills))


def works_for(needs: Iterable[str]) -> frozenset[Work]:
    """Return the kinds of work that answer these built-in needs of the listening log (S4)."""
    return frozenset(WORK_FOR[need] for need in needs if need in WORK_FOR)


def by_demand(picture: Picture) -> list[Work]:
    """Return the kinds of work, the one asked for most first."""
    return sorted(WORKS, key=lambda work: (-demand(work, picture), work.value))


def demand(work: Work, picture: Picture) -> int:
    """Return how often a kind of work was asked for: by calls, through its skills, and where teams listened."""
    called = sum(max(0, picture.needed.get(skill, 0)) for skill in WORKS[work].skills)
    return called + max(0, picture.heard.get(work, 0))


def aim_of(work: Work, needed: Mapping[str, int], *, with_things: bool) -> Aim:
    """Return what a group for a kind of work aims at: its skills, those that calls needed most before the others."""
    trade = WORKS[work]
    most = max((needed.get(skill, 0) for skill in trade.skills), default=0)
    # A skill that no call needed is worth one; the one needed most, three.
    wants = {skill: 1 + (2 * max(0, needed.get(skill, 0)) // most if most > 0 else 0) for skill in trade.skills}
    things = trade.things if with_things else frozenset()
    return Aim(wants={**wants, **dict.fromkeys(things, 2)}, least=COVERS, must=things, distinct=2)


def times_near(cell: Cell, strengths: Iterable[Strength]) -> int:
    """Return how often something held within the stated distance of a cell."""
    return sum(strength.times for strength in strengths if apart(cell, strength.cell) <= WITHIN + TINY)


def _proposal(kind: ClusterKind, group: Group, work: Work | None = None, times: int = 0) -> Proposal:
    return Proposal(kind, group.centre, tuple(one.id for one in group.members), work, times)


def _take(free: dict[int, Offering], group: Group) -> None:
    for one in group.members:
        del free[one.id]
