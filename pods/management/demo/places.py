"""The demo's map: an invented quarter with its streets, houses, water, places, workplaces and cameras.

Nothing of it is from a real map. It goes in by the same verbs as an imported one, without the file.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pods.management.demo.people import People
from sites.actions import places
from sites.actions.map_import import write
from sites.actions.map_reader import MapRead
from sites.actions.map_sorter import Sorter
from sites.models import Place, PlaceImport
from sites.rules.shapes import Point
from sites.states import ImportState, MapObject

# Everything is said in metres east and north of the middle, on a map that lies a little askew, as quarters do.
MIDDLE, ASKEW = (39.2990, -76.6352), math.radians(7)
METRES = 111_195.0
# How far each street lies north of the middle, or east of it.
ALONG = {
    "Dock Street": -1330, "Cannery Street": -1060, "Water Street": -800, "Main Street": -540, "Franklin Avenue": -280,
    "Mill Row": 0, "Vine Street": 250, "Oak Street": 500, "Orchard Street": 760, "Linden Street": 1020,
    "Saint Brigid's Street": 1290,
}  # fmt: skip
ACROSS = {f"{number}{ending} Street": -1250 + 250 * place for place, (number, ending) in enumerate(
    [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (5, "th"), (6, "th"), (7, "th"), (8, "th"), (9, "th"), (10, "th"),
     (11, "th")])}  # fmt: skip
MAIN = {"Franklin Avenue", "Main Street", "Orchard Street", "4th Street", "9th Street"}
# Blocks without houses: south-west corner and north-east corner, and what lies there.
GREENS = {"Orchard Green": (10, 770, 240, 1010), "Rail Yard Gardens": (760, -270, 990, -10)}
YARD = (510, -530, 990, -290)
SEASIDE = -1420

# Name, tags, metres east and north.
PLACES: list[tuple[str, str, int, int]] = [
    ("Lavandería La Esperanza", "shop=laundry", -480, -262),
    ("Suds on Mill Row", "shop=laundry", -230, 18),
    ("Nine Bubbles", "shop=laundry", 765, 742),
    ("Mill Row & 4th", "highway=bus_stop", -488, 9),
    ("Franklin & 9th", "highway=bus_stop", 762, -270),
    ("Orchard & 6th", "highway=bus_stop", 8, 769),
    ("Main & 2nd", "highway=bus_stop", -990, -531),
    ("Saint Brigid's & 4th", "highway=bus_stop", -508, 1281),
    ("Rail Yard Station", "railway=station", 740, -410),
    ("Franklin Free Clinic", "amenity=clinic", -380, -300),
    ("Harbour Hospital", "amenity=hospital", -870, -930),
    ("Vine Street Pharmacy", "amenity=pharmacy", 120, 236),
    ("Saturday Market on the Green", "amenity=marketplace", 120, 900),
    ("Cannery Yard Market Hall", "shop=supermarket", -130, -1040),
    ("Bodega Tres Hermanas", "shop=convenience", -620, -14),
    ("Dock Corner Store", "shop=convenience", 380, -1314),
    ("Night Owl Chicken", "amenity=fast_food", -262, -556),
    ("Taquería El Andén", "amenity=fast_food", 520, -548),
    ("Mill Row Library", "amenity=library", -130, -22),
    ("Saint Brigid's", "amenity=place_of_worship", -760, 1310),
    ("Masjid as-Salam", "amenity=place_of_worship", 260, 520),
    ("Franklin Street Elementary", "amenity=school", -870, -150),
    ("Little Casserole Childcare", "amenity=childcare", 140, 480),
    ("Eastside Job Centre", "office=employment_agency", 880, 20),
    ("Tenants' Advice Office", "office=government;government=housing", -740, -522),
    ("Cannery Yard Community House", "amenity=community_centre", 30, -900),
    ("Orchard Street Pantry", "amenity=social_facility", -120, 742),
]
# Tag, metres east and north.
WORKPLACES = """
shop=hairdresser -400 -18 | shop=bakery -350 16 | shop=hardware -60 18 | office=lawyer -20 -298
shop=bicycle 60 -262 | craft=tailor -560 -262 | shop=clothes -700 -298 | shop=mobile_phone -455 -560
shop=beauty -610 -522 | craft=carpenter 230 -1080 | man_made=works -300 -1190 | man_made=works 60 -1200
industrial=warehouse 620 -390 | industrial=depot 880 -470 | office=logistics 940 -350 | craft=shoemaker 370 236
shop=butcher 420 742 | shop=florist 160 778 | office=accountant 560 778 | shop=car_repair 1010 -820
shop=tyres 1030 -1040 | craft=brewery -620 -1042 | shop=books -190 268 | office=newspaper -1010 -262
shop=second_hand 610 18 | shop=stationery -880 742
"""
CAMERAS = [
    (735, -395), (770, -430), (600, -500), (930, -300), (-450, -548), (-850, -905), (-900, -950), (-120, -1020),
    (-470, -290), (890, 40),
]  # fmt: skip


def make(everybody: People, now: datetime) -> dict[str, Place]:
    """Lay the map down, add what people added by hand, and return the places by name."""
    # The import is forgotten after a month, its places are not.
    known, brought = now - timedelta(days=280), now - timedelta(days=19)
    with TemporaryDirectory(prefix="casserole-map-") as folder:
        lines = Path(folder) / "lines"
        with lines.open("w", encoding="ascii") as out:
            sorter = Sorter(out, None)
            for number, (tags, ring) in enumerate(_things(), start=1):
                sorter.saw()
                sorter.take(MapObject.FEATURE, number, tags, [ring])
        counts = write(read=MapRead(lines, sorter.read, None, None), area=None, now=known)
    PlaceImport.objects.create(
        by=everybody["Rosa"], file_name="mill-row.osm.pbf", state=ImportState.DONE.value, objects_read=sorter.read,
        counts=counts, made_at=brought, ended_at=brought + timedelta(seconds=4),
    )  # fmt: skip
    _by_hand(everybody, now)
    return {place.name: place for place in Place.objects.standing().exclude(name="")}


def _by_hand(everybody: People, now: datetime) -> None:
    """A noticeboard that no map has, a library that one has already, and a shop that closed."""
    added = now - timedelta(days=30)
    board = _place(-245, -10)
    places.add(by=everybody["Nuria"], kind="social", name="The wall with the notices", point=board, now=added)
    twin = _place(-128, -24)
    places.add(by=everybody["Kofi"], kind="library", name="The Mill Row Library", point=twin, now=added)
    steps = _place(500, -1120)
    places.add(by=everybody["Thandi"], kind="social", name="Cannery steps, where people wait", point=steps, now=added)


def _place(east: float, north: float) -> Point:
    """Return degrees: a little bent, turned, and moved to where the quarter lies."""
    bent = east + 34 * math.sin(north / 520), north + 26 * math.sin(east / 430)
    x = bent[0] * math.cos(ASKEW) - bent[1] * math.sin(ASKEW)
    y = bent[0] * math.sin(ASKEW) + bent[1] * math.cos(ASKEW)
    around = METRES * math.cos(math.radians(MIDDLE[0]))
    return round(MIDDLE[0] + y / METRES, 7), round(MIDDLE[1] + x / around, 7)


def _ring(west: float, south: float, east: float, north: float) -> list[Point]:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [_place(*corner) for corner in corners]


def _things() -> Iterator[tuple[dict[str, str], list[Point]]]:
    """Yield tags and points of everything on the map; the order is the number, so that it is the same each time."""
    for name, words, east, north in PLACES:
        yield {"name": name, **_tags(words)}, [_place(east, north)]
    for line in WORKPLACES.replace("\n", " | ").strip(" |").split(" | "):
        words, right, up = line.split()
        yield _tags(words), [_place(int(right), int(up))]
    for east, north in CAMERAS:
        yield {"man_made": "surveillance"}, [_place(east, north)]
    yield from _streets()
    yield from _ground()
    yield from _houses()


def _tags(words: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in words.split(";"))


def _streets() -> Iterator[tuple[dict[str, str], list[Point]]]:
    east, north = list(ACROSS.values()), list(ALONG.values())
    for name, at in ALONG.items():
        yield _street(name), [_place(x, at) for x in range(east[0] - 160, east[-1] + 161, 40)]
    for name, at in ACROSS.items():
        yield _street(name), [_place(at, y) for y in range(north[0], north[-1] + 121, 40)]
    yield (
        {"highway": "secondary", "name": "Harbour Road"},
        [_place(x, -1400 + 6 * (x % 3)) for x in range(-1500, 1501, 60)],
    )
    for row, (low, high) in enumerate(pairwise(north)):
        for column, (left, right) in enumerate(pairwise(east)):
            if (row * 7 + column * 3) % 4 == 0 and not _is_open(left, low, right, high):
                yield {"highway": "service"}, [_place((left + right) / 2, y) for y in (low, (low + high) / 2, high)]
    left, low, right, high = GREENS["Orchard Green"]
    yield {"highway": "footway"}, [_place(left, low), _place(125, 890), _place(right, high)]
    yield {"highway": "footway"}, [_place(left, high), _place(125, 890), _place(right, low)]


def _street(name: str) -> dict[str, str]:
    return {"highway": "secondary" if name in MAIN else "residential", "name": name}


def _ground() -> Iterator[tuple[dict[str, str], list[Point]]]:
    for name, corners in GREENS.items():
        yield {"leisure": "park", "name": name}, _ring(*corners)
    shore = [_place(x, SEASIDE - 25 * (x // 250 % 2)) for x in range(-1500, 1501, 125)]
    yield {"natural": "water"}, [*shore, _place(1500, -1700), _place(-1500, -1700), shore[0]]
    # The mill race, from which the quarter has its name.
    banks = [(1130 - 60 * math.sin(y / 300) - (y + 1420) / 40, y) for y in range(-1420, 1421, 60)]
    race = [_place(x, y) for x, y in banks] + [_place(x + 26, y) for x, y in reversed(banks)]
    yield {"natural": "water"}, [*race, race[0]]


def _is_open(left: float, low: float, right: float, high: float) -> bool:
    """Whether a block holds a green, the yard or the race instead of houses."""
    x, y = (left + right) / 2, (low + high) / 2
    return (
        any(west < x < east and south < y < north for west, south, east, north in (*GREENS.values(), YARD)) or x > 1000
    )


def _houses() -> Iterator[tuple[dict[str, str], list[Point]]]:
    for row, (low, high) in enumerate(pairwise(ALONG.values())):
        for column, (left, right) in enumerate(pairwise(ACROSS.values())):
            if _is_open(left, low, right, high):
                continue
            widths = [(31, 44, 27, 38, 22)[(row + column + n) % 5] for n in range(5)]
            for side, edge in ((1, low + 14), (-1, high - 14)):
                west = left + 18.0
                for number, width in enumerate(widths):
                    deep = 34 + (row * 5 + column * 3 + number * 7) % 17
                    if (row + column + number + side) % 6:
                        yield {"building": "yes"}, _ring(west, edge, west + width, edge + side * deep)
                    west += width + 5
    west, south, east, _north = YARD
    for shed in range(3):
        yield {"building": "warehouse"}, _ring(west + 40, south + 30 + 65 * shed, east - 190, south + 70 + 65 * shed)
