"""The tables of sites."""

from sites.models.assets import Asset, Skill
from sites.models.neighbourhood import Block, Neighbourhood

__all__ = ["Asset", "Block", "Neighbourhood", "Skill"]
