"""The tables of sites."""

from sites.models.assets import Asset, Skill
from sites.models.neighbourhood import Block, Neighbourhood
from sites.models.roster import RosterDraft

__all__ = ["Asset", "Block", "Neighbourhood", "RosterDraft", "Skill"]
