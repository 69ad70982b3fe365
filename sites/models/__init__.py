"""The tables of sites."""

from sites.models.asks import Ask, AskLine
from sites.models.assets import Asset, Skill
from sites.models.cards import CardStack
from sites.models.listening import Listener, ListeningRound, StageOverride, Visit, VisitNeed, VisitObserver
from sites.models.map import MapCell
from sites.models.needs import Need
from sites.models.neighbourhood import Block, Home, Neighbourhood
from sites.models.places import Backdrop, Double, Evidence, Place, PlaceImport, PlaceImportPart
from sites.models.popups import Popup, PopupRole, StandInOffer
from sites.models.roster import RosterDraft
from sites.models.scores import PlaceScore, ScoreCard
from sites.models.shifts import Shift, ShiftRole, SignUp, StandInAsk, Supply
from sites.models.signs import Sign, SignWords

__all__ = [
    "Ask",
    "AskLine",
    "Asset",
    "Backdrop",
    "Block",
    "CardStack",
    "Double",
    "Evidence",
    "Home",
    "Listener",
    "ListeningRound",
    "MapCell",
    "Need",
    "Neighbourhood",
    "Place",
    "PlaceImport",
    "PlaceImportPart",
    "PlaceScore",
    "Popup",
    "PopupRole",
    "RosterDraft",
    "ScoreCard",
    "Shift",
    "ShiftRole",
    "Sign",
    "SignUp",
    "SignWords",
    "Skill",
    "StageOverride",
    "StandInAsk",
    "StandInOffer",
    "Supply",
    "Visit",
    "VisitNeed",
    "VisitObserver",
]
