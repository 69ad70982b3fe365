"""The signs of the demo's stations: in two languages, one with a page that anybody may see."""

from datetime import datetime

from pods.management.demo.stations import BUS_STOP, LAUNDRY
from sites.actions import signs
from sites.models import Popup
from sites.states import Struggle


def make(now: datetime) -> None:
    """Say in Spanish what the laundry could become, and tie the bus stop to health; show the laundry's page."""
    laundry, stop = (Popup.objects.get(name=scene.said.name) for scene in (LAUNDRY, BUS_STOP))
    ours = "Una lavandería nuestra, llevada por quienes lavan ahí."
    signs.word(popup=laundry, language="es", struggle=Struggle.WAGES.value, headline="", line="", becomes=ours)
    signs.show(popup=laundry, now=now)
    riders = "Una asamblea de quienes viajan, que decide con quienes manejan."
    signs.word(popup=stop, language="es", struggle=Struggle.TRANSIT.value, headline="", line="", becomes=riders)
