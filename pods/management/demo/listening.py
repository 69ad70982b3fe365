"""Where people of the demo listened: rounds that are over, one under way, one just begun, and one gate opened early."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pods.management.demo.people import ZONE, People
from sites.actions import listening, stages
from sites.actions.listening import Said
from sites.models import ListeningRound, Need, Place

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Heard:
    """A round: where, by whom (who began stands first), how many days ago, and its visits; some are still open."""

    place: str
    team: str
    began: int
    visits: str
    open: bool = False


# A visit is a line: days ago, part of the day, who was there, needs; and below it what was noticed, by prompt.
ROUNDS = (
    Heard(
        "Lavandería La Esperanza", "Marisol Graciela Terrence", 170,
        """
        168 evening Marisol,Graciela detergent,translation
        166 morning Terrence detergent,wage_theft
        164 night Graciela,Terrence wage_theft,charging
        161 afternoon Marisol detergent,childcare
        """,
    ),
    Heard(
        "Saturday Market on the Green", "Amina Kofi", 135,
        """
        133 morning Amina,Kofi fares,food
        130 midday Kofi childcare,food
        126 morning Amina,Kofi food,wage_theft
        """,
    ),
    Heard(
        "Mill Row & 4th", "Rosa Terrence Linh", 96,
        """
        95 early Rosa,Terrence charging,warm_drink
        93 evening Linh masks,charging
        91 early Terrence warm_drink
        88 evening Rosa,Linh masks,fares
        """,
    ),
    Heard(
        "Franklin Free Clinic", "Ifeoma Thandi", 34,
        """
        33 early Ifeoma translation,childcare
            rhythms: The line forms an hour before the door opens. After eleven nobody new gets in.
            hierarchies: Whoever has been here before explains the papers to the others.
            unmet: People leave the line because a child has to be fetched.
        30 midday Ifeoma,Thandi translation,masks
            steps_forward: The person at the coffee cart keeps places in the line.
            can_veto: The guard at the side door decides who waits inside.
        26 early Thandi childcare
            animates: Bills that come although care was said to be free.
        """,
    ),
    Heard(
        "Tenants' Advice Office", "Ezra Magda", 29,
        """
        28 morning Ezra,Magda tenant_rights,forms
            rhythms: Full on the first and the fifth of the month, when rent is due.
            unmet: Nobody explains the letter before the window; then it is too late to ask.
        25 afternoon Magda translation,forms
            hierarchies: Those with a folder are served first.
        21 morning Ezra tenant_rights
            animates: The same owner behind three addresses.
        """,
    ),
    Heard(
        "Night Owl Chicken", "Jamal", 52,
        """
        51 night Jamal charging
            rhythms: Riders between two orders, until three.
        """,
    ),
    Heard(
        "Suds on Mill Row", "Marisol Nuria", 6,
        """
        6 evening Marisol,Nuria detergent,Quarters for the machines
            rhythms: Full from seven to ten, empty after the last bus.
            unmet: The change machine has been broken for weeks; people walk to the corner for coins.
        5 morning Nuria childcare,detergent
            steps_forward: Somebody who folds for everybody who has to run.
            animates: The rent letter that half the row got.
        3 night Marisol detergent
            hierarchies: Regulars have their machines; whoever is new waits.
            can_veto: The attendant likes company. The owner comes on Fridays.
        """,
        open=True,
    ),
    Heard("Orchard & 6th", "Yusuf", 1, "", open=True),
)  # fmt: skip
ASKS = (("Suds on Mill Row", "Wei"), ("Orchard & 6th", "Delia"))
EARLY = (
    "Cannery steps, where people wait",
    "Thandi",
    5,
    "Nights are below freezing and people wait from five. Hot tea first; a team listens meanwhile.",
)
# A word that was taken back: the place was listened to after all.
TAKEN_BACK = ("Orchard Street Pantry", "Rosa", 40, "The pantry closes for repairs next week.", 36)


def make(everybody: People, places: dict[str, Place], now: datetime) -> None:
    """Let teams have listened, some still listening, and an organizer have opened one gate early."""
    needs = {need.key: need for need in Need.objects.all()}
    open_: dict[str, ListeningRound] = {}
    for heard in ROUNDS:
        one = _round(heard, everybody, places[heard.place], needs, now)
        if heard.open:
            open_[heard.place] = one
    for place, who in ASKS:
        listening.ask(one=open_[place], by=everybody[who], now=now - DAY / 4)
    name, who, ago, reason = EARLY
    stages.override(place=places[name], by=everybody[who], reason=reason, now=now - ago * DAY)
    name, who, ago, reason, until = TAKEN_BACK
    made = stages.override(place=places[name], by=everybody[who], reason=reason, now=now - ago * DAY)
    stages.take_back(override=made, by=everybody[who], now=now - until * DAY)


def _round(heard: Heard, everybody: People, place: Place, needs: dict[str, Need], now: datetime) -> ListeningRound:
    first, *others = (everybody[handle] for handle in heard.team.split())
    began = now - heard.began * DAY
    one = listening.begin(place=place, by=first, now=began)
    for person in others:
        asked = listening.ask(one=one, by=person, now=began)
        listening.answer(listener=asked, by=first, yes=True, now=began)
    last = began
    for ago, said in _visits(heard.visits, everybody, needs, now):
        last = now - ago * DAY
        listening.write(one=one, by=said.there[0], said=said, now=last)
    if not heard.open:
        listening.end(one=one, now=last + DAY)
    return one


def _visits(text: str, everybody: People, needs: dict[str, Need], now: datetime) -> list[tuple[int, Said]]:
    """Read the visits of a round: how many days ago, and what was said of each."""
    found: list[tuple[int, Said]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        prompt, colon, note = line.partition(": ")
        if colon and " " not in prompt:
            notes = dict(found[-1][1].notes)
            notes[prompt] = note
            ago, said = found.pop()
            found.append((ago, Said(said.day, said.part, said.there, said.needs, said.own_needs, notes)))
            continue
        days, part, who, named = line.split(maxsplit=3)
        day = (now - int(days) * DAY).astimezone(ZoneInfo(ZONE)).date()
        words = named.split(",")
        known = [needs[word] for word in words if word in needs]
        own = [word for word in words if word not in needs]
        found.append((int(days), Said(day, part, [everybody[handle] for handle in who.split(",")], known, own)))
    return found
