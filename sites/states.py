"""The fixed words of the neighbourhood: kinds of asset, limits, audiences."""

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
