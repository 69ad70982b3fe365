"""What signs say in every language here: headlines of built-in needs, and their ties to wider struggles."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from sites.states import Struggle


@dataclass(frozen=True)
class Tie:
    """What a sign says of a struggle: a line in large letters and one below."""

    line: StrPromise
    more: StrPromise


# Of built-in needs; a need in a network's own words is its own headline.
HEADLINES = {
    "detergent": _("Free laundry soap"),
    "charging": _("Charge your phone here"),
    "childcare": _("Child care while you wait"),
    "masks": _("Free masks"),
    "translation": _("We translate with you"),
    "wage_theft": _("Wages stolen? Get them back"),
    "tenant_rights": _("Trouble with the landlord?"),
    "forms": _("Forms? We fill them in with you"),
    "legal": _("Know your rights"),
    "food": _("Free food, shared"),
    "warm_drink": _("A warm drink for everybody"),
    "water": _("Clean drinking water"),
    "diapers": _("Free diapers"),
    "hygiene": _("Free soap and more"),
    "clothes": _("Warm clothes, free"),
    "fares": _("A ride home for everybody"),
    "health": _("Ask a health worker"),
    "quiet": _("A quiet place to sit"),
    "internet": _("Free internet"),
    "company": _("Nobody walks home alone"),
    "work": _("Looking for work? So are we, together"),
    "repair": _("We mend it together"),
}
# Mission S8: "tie this service to the wider struggle"; the first essay: "signage that links the action to broader
# struggles such as wage justice or housing rights". What is said is a question of fact nobody has to prove on a wall.
TIES: dict[str, Tie] = {
    Struggle.WAGES.value: Tie(
        _("Why does a full week's work not cover a week?"),
        _("What is missing at the counter was missing in the pay first. We share today, and get the rest together."),
    ),
    Struggle.HOUSING.value: Tie(
        _("A home is for living in, not for trading."),
        _("Rent takes what soap, food and sleep need. Neighbours who know each other are not put out one by one."),
    ),
    Struggle.CARE.value: Tie(
        _("Care is work. It keeps everything going."),
        _("It is shared here so that nobody carries it alone, at home or unpaid."),
    ),
    Struggle.HEALTH.value: Tie(
        _("Nobody should have to choose between health and rent."),
        _("We look after each other now, and build a clinic that sends no bill."),
    ),
    Struggle.PAPERS.value: Tie(
        _("Whoever lives here belongs here."),
        _("No papers asked, in any language. Rules that divide neighbours are changed by neighbours together."),
    ),
    Struggle.TRANSIT.value: Tie(
        _("Getting to work should not cost an hour of it."),
        _("A bus that comes and a street that is safe are for everybody. We go together until they are."),
    ),
    Struggle.FOOD.value: Tie(
        _("There is enough food. It is only priced out of reach."),
        _("We share meals today, and grow towards a kitchen and a market of our own."),
    ),
    Struggle.COMMONS.value: Tie(
        _("Light, water and a line out belong to everybody."),
        _("What all of us need should be owned by all of us. It begins with one plug, shared."),
    ),
}
_OF_NEEDS = {
    Struggle.WAGES: ("detergent", "wage_theft", "work", "hygiene", "clothes", "diapers"),
    Struggle.HOUSING: ("tenant_rights", "legal", "quiet"),
    Struggle.CARE: ("childcare",),
    Struggle.HEALTH: ("masks", "health"),
    Struggle.PAPERS: ("translation", "forms"),
    Struggle.TRANSIT: ("fares", "company"),
    Struggle.FOOD: ("food", "warm_drink"),
    Struggle.COMMONS: ("charging", "water", "internet", "repair"),
}
USUAL = {need: struggle.value for struggle, needs in _OF_NEEDS.items() for need in needs}
# Which drawing stands on the sign, by the need's key; a pot where none fits.
_DRAWN = {
    "drum": ("detergent", "hygiene", "clothes", "diapers"),
    "plug": ("charging", "internet", "repair"),
    "child": ("childcare",),
    "heart": ("masks", "health"),
    "speech": ("translation", "forms", "legal", "company"),
    "coin": ("wage_theft", "work"),
    "house": ("tenant_rights", "quiet"),
    "bus": ("fares",),
    "bowl": ("food", "warm_drink", "water"),
}
DRAWINGS = {need: drawing for drawing, needs in _DRAWN.items() for need in needs}
# "Saturdays": every week on that day.
WEEKLY = [
    _("Mondays"), _("Tuesdays"), _("Wednesdays"), _("Thursdays"), _("Fridays"), _("Saturdays"), _("Sundays"),
]  # fmt: skip
