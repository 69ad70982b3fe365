"""A round of listening with everything in it, for one side of the world."""

from datetime import datetime
from typing import Any

from commons.people.models import Person
from sites.actions import listening, stages
from sites.actions.listening import Said
from sites.models import Need, Place
from sites.queries.listening import PROMPT_NAMES
from sites.queries.neighbourhood import local_zone


def listening_at(place: Place, other: Place, people: dict[str, Person], words: str, now: datetime) -> dict[str, Any]:
    """Owner and member listen at `place`, the newcomer asks to; at `other` an organizer lets a pop-up start early."""
    begun = listening.begin(place=place, by=people["owner"], now=now)
    listener = listening.ask(one=begun, by=people["member"], now=now)
    listening.answer(listener=listener, by=people["owner"], yes=True, now=now)
    said = Said(
        day=now.astimezone(local_zone()).date(),
        part="evening",
        there=[people["owner"], people["member"]],
        needs=[Need.objects.get(key="masks")],
        own_needs=[words[:60]],
        notes=dict.fromkeys(PROMPT_NAMES, words),
    )
    return {
        "listening": begun,
        "visit": listening.write(one=begun, by=people["owner"], said=said, now=now),
        "listener": listening.ask(one=begun, by=people["newcomer"], now=now),
        "override": stages.override(place=other, by=people["organizer"], reason=words, now=now),
    }
