"""The tables of sites."""

from sites.models.assets import Asset, Skill
from sites.models.neighbourhood import Block, Neighbourhood
from sites.models.places import Backdrop, Double, Evidence, Place, PlaceImport, PlaceImportPart
from sites.models.roster import RosterDraft

__all__ = [
    "Asset",
    "Backdrop",
    "Block",
    "Double",
    "Evidence",
    "Neighbourhood",
    "Place",
    "PlaceImport",
    "PlaceImportPart",
    "RosterDraft",
    "Skill",
]
