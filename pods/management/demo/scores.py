"""What people of the demo observed: places scored by one to four of them, some of it a while ago."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pods.management.demo.people import ZONE, People
from sites.actions.scores import Said, give, withdraw
from sites.models import Place

# A place, and below it who observed it: density softness clarity (- for none), days ago, what they noticed.
CARDS = """
Lavandería La Esperanza
    Graciela 454 60 Everybody waits forty minutes for the dryers and talks.
    Marisol 545 24 One camera over the change machine, pointed at the machine.
    Terrence 544 9
    Lucía 545 3 After the late shift it is full until ten.
Suds on Mill Row
    Nuria 443 80
    Wei 354 31 People bring chairs.
    Priya 444 11
Saturday Market on the Green
    Kofi 544 75
    Amina 554 13 Stall holders pay by the day and say what it costs them.
    Delia 455 6
Mill Row & 4th
    Terrence 443 40 The line at half past five is forty people long.
    Rosa 544 5
Tenants' Advice Office
    Ezra 335 52 People read their letters on the steps before they go in.
    Magda 445 17
    Tamar 335 8
Franklin Free Clinic
    Ifeoma 535 33 The line says it all.
    Thandi 434 12
Bodega Tres Hermanas
    Inés 444 20 The sisters know who looks for work.
Orchard Street Pantry
    Samir 344 45
    Hana 354 19
Night Owl Chicken
    Jamal 453 36 Drivers between two orders; nobody sends them away.
    Yaw 412 21 Plain clothes at the counter twice this week.
    Linh 444 10
Rail Yard Station
    Bogdan 514 28 Guards at both ends.
    Baraka 523 15
Harbour Hospital
    Sunniva 425 48 The night cleaners' entrance is another matter.
    Ifeoma 415 22
Eastside Job Centre
    Tamar 425 90
    Solomon 324 14
Mill Row Library
    Ottoline 343 265
    Keiko 353 240 Warm, and nobody asks what for.
Cannery steps, where people wait
    Thandi 45- 7 From five in the morning, for the vans.
Orchard & 6th
    Delia 3-- 16
"""
# Seen again later by the same person: the card before is history.
AGAIN = "Suds on Mill Row", "Nuria", (4, 5, 4), 2
TAKEN_BACK = "Dock Corner Store", "Olek", (2, 2, 2), 12


def make(everybody: People, named: dict[str, Place], now: datetime) -> None:
    """Let each of them have been there and have said what they saw."""
    name = ""
    for line in CARDS.strip().splitlines():
        if not line.startswith(" "):
            name = line
            continue
        handle, marks, days, *note = line.split(maxsplit=3)
        density, softness, clarity = (None if mark == "-" else int(mark) for mark in marks)
        _give(everybody, named[name], handle, (density, softness, clarity), int(days), "".join(note), now)
    again, by, marks_again, days_again = AGAIN
    _give(everybody, named[again], by, marks_again, days_again, "Two more machines, and a bench outside.", now)
    taken, by, marks_taken, days_taken = TAKEN_BACK
    _give(everybody, named[taken], by, marks_taken, days_taken, "", now)
    withdraw(by=everybody[by], place=named[taken], now=now - timedelta(days=days_taken - 1))


def _give(
    everybody: People,
    place: Place,
    handle: str,
    marks: tuple[int | None, int | None, int | None],
    days: int,
    note: str,
    now: datetime,
) -> None:
    then = now - timedelta(days=days)
    day = then.astimezone(ZoneInfo(ZONE)).date()
    give(by=everybody[handle], place=place, said=Said(marks, note, day), today=day, now=then)
