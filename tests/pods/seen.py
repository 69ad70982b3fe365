"""What the walk over the engine sees: its small neighbourhood, and every row of its calls at one moment."""

from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db import connection

from commons.people.models import Person
from commons.people.rules import quiet_ends, zone
from pods.models import CallKind, Pod
from pods.states import LIVE
from sites.models import Skill
from tests.factories import BlockFactory, KindFactory, PersonFactory, PodFactory, SkillFactory, offer, organizer

ZONES = ("America/New_York", "UTC", "Pacific/Kiritimati")
WEEK = timedelta(days=7)

ROWS = {
    "calls": """
        SELECT c.id, c.state, c.version, c.covers, c.spread, c.urgent, c.needed_at, c.deadline_at, c.closes_at,
            c.next_due_at, c.raised_by_id AS raised_by, c.confirmed_at, c.released_at, c.asked, c.came, c.from_afar,
            k.needs_second
        FROM pods_call c JOIN pods_callkind k ON k.id = c.kind_id WHERE c.id = ANY(%(calls)s)""",
    "needs": "SELECT id, call_id AS call, skill_id AS skill, count FROM pods_callneed WHERE call_id = ANY(%(calls)s)",
    "waves": """
        SELECT id, call_id AS call, ordinal, rule, due_at, state, fired_at, asked FROM pods_callwave
        WHERE call_id = ANY(%(calls)s) ORDER BY ordinal""",
    "invites": """
        SELECT id, call_id AS call, person_id AS person, wave_id AS wave, state, answer, minutes,
            counted_for_id AS need, invited_at, version, asked_for_more_at
        FROM pods_invite WHERE call_id = ANY(%(calls)s) ORDER BY id""",
    "deliveries": """
        SELECT id, split_part(subject, ':', 2)::bigint AS call, person_id AS person, kind, round, state, due_at,
            expires_at, attempts FROM notices_delivery WHERE subject = ANY(%(subjects)s)""",
    "log": "SELECT id, call_id AS call, word FROM pods_callevent WHERE call_id = ANY(%(calls)s)",
    "links": """
        SELECT id, split_part(subject, ':', 2)::bigint AS call, person_id AS person FROM notices_link
        WHERE purpose = 'answer' AND revoked_at IS NULL AND subject = ANY(%(subjects)s)""",
}  # fmt: skip


@cache
def _row(table: str, *columns: str) -> type:
    return namedtuple(table, columns)


@dataclass(frozen=True)
class World:
    """Nine people in the pod that raises, six in a sister pod near by, five in one far off, and organizers."""

    pod: Pod
    people: list[Person]
    # Person → distance of their pod, in blocks: 0 is the pod that raises.
    pods: dict[int, int]
    organizers: set[int]
    skill: Skill
    interpreters: set[int]
    kinds: dict[str, CallKind]
    by_id: dict[int, Person]

    def members(self) -> list[int]:
        return [person for person, distance in self.pods.items() if distance == 0]

    def sisters(self) -> list[int]:
        return [person for person, distance in self.pods.items() if distance > 0]


def build(now: datetime) -> World:
    """Lay the neighbourhood down once: what a walk changes is rolled back after it."""
    pods, people, far = {}, [], []
    # The far one first: whoever asked in the order of their numbers would be found out.
    for distance, members in ((0, 9), (2, 5), (1, 6)):
        pod = PodFactory(block=BlockFactory(latitude=f"39.{300 + distance * 10}"), members=members)
        far.append(pod)
        for seat in pod.memberships.order_by("seat").select_related("person"):
            people.append(seat.person)
            pods[seat.person_id] = distance
    people += [PersonFactory(), PersonFactory()]
    for place, person in enumerate(people):
        person.time_zone = ZONES[place % 3]
        # Some sleep at night, one of them may be woken; some come seldom, one only when nobody else does.
        if place % 4 == 3:
            person.quiet_from, person.quiet_until, person.urgent_may_wake = time(22), time(7), place % 8 == 3
        person.calls_per_week = {4: 0, 6: 1, 12: 1}.get(place, 2)
        person.save()
    chosen = [people[-1], people[-2], people[8]]
    for person in chosen:
        organizer(person, now=now)
    interpreters = {people[place].pk for place in (2, 5, 10, 17)}
    for person in interpreters:
        offer(Person.objects.get(pk=person), "interpreter_es", now=now)
    return World(
        pod=far[0], people=people, pods=pods, organizers={person.pk for person in chosen},
        skill=SkillFactory(key="interpreter_es"), interpreters=interpreters,
        kinds={key: KindFactory(key=key) for key in ("eviction", "raid", "medical")},
        by_id={person.pk: person for person in people},
    )  # fmt: skip


@dataclass
class Seen:
    """All rows of the walk's calls at one moment, and who rests."""

    world: World
    calls: dict = field(default_factory=dict)
    needs: dict = field(default_factory=dict)
    waves: dict = field(default_factory=dict)
    # (call, person) → invite
    invites: dict = field(default_factory=dict)
    deliveries: dict = field(default_factory=dict)
    log: dict = field(default_factory=dict)
    links: set = field(default_factory=set)
    rests: dict[int, tuple[date, date]] = field(default_factory=dict)

    def of(self, rows: str, call: int) -> list:
        """Return these rows of one call."""
        return [row for row in getattr(self, rows).values() if row.call == call]

    def words(self, call: int) -> list[str]:
        return [row.word for row in self.of("log", call)]

    def unconfirmed(self, call: int) -> bool:
        return self.calls[call].needs_second and self.calls[call].confirmed_at is None

    def resting(self, person: int, now: datetime) -> bool:
        """Return whether this is a day of rest where they are."""
        first, end = self.rests.get(person, (date.max, date.max))
        return first <= now.astimezone(zone(self.world.by_id[person].time_zone)).date() < end

    def busy(self, person: int, call: int) -> set[int]:
        """Return the other calls that this person is coming to."""
        return {
            invite.call
            for invite in self.invites.values()
            if invite.person == person and invite.call != call and invite.state == "coming"
            and self.calls[invite.call].state in ("open", "short", "covered")
        }  # fmt: skip

    def weary(self, person: int, call: int, now: datetime) -> bool:
        """Return whether they gave as many calls this week as they said they would."""
        gave = sum(
            invite.person == person and invite.call != call and invite.answer in ("coming", "afar")
            and invite.invited_at > now - WEEK
            for invite in self.invites.values()
        )  # fmt: skip
        return gave >= self.world.by_id[person].calls_per_week

    def asleep(self, person: int, call: int, now: datetime) -> datetime | None:
        """Return until when the call may not reach them."""
        who = self.world.by_id[person]
        if self.calls[call].urgent and who.urgent_may_wake:
            return None
        return quiet_ends(now, who.time_zone, who.quiet_from, who.quiet_until)

    def filled(self, call: int, people: set[int]) -> int:
        """Return how many places these people could fill at most: interpreters first where they are asked for."""
        needs = self.of("needs", call)
        skilled = min(sum(n.count for n in needs if n.skill), len(people & self.world.interpreters))
        return skilled + min(sum(n.count for n in needs if not n.skill), len(people) - skilled)

    def places(self, call: int) -> int:
        return sum(need.count for need in self.of("needs", call))

    def who(self, call: int, *states: str) -> set[int]:
        """Return the people whose invite is in one of these states."""
        return {invite.person for invite in self.of("invites", call) if invite.state in states}

    def lacking(self, call: int) -> tuple[int, int]:
        """Return how many interpreters, and how many of anyone, are still missing."""
        missing = [0, 0]
        for need in self.of("needs", call):
            have = sum(invite.need == need.id for invite in self.of("invites", call))
            missing[not need.skill] += need.count - have
        return missing[0], missing[1]

    def reached(self, call: int) -> set[int]:
        """Return to whom an alert was handed off, or is being handed off."""
        return {
            row.person
            for row in self.of("deliveries", call)
            if row.kind in ("call.alert", "call.again") and row.state in ("handed_off", "leased")
        }

    def live(self, call: int) -> bool:
        return self.calls[call].state in LIVE


def look(world: World, calls: list[int], rests: dict[int, tuple[date, date]]) -> Seen:
    """Return what stands in the database now."""
    seen = Seen(world, rests=dict(rests))
    if not calls:
        return seen
    asked = {"calls": calls, "subjects": [f"call:{call}" for call in calls]}
    with connection.cursor() as cursor:
        for table, sql in ROWS.items():
            cursor.execute(sql, asked)
            row = _row(table, *[column.name for column in cursor.description])
            setattr(seen, table, {one.id: one for one in map(row._make, cursor.fetchall())})
    seen.invites = {(invite.call, invite.person): invite for invite in seen.invites.values()}
    seen.links = {(link.call, link.person) for link in seen.links.values()}
    return seen
