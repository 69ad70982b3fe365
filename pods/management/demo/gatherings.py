"""The demo's gatherings: an evening to come that fills, one that is full, one called off, and three that are over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commons.gatherings.actions import after, feeds, plans, seats
from commons.gatherings.models import Gathering
from commons.gatherings.queries.kinds import proposal
from commons.gatherings.rules import Party, Plan, moment
from pods.management.demo.people import ZONE, People

DAY = timedelta(days=1)
HALL = "Church hall on Mill Row"


@dataclass(frozen=True)
class Held:
    """A gathering that is over: who held it, how many days ago, at what hour, and what was written down."""

    by: str
    plan: Plan
    days: int
    hour: int
    came: int | None = None
    outcome: str = ""
    notes: str = ""


def _plan(kind: str, title: str, minutes: int, place: str, now: datetime) -> Plan:
    agenda = tuple((taken, str(words)) for taken, words in proposal(kind).agenda)
    return Plan(kind=kind, title=title, starts_at=now, minutes=minutes, place=place, agenda=agenda)


def _at(now: datetime, days: int, hour: int, minute: int = 30) -> datetime:
    """Return that hour on the wall, so many days from now."""
    zone = ZoneInfo(ZONE)
    wall = (now.astimezone(zone) + days * DAY).replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    found = moment(wall, zone)
    assert found is not None, "evenings are never skipped"
    return found


def make(everybody: People, now: datetime) -> None:
    """Hold everything, each at its time, with the verbs that people use."""
    for held in _past(now):
        _hold_past(everybody, held, now)
    _evening(everybody, now)
    _full(everybody, now)
    _called_off(everybody, now)
    feeds.give(person=everybody["Rosa"], full_words=False, now=now)


def _past(now: datetime) -> list[Held]:
    return [
        Held(
            "Rosa",
            replace(
                _plan("assembly", "Autumn assembly", 120, HALL, now),
                purpose="What the year brought, and what we want to hold in common.",
                languages=("en", "es"),
                access=("step_free", "seating"),
                food="Soup and bread",
            ),
            days=41,
            hour=18,
            came=34,
            outcome="The kitchen opens on Thursdays. Six households look for a roof that they could own together.",
        ),
        Held(
            "João",
            _plan("decompression", "Tea after a hard week", 90, "Garden room of the library", now),
            days=12,
            hour=19,
        ),
        Held(
            "Rosa",
            replace(
                _plan("debrief", "After the Rail Yard", 60, "Back room of the laundry", now),
                purpose="What we did at the loading bay, and what to do differently.",
                languages=("en", "am"),
            ),
            days=4,
            hour=19,
            came=9,
            outcome="Two doors, two people each. Observers stand where they can be seen.\n"
            "Whoever confirms a call says from where they saw it.",
            notes="It went faster than the drill. The second van was only seen from the bridge.",
        ),
    ]


def _hold_past(everybody: People, held: Held, now: datetime) -> None:
    at = _at(now, -held.days, held.hour)
    host = everybody[held.by]
    plan = replace(held.plan, starts_at=at)
    made = plans.hold(by=host, plan=plan, time_zone=ZONE, now=at - 9 * DAY)
    for number, handle in enumerate(list(everybody)[3:12]):
        seats.come(by=everybody[handle], gathering=made, party=Party(), now=at - timedelta(days=8, hours=-number))
    if held.outcome:
        after.record(
            gathering=made, came=held.came, outcome=held.outcome, notes=held.notes, now=made.ends_at + DAY / 24
        )


def _evening(everybody: People, now: datetime) -> Gathering:
    """The evening to come: open by link, half full, with children and guests."""
    plan = replace(
        _plan("asset_mapping", "What we can share", 120, HALL, now),
        starts_at=_at(now, 6, 18),
        purpose="Come and say what you can do, lend or open, and what is needed. You go home knowing four neighbours.",
        address="Side door on Water Street, second bell from the top. The ramp is behind the hedge.",
        languages=("en", "es", "am"),
        interpreted=("es", "vi"),
        access=("step_free", "seating", "toilet", "scent_free", "hearing"),
        food="Lentil soup, vegan and halal",
        childcare=True,
        childcare_places=12,
        capacity=40,
        open_to="link",
    )
    made = plans.hold(by=everybody["Rosa"], plan=plan, time_zone=ZONE, now=now - 9 * DAY)
    needs = ("step_free", "hearing", "scent_free", "rides")
    for number, handle in enumerate(
        ["Marisol", "Nuria", "Wei", "Amina", "Dawit", "Linh", "Kofi", "Ezra", "Hana", "Priya"]
    ):
        party = Party(
            people=1 + number % 3,
            children=number % 3,
            needs=needs[number % 5 : number % 5 + 1],
            language=("es", "en", "vi", "am")[number % 4],
        )
        seats.come(by=everybody[handle], gathering=made, party=party, now=now - timedelta(days=8, hours=-5 * number))
    for number, (name, note) in enumerate([("Ida", ""), ("", "A seat near the door"), ("Señora Paz", "")]):
        party = Party(people=2, name=name, note=note, language="es")
        seats.come_as_guest(gathering=made, key=f"demo-guest-{number:06d}", party=party, now=now - (3 - number) * DAY)
    return made


def _full(everybody: People, now: datetime) -> None:
    """Tomorrow: six chairs, and two who wait for one."""
    plan = replace(
        _plan("mini_assembly", "One question for the waiting room", 60, "Laundry on Orchard Street", now),
        starts_at=_at(now, 1, 17, 0),
        purpose="What would make the wait worth it?",
        address="Between the dryers and the window.",
        access=("step_free", "seating"),
        capacity=6,
    )
    made = plans.hold(by=everybody["Thandi"], plan=plan, time_zone=ZONE, now=now - 5 * DAY)
    for number, handle in enumerate(["Lucía", "Mei", "Rafael", "Samir", "Marisol", "Terrence", "Yusuf", "Delia"]):
        seats.come(by=everybody[handle], gathering=made, party=Party(), now=now - timedelta(days=4, hours=-number))


def _called_off(everybody: People, now: datetime) -> None:
    plan = replace(
        _plan("oral_history", "How Mill Row got its pots", 120, "Reading room of the library", now),
        starts_at=_at(now, 3, 16, 0),
        purpose="Three who were there tell it, in English and Amharic.",
        languages=("en", "am"),
    )
    made = plans.hold(by=everybody["Ottoline"], plan=plan, time_zone=ZONE, now=now - 6 * DAY)
    for handle in ("Marisol", "Amina", "Thandi"):
        seats.come(by=everybody[handle], gathering=made, party=Party(), now=now - 5 * DAY)
    plans.cancel(by=everybody["Ottoline"], gathering=made, now=now - DAY / 2)
