"""Six blocks and three pods: one full, one forming, one tired, and somebody on the way into it."""

from datetime import datetime, timedelta
from decimal import Decimal

from commons.people.models import Person
from pods.actions import joining, pods, protocol
from pods.management.demo.people import People
from pods.models import CallKind, Pod
from pods.states import Pace, Raisers
from sites.actions.neighbourhood import write_block
from sites.models import Block

# Name and position of each block; the calls of the demo happen on them.
BLOCKS = {
    "Mill Row": ("39.300", "-76.640"),
    "Franklin & 4th": ("39.295", "-76.640"),
    "Cannery Yard": ("39.290", "-76.635"),
    "Orchard Street": ("39.305", "-76.630"),
    "Rail Yard": ("39.295", "-76.625"),
    "Saint Brigid's": ("39.310", "-76.645"),
}
FULL, TIRED, FORMING = "Mill Row Pod", "Cannery Pod", "Orchard Pod"
# Founders first; from the sixth on they were vouched for.
SEATED = {
    FULL: "Rosa Nuria Terrence Wei Amina Dawit Linh Marisol Inés Kofi Ezra João",
    TIRED: "Thandi Baraka Lucía Olek Sunniva Mei Rafael",
    FORMING: "Priya Samir Delia Tuấn",
}
FOUNDED_DAYS_AGO = {FULL: 280, TIRED: 210, FORMING: 12}
BEGINNERS = 5


def make_blocks() -> dict[str, Block]:
    """Write the blocks down and return them by name."""
    return {
        name: write_block(block=None, name=name, latitude=Decimal(north), longitude=Decimal(east))
        for name, (north, east) in BLOCKS.items()
    }


def make(everybody: People, blocks: dict[str, Block], now: datetime) -> dict[str, Pod]:
    """Form the pods, fill them, edit their protocols; return them by name."""
    places = {FULL: "Mill Row", TIRED: "Cannery Yard", FORMING: "Orchard Street"}
    made = {
        name: _fill(name, [everybody[handle] for handle in handles.split()], blocks[places[name]], now)
        for name, handles in SEATED.items()
    }
    _ask_newcomers(everybody, made, now)
    _edit_protocols(made)
    return made


def _fill(name: str, people: list[Person], block: Block, now: datetime) -> Pod:
    founder, *others = people
    at = now - timedelta(days=FOUNDED_DAYS_AGO[name])
    pod = pods.form_pod(by=founder, name=name, block=block, now=at)
    for seat, person in enumerate(others, start=2):
        at += timedelta(days=2)
        step = joining.name_someone(by=founder, pod=pod, person=person, now=at)
        joining.agree(by=person, joining=step, now=at + timedelta(hours=5))
        if seat > BEGINNERS:
            for voucher in (founder, others[0]):
                joining.vouch(by=voucher, joining=step, now=at + timedelta(days=1))
            at += timedelta(days=8)
            joining.settle(joining_id=step.pk, now=at)
    pod.refresh_from_db()
    return pod


def _ask_newcomers(everybody: People, made: dict[str, Pod], now: datetime) -> None:
    """Yusuf has agreed and one member has vouched; Hana is asked as a founder; Catalina asks by herself."""
    since = now - timedelta(days=3)
    yusuf = joining.name_someone(by=everybody["Thandi"], pod=made[TIRED], person=everybody["Yusuf"], now=since)
    joining.agree(by=everybody["Yusuf"], joining=yusuf, now=since + timedelta(hours=3))
    joining.vouch(by=everybody["Rafael"], joining=yusuf, now=since + timedelta(days=1))
    joining.ask_to_join(by=everybody["Catalina"], pod=made[TIRED], now=now - timedelta(days=1))
    asked = now - timedelta(hours=20)
    joining.name_someone(by=everybody["Priya"], pod=made[FORMING], person=everybody["Hana"], now=asked)


def _edit_protocols(made: dict[str, Pod]) -> None:
    food = protocol.add_kind(
        name="food run", pace=Pace.DAY, needs_second=False, emergency_first=False, police_likely=False
    )
    court = protocol.add_kind(
        name="court company", pace=Pace.TWO_DAYS, needs_second=False, emergency_first=False, police_likely=False
    )
    kinds = {kind.key: kind for kind in CallKind.objects.all()}
    edits = [
        (FULL, kinds["eviction"], Pace.DAY, (0, 12, 24, 39, 60), 2, Raisers.MEMBERS),
        (FULL, court, Pace.TWO_DAYS, (0, 120, None, 600, None), 1, Raisers.ORGANIZERS),
        (TIRED, kinds["raid"], Pace.NOW, (0, 2, 4, 6, 10), 3, Raisers.MEMBERS),
        (TIRED, food, Pace.DAY, (0, 60, None, 180, None), 1, Raisers.MEMBERS),
    ]
    for name, kind, pace, minutes, spread, raisers in edits:
        protocol.edit_protocol(pod=made[name], kind=kind, pace=pace, minutes=minutes, spread=spread, raisers=raisers)
