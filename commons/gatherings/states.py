"""The kinds of gathering, where one stands, and what somebody said to it."""

from enum import StrEnum


class Kind(StrEnum):
    """What a gathering is (mission G6)."""

    ASSET_MAPPING = "asset_mapping"
    MINI_ASSEMBLY = "mini_assembly"
    ASSEMBLY = "assembly"
    DEBRIEF = "debrief"
    DECOMPRESSION = "decompression"
    POST_MORTEM = "post_mortem"
    ORAL_HISTORY = "oral_history"
    CEREMONY = "ceremony"
    CONGRESS = "congress"
    CONVERGENCE = "convergence"
    DAY_OF_ACTION = "day_of_action"
    OWN = "own"


# Nothing is written down of it (mission P11).
UNRECORDED = frozenset({Kind.DECOMPRESSION})


class State(StrEnum):
    """Whether it takes place; that it is over is a matter of the clock."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


NEXT: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.CANCELLED}),
    State.CANCELLED: frozenset(),
}
assert set(NEXT) == set(State), "every state needs its way onward"


class OpenTo(StrEnum):
    """Who may see a gathering and come to it."""

    MEMBERS = "members"
    LINK = "link"


class Said(StrEnum):
    """What somebody said: a place, a place on the waiting list, or that they don't come."""

    YES = "yes"
    WAITING = "waiting"
    NO = "no"


class Access(StrEnum):
    """What a gathering offers so that people can come, and what somebody needs."""

    STEP_FREE = "step_free"
    SEATING = "seating"
    TOILET = "toilet"
    SCENT_FREE = "scent_free"
    CLEAN_AIR = "clean_air"
    QUIET_ROOM = "quiet_room"
    LARGE_PRINT = "large_print"
    HEARING = "hearing"
    RIDES = "rides"


# The languages that a gathering can name, as CLDR knows them; the last is American Sign Language.
LANGUAGES = (
    *("en", "es", "am", "ar", "bn", "zh", "fr", "ht", "hi", "ko", "fa", "pl", "pt", "pa", "ru", "so", "sw", "tl"),
    *("uk", "ur", "vi", "yo", "ase"),
)
