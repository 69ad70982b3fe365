"""The fixed words of the neighbourhood: kinds of asset, limits, audiences, kinds of place."""

from enum import StrEnum


class AssetKind(StrEnum):
    """What someone can share."""

    SKILL = "skill"
    SPACE = "space"
    TOOL = "tool"
    RELATIONSHIP = "relationship"


class Limit(StrEnum):
    """A limit that the software understands; whatever else matters is said in a sealed note."""

    NOT_NIGHTS = "not_nights"
    EVENINGS_ONLY = "evenings_only"
    WEEKENDS_ONLY = "weekends_only"
    NO_POLICE = "no_police"
    NO_STAIRS = "no_stairs"
    SHORT = "short"


class Audience(StrEnum):
    """Who may see what someone shares."""

    POD = "pod"
    NETWORK = "network"


class LendingState(StrEnum):
    """How far asking for something has come; only tools go out and come back."""

    ASKED = "asked"
    AGREED = "agreed"
    OUT = "out"
    BACK = "back"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


# While one person has it, or is about to, nobody else can: the database holds on to this.
LENT = frozenset({LendingState.AGREED, LendingState.OUT})
ASK_OPEN = LENT | {LendingState.ASKED}


class PlaceKind(StrEnum):
    """What kind of place it is; which tags mean it stands in `osm_kinds.yaml`."""

    LAUNDRY = "laundry"
    BUS_STOP = "bus_stop"
    STATION = "station"
    CLINIC = "clinic"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    MARKET = "market"
    CORNER_STORE = "corner_store"
    FAST_FOOD = "fast_food"
    LIBRARY = "library"
    PLACE_OF_WORSHIP = "place_of_worship"
    SCHOOL = "school"
    OFFICE = "office"
    SOCIAL = "social"


class EvidenceKind(StrEnum):
    """What the map says beside a place: where people work, and what watches."""

    WORKPLACE = "workplace"
    CAMERA = "camera"


class BackdropClass(StrEnum):
    """What the map behind the places is drawn from."""

    MAIN = "main"
    STREET = "street"
    PATH = "path"
    WATER = "water"
    PARK = "park"
    BUILDING = "building"


# Lines; the others are surfaces.
WAYS = frozenset({BackdropClass.MAIN, BackdropClass.STREET, BackdropClass.PATH})


class MapObject(StrEnum):
    """Which sort of object of a map something comes from; by hand it comes from none."""

    NODE = "node"
    WAY = "way"
    RELATION = "relation"
    # A feature of a GeoJSON file that names no object of OpenStreetMap.
    FEATURE = "feature"


class ImportState(StrEnum):
    """How far an import of places has come."""

    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    REFUSED = "refused"


class Unusable(StrEnum):
    """Why a map file was not imported."""

    NO_MAP = "no_map"
    EMPTY = "empty"
    BROKEN = "broken"
    TOO_BIG = "too_big"
    TOO_MUCH = "too_much"
    TOO_LONG = "too_long"
    AWAY = "away"
    CHANGES = "changes"
    STOPPED = "stopped"
    LOSES = "loses"


class Stage(StrEnum):
    """How far a place has come (mission S5)."""

    MAPPED = "mapped"
    LISTENED = "listened"
    PRESENT = "present"
    TRADITION = "tradition"


class PartOfDay(StrEnum):
    """When somebody was at a place; closer than this nobody need know."""

    EARLY = "early"
    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class ListenerState(StrEnum):
    """What somebody is to a team that listens."""

    ASKED = "asked"
    IN = "in"
    LEFT = "left"


class PopupState(StrEnum):
    """Where a pop-up station stands."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


class HostWord(StrEnum):
    """What the host of the site said; who that is stands nowhere."""

    ASKED = "asked"
    AGREED = "agreed"
    PUBLIC = "public"


class Role(StrEnum):
    """What somebody does on a shift; `own` is in the station's own words."""

    LEAD = "lead"
    SERVER = "server"
    GREETER = "greeter"
    OWN = "own"


class ShiftState(StrEnum):
    """How a shift stands, and how it went."""

    COMING = "coming"
    CLOSED = "closed"
    KEPT = "kept"
    SHORT = "short"
    MISSED = "missed"


# A shift is written down once, and may be corrected for some days; a week announced as closed may open after all.
SHIFT_NEXT: dict[ShiftState, frozenset[ShiftState]] = {
    ShiftState.COMING: frozenset(ShiftState) - {ShiftState.COMING},
    ShiftState.CLOSED: frozenset({ShiftState.COMING}),
    ShiftState.KEPT: frozenset({ShiftState.SHORT, ShiftState.MISSED}),
    ShiftState.SHORT: frozenset({ShiftState.KEPT, ShiftState.MISSED}),
    ShiftState.MISSED: frozenset({ShiftState.KEPT, ShiftState.SHORT}),
}
assert set(SHIFT_NEXT) == set(ShiftState), "every state needs its way onward"


class ClosedFor(StrEnum):
    """Why a week was announced as closed."""

    REST = "rest"
    HOLIDAY = "holiday"
    HOST = "host"
    WEATHER = "weather"


class SignUpState(StrEnum):
    """Where somebody's place on a shift stands."""

    HELD = "held"
    CONFIRMED = "confirmed"
    # The shift is at another time or place than they said yes to, and they have not answered yet.
    MOVED = "moved"
    # Not confirmed in time: the place is open to others, and to them as long as nobody took it.
    LAPSED = "lapsed"
    DROPPED = "dropped"


HOLDING = frozenset({SignUpState.HELD, SignUpState.CONFIRMED, SignUpState.MOVED})


class AskState(StrEnum):
    """Where the question to a possible stand-in stands."""

    ASKED = "asked"
    TOOK = "took"
    CANT = "cant"
    THANKED = "thanked"


class Criterion(StrEnum):
    """What a place is scored by (S2); the order is that of every row of marks."""

    DENSITY = "density"
    SOFTNESS = "softness"
    CLARITY = "clarity"


class Rung(StrEnum):
    """Where a scored place stands among the others (S3), and so what its line says."""

    LEADS = "leads"
    HELD_BACK = "held_back"
    INCOMPLETE = "incomplete"


class ClusterKind(StrEnum):
    """What could come of people near each other (mission S10)."""

    POD = "pod"
    SPRINT = "sprint"
    INSTITUTION = "institution"


class Work(StrEnum):
    """A kind of work that a neighbourhood could do for itself; which skills it takes stands in `rules/clusters.py`."""

    HOMES = "homes"
    CARE = "care"
    FOOD = "food"
    CHILDREN = "children"
    REPAIR = "repair"
    LANGUAGES = "languages"


class Struggle(StrEnum):
    """The wider struggle that a sign ties a service to."""

    WAGES = "wages"
    HOUSING = "housing"
    CARE = "care"
    HEALTH = "health"
    PAPERS = "papers"
    TRANSIT = "transit"
    FOOD = "food"
    COMMONS = "commons"


class Paper(StrEnum):
    """What a sign is printed on."""

    A4 = "a4"
    A3 = "a3"
    LETTER = "letter"


class SignForm(StrEnum):
    """What is printed: one poster, two or four handbills on a paper, or the sheet of who leads a shift."""

    POSTER = "poster"
    HALF = "half"
    QUARTER = "quarter"
    SHEET = "sheet"
