"""Three pop-up stations: a tradition with a place to fill tomorrow, a young one short of hands, one that waits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pods.management.demo.people import People
from sites.actions import moves, popups, shift_answers, shift_turn, shifts, supplies
from sites.actions.popups import Rhythm, Said
from sites.models import Need, Place, Popup, Shift, ShiftRole, SignUp, Supply
from sites.queries.neighbourhood import local_zone
from sites.states import ClosedFor, HostWord, Role

DAY, WEEK = timedelta(days=1), timedelta(days=7)
# Who came is known for a month; older weeks have numbers alone.
NAMED_FOR = timedelta(days=24)


@dataclass(frozen=True)
class Scene:
    """A station: where, what, how its weeks went so far (k kept, s too few, m missed, c closed), and its people."""

    place: str
    need: str
    said: Said
    starts: time
    minutes: int
    # Days from today to its next shift.
    ahead: int
    roles: tuple[tuple[Role, str, int, int], ...]
    by: str
    host: HostWord
    weeks: str = ""
    crew: tuple[tuple[str, Role], ...] = ()
    willing: tuple[str, ...] = ()


LAUNDRY = Scene(
    place="Lavandería La Esperanza",
    need="detergent",
    said=Said(
        "Free detergent and a phone charger",
        "A laundry of our own, run by those who wash there.",
        "loads washed",
        ("Detergent, two boxes", "Extension lead and chargers", "Coffee", "Cards on stolen wages"),
    ),
    starts=time(18),
    minutes=120,
    ahead=1,
    roles=((Role.LEAD, "", 1, 1), (Role.SERVER, "", 2, 3), (Role.GREETER, "", 0, 1), (Role.OWN, "Coffee", 0, 1)),
    by="Rosa",
    host=HostWord.AGREED,
    weeks="kkmkkkckkkkkk",
    crew=(("Marisol", Role.LEAD), ("Delia", Role.SERVER), ("Samir", Role.SERVER), ("Hana", Role.GREETER)),
    willing=("Lucía", "Priya", "Graciela", "Tuấn"),
)
BUS_STOP = Scene(
    place="Mill Row & 4th",
    need="masks",
    said=Said(
        "Masks and a warm drink at the early bus",
        "A riders' assembly that decides with the drivers.",
        "cups poured",
        ("Masks", "Two flasks", "Cups that come back"),
    ),
    starts=time(6, 30),
    minutes=90,
    ahead=1,
    roles=((Role.LEAD, "", 1, 1), (Role.SERVER, "", 1, 2)),
    by="Thandi",
    host=HostWord.PUBLIC,
    weeks="skk",
    crew=(("Thandi", Role.LEAD), ("Yusuf", Role.SERVER)),
    willing=("Farid",),
)
CLINIC = Scene(
    place="Franklin Free Clinic",
    need="translation",
    said=Said(
        "Somebody beside you at the desk, in your language",
        "A co-operative of interpreters that its members own.",
        "visits accompanied",
        ("Cards in five languages",),
    ),
    starts=time(9),
    minutes=180,
    ahead=5,
    roles=((Role.LEAD, "", 1, 1), (Role.OWN, "Interpreter", 1, 4)),
    by="Marisol",
    host=HostWord.ASKED,
)


def make(everybody: People, places: dict[str, Place], now: datetime) -> None:
    """Plan the three, let their weeks pass, leave places free tomorrow, and move a week to come."""
    for scene in (LAUNDRY, BUS_STOP, CLINIC):
        _play(scene, everybody, places[scene.place], now)
    _tomorrow(everybody, now)
    _early_bus(everybody, now)
    shift_turn.turn_due(now=now)


def _play(scene: Scene, everybody: People, place: Place, now: datetime) -> None:
    today: date = now.astimezone(local_zone()).date()
    # Three days before its first shift.
    at = min(now - 4 * DAY, now + (scene.ahead - 3) * DAY - WEEK * len(scene.weeks))
    popup = popups.plan(
        by=everybody[scene.by],
        place=place,
        need=Need.objects.get(key=scene.need),
        said=scene.said,
        rhythm=Rhythm((today + scene.ahead * DAY).weekday(), scene.starts, scene.minutes),
        roles=scene.roles,
        now=at,
    )
    if scene.host is HostWord.ASKED:
        return
    popups.open_station(popup=popup, host=scene.host, now=at)
    popups.fill_due(now=now)
    for handle in scene.willing:
        popups.offer(popup=popup, person=everybody[handle], willing=True, now=at)
    past = list(Shift.objects.filter(popup=popup, ends_at__lte=now).order_by("starts_at"))
    for number, (shift, went) in enumerate(zip(past, scene.weeks, strict=True)):
        _went(scene, everybody, shift, went, number, now)


def _went(scene: Scene, everybody: People, shift: Shift, went: str, number: int, now: datetime) -> None:
    if went == "c":
        shifts.close_week(shift=shift, why=ClosedFor.HOLIDAY, now=shift.starts_at - 4 * DAY)
        return
    roles = {Role(one.role): one for one in ShiftRole.objects.filter(shift=shift)}
    came: list[SignUp] = []
    if now - shift.starts_at < NAMED_FOR:
        came = [
            shifts.join(shift=shift, role=roles[role], person=everybody[handle], now=shift.starts_at - 3 * DAY)
            for handle, role in scene.crew
        ]
    others = {} if came else {one.pk: one.least for one in roles.values()}
    if went == "s":
        others[roles[Role.LEAD].pk] = 0
    shifts.check_in(
        shift=shift,
        opened=went != "m",
        came=[one.pk for one in came],
        others=others,
        count=shifts.Count(
            helped=11 + (number * 5) % 9, given=8 + (number * 7) % 11, cost=Decimal("9.50") + (number * 3) % 7
        ),
        now=shift.ends_at,
    )


def _tomorrow(everybody: People, now: datetime) -> None:
    """Marisol leads, Delia comes, Samir can't after all: a few are being asked to stand in."""
    popup = Popup.objects.get(name=LAUNDRY.said.name)
    shift, later = list(Shift.objects.coming(now).filter(popup=popup, starts_at__gt=now).select_related("popup")[:2])
    roles = {Role(one.role): one for one in ShiftRole.objects.filter(shift=shift)}
    for handle, role in LAUNDRY.crew[:3]:
        shifts.join(shift=shift, role=roles[role], person=everybody[handle], now=now - 5 * DAY)
    shifts.leave(shift=shift, person=everybody["Samir"], now=now - timedelta(minutes=50))
    things = list(Supply.objects.filter(shift=shift))
    for thing, handle in zip(things, ("Delia", "Marisol"), strict=False):
        supplies.bring(shift=shift, ref=thing.ref, person=everybody[handle], willing=True, now=now)
    lead = ShiftRole.objects.get(shift=later, role=Role.LEAD.value)
    shifts.join(shift=later, role=lead, person=everybody["Delia"], now=now - DAY)


def _early_bus(everybody: People, now: datetime) -> None:
    """Yusuf can't come tomorrow, Farid can't stand in, so Thandi hears of it; from the third week on it is earlier."""
    popup = Popup.objects.get(name=BUS_STOP.said.name)
    coming = list(Shift.objects.coming(now).filter(popup=popup, starts_at__gt=now).select_related("popup"))
    for shift in (coming[0], coming[2]):
        for handle, role in BUS_STOP.crew:
            one = ShiftRole.objects.get(shift=shift, role=role.value)
            shifts.join(shift=shift, role=one, person=everybody[handle], now=now - 4 * DAY)
    shifts.leave(shift=coming[0], person=everybody["Yusuf"], now=now - timedelta(minutes=70))
    farid = everybody["Farid"].pk
    shift_answers.answer(shift=coming[0], person=farid, say="no", version=1, now=now - timedelta(minutes=40))
    popup.refresh_from_db()
    plan = moves.Plan(popup.place, Rhythm(popup.weekday, time(6, 15), popup.minutes), BUS_STOP.roles)
    moves.move(popup=popup, plan=plan, version=popup.version, first=coming[2].day, now=now - DAY)
