"""What happened in the demo: each call as a scene with its people, minute by minute."""

from dataclasses import dataclass
from datetime import timedelta

from pods.management.demo.pods import FULL, TIRED

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Minutes after opening, who, and what they said or did.
Step = tuple[int, str, str]


@dataclass(frozen=True)
class Scene:
    """One call. `lasted` is None for those that still go on; `needed_in` is zero for "now"."""

    ago: timedelta
    pod: str
    kind: str
    by: str
    block: str
    street: str
    details: str
    needed_in: timedelta
    needs: tuple[tuple[str, int], ...]
    steps: tuple[Step, ...]
    lasted: timedelta | None = None
    drill: bool = False


PAST = (
    Scene(
        27 * DAY + 9 * HOUR,
        FULL,
        "eviction",
        "Rosa",
        "Mill Row",
        "Mill Row & Water Street",
        "Second door, ask for Doña Pilar.",
        5 * HOUR,
        (("", 3), ("tenant_rights", 1)),
        (
            (2, "Nuria", "coming 25"),
            (4, "Ezra", "coming 40"),
            (6, "Kofi", "cant"),
            (9, "Terrence", "coming 30"),
            (15, "Wei", "coming 20"),
            (16, "Dawit", "coming 35"),
            (30, "Nuria", "read"),
        ),
        lasted=7 * HOUR,
    ),
    Scene(
        22 * DAY + 2 * HOUR,
        TIRED,
        "medical",
        "Mei",
        "Cannery Yard",
        "Cannery Yard, north gate",
        "A fall on the stairs.",
        0 * HOUR,
        (("first_aid", 1), ("", 1)),
        ((1, "Baraka", "coming 6"), (2, "Rafael", "coming 10"), (3, "Thandi", "afar"), (4, "Baraka", "read")),
        lasted=2 * HOUR,
    ),
    Scene(
        17 * DAY - 1 * HOUR,
        FULL,
        "court company",
        "Rosa",
        "Rail Yard",
        "Courthouse, east steps",
        "Room 204, ask for the list.",
        40 * HOUR,
        (("", 2), ("interpreter_es", 1)),
        (
            (20, "Linh", "coming"),
            (50, "Marisol", "coming"),
            (70, "João", "coming"),
            (140, "Amina", "coming"),
            (900, "Linh", "cant"),
            (930, "Amina", "coming"),
        ),
        lasted=44 * HOUR,
    ),
    Scene(
        14 * DAY + 4 * HOUR,
        TIRED,
        "eviction",
        "Thandi",
        "Franklin & 4th",
        "Franklin & 9th",
        "The back stairs are open.",
        6 * HOUR,
        (("", 6), ("tenant_rights", 3), ("sign_language", 1)),
        (
            (5, "Rafael", "coming 30"),
            (8, "Lucía", "cant"),
            (20, "Mei", "coming 45"),
            (22, "Mei", "more"),
            (50, "Ezra", "coming 60"),
            (65, "Terrence", "cant"),
            (80, "Rosa", "afar"),
            (95, "Nuria", "coming 40"),
        ),
        lasted=9 * HOUR,
    ),
    Scene(
        11 * DAY - 2 * HOUR,
        FULL,
        "raid",
        "Kofi",
        "Rail Yard",
        "Rail Yard & 2nd",
        "Two vans at the loading bay.",
        0 * HOUR,
        (("legal_observer", 1), ("", 2)),
        (
            (1, "Amina", "confirm"),
            (2, "Terrence", "coming 8"),
            (2, "Wei", "coming 10"),
            (3, "Amina", "release"),
            (4, "Dawit", "coming 12"),
            (5, "Ezra", "coming 15"),
            (6, "Rafael", "coming 10"),
            (7, "Tamar", "coming 9"),
            (8, "Thandi", "coming 9"),
            (9, "Wei", "read"),
        ),
        lasted=3 * HOUR,
    ),
    Scene(
        9 * DAY + 6 * HOUR,
        FULL,
        "eviction",
        "Nuria",
        "Mill Row",
        "Mill Row & 1st",
        "A drill: nobody is in trouble.",
        3 * HOUR,
        (("", 4),),
        (
            (3, "Terrence", "coming 15"),
            (4, "Linh", "coming 20"),
            (7, "Dawit", "coming 25"),
            (9, "Kofi", "cant"),
            (13, "Ezra", "coming 20"),
            (14, "João", "coming 20"),
            (15, "Amina", "coming 18"),
        ),
        lasted=1 * HOUR,
        drill=True,
    ),
    Scene(
        5 * DAY - 3 * HOUR,
        TIRED,
        "medical",
        "Thandi",
        "Cannery Yard",
        "Cannery & Dock",
        "Insulin has to be kept cold.",
        0 * HOUR,
        (("", 2),),
        ((1, "Lucía", "coming 8"), (2, "Mei", "afar"), (3, "Rafael", "coming 12"), (6, "Lucía", "read")),
        lasted=1 * HOUR,
    ),
    Scene(
        3 * DAY + 5 * HOUR,
        TIRED,
        "food run",
        "Lucía",
        "Orchard Street",
        "Orchard & 6th",
        "Nine boxes; the ramp is at the side.",
        7 * HOUR,
        (("", 2),),
        ((10, "Lucía", "coming 60"), (25, "Mei", "coming 90"), (30, "Thandi", "cant"), (62, "Rafael", "coming 45")),
        lasted=9 * HOUR,
    ),
    Scene(
        2 * DAY - 4 * HOUR,
        FULL,
        "arrest",
        "Ezra",
        "Saint Brigid's",
        "Saint Brigid's & Main",
        "She is out; it was a mistake.",
        0 * HOUR,
        (("legal_observer", 2),),
        ((1, "Terrence", "afar"), (6, "Ezra", "cancel")),
        lasted=2 * HOUR,
    ),
)

RAID = Scene(
    timedelta(minutes=6),
    TIRED,
    "raid",
    "Rafael",
    "Rail Yard",
    "Rail Yard & 5th",
    "Seen from the bus, two cars.",
    0 * HOUR,
    (("legal_observer", 1), ("", 2)),
    ((4, "Lucía", "afar"),),
)

TONIGHT = Scene(
    timedelta(minutes=30),
    FULL,
    "eviction",
    "Rosa",
    "Franklin & 4th",
    "Franklin & 4th",
    "Third floor, left: the Ortega family, two children. The locksmith was ordered for the hour.",
    timedelta(minutes=135),
    (("interpreter_es", 1), ("", 2), ("van", 1)),
    (
        (1, "Rosa", "afar"),
        (2, "Nuria", "coming 80"),
        (3, "Wei", "coming 70"),
        (5, "Terrence", "coming 85"),
        (6, "Amina", "afar"),
        (9, "Dawit", "cant"),
        (16, "Linh", "cant"),
        (18, "Nuria", "read"),
        (20, "Wei", "read"),
    ),
)
