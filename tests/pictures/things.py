"""Who looks at the demo, and what of it stands in addresses."""

from dataclasses import dataclass
from typing import Any

VISITOR, MEMBER, CONFIRMER, ORGANIZER, NEWCOMER = "visitor", "Marisol", "Thandi", "Rosa", "Yusuf"
SHEET = """Name,E-mail,Language,Skills,Notes
Teodora,teodora@example.net,en,"driver, first aid",
Anselmo,anselmo@example.net,es,interpreter Spanish,not nights
Rosa,rosa@millrow.example,es,phone tree,
Bram,bram@example,en,cooking,
,somebody@example.net,en,,
"""


@dataclass(frozen=True)
class Things:
    """What of the demo stands in addresses."""

    pods: dict[str, str]
    calls: dict[str, str]
    joining: str
    founding: str
    link: str
    invitation: str
    token: str
    asset: str
    tool: str
    ask: str
    stack: str
    asset_link: str
    draft: str
    letter: str
    place: str
    clusters: dict[str, str]
    place_import: str
    stations: dict[str, str]
    scored: str
    heard: dict[str, str]
    gatherings: dict[str, str]
    gathering_link: str
    guest_link: str


def things() -> Things:
    """Look the demo's things up; what is not there yet is made by the verbs that people use."""
    from commons import clock
    from commons.notices.models import Link
    from commons.notices.queries import letterbox
    from commons.people.models import Invitation, Person
    from pods.models import Call, Joining, Pod
    from sites.actions import roster
    from sites.models import Ask, Asset, CardStack
    from sites.rules.sheet import read

    now = clock.now()
    calls = Call.objects.order_by("-opened_at")
    live = calls.get(pod__name="Mill Row Pod", state="open")
    of_pods = dict(Pod.objects.values_list("name", "ref"))
    draft = roster.keep(by=Person.objects.get(handle=ORGANIZER), sheet=read(SHEET.encode()), now=now)
    marisol = Person.objects.get(handle=MEMBER)
    invitation = Invitation.objects.usable(now).filter(inviter__handle=ORGANIZER).latest("id")
    return Things(
        pods={
            "full": of_pods["Mill Row Pod"], "tired": of_pods["Cannery Pod"], "forming": of_pods["Orchard Pod"],
        },
        calls={
            "live": live.ref,
            "unconfirmed": calls.get(pod__name="Cannery Pod", state="open").ref,
            "closed": calls.filter(kind__key="raid", covered_at__isnull=False)[0].ref,
            "drill": calls.filter(drill=True)[0].ref,
            "expired": calls.filter(log__word="expired")[0].ref,
            "cancelled": calls.filter(state="cancelled")[0].ref,
        },
        joining=Joining.objects.get(person__handle=NEWCOMER).ref,
        founding=Joining.objects.get(person__handle="Hana").ref,
        link=Link.objects.get(person=marisol, subject=live.subject).token(),
        invitation=invitation.ref,
        token=invitation.token(),
        asset=Asset.objects.filter(person=marisol)[0].ref,
        tool=Asset.objects.get(title="Cordless drill and bits").ref,
        ask=Ask.objects.get(asker=marisol, state="out").ref,
        stack=CardStack.objects.filter(entered_at=None, rows__gt=0)[0].ref,
        asset_link=Link.objects.filter(purpose="card")[0].token(),
        draft=draft.ref,
        clusters=_clusters(marisol),
        letter=letterbox.newest()[0].name,
        **_places(),
        heard=_heard(),
        stations=_stations(),
        **_gatherings(),
    )  # fmt: skip


def _clusters(marisol: object) -> dict[str, str]:
    """The proposed pod whose people have met, and what includes the member."""
    from pods.models import Cluster

    own = Cluster.objects.filter(members__person=marisol)
    return {
        "pod": Cluster.objects.get(kind="pod", met_at__isnull=False).ref,
        **{kind: own.filter(kind=kind)[0].ref for kind in ("sprint", "institution")},
    }


def _heard() -> dict[str, str]:
    """Rounds of listening at different points of their road, and a visit of the one that goes on."""
    from sites.models import ListeningRound, StageOverride, Visit

    rounds = {one.place.name: one for one in ListeningRound.objects.select_related("place")}
    here, past = rounds["Suds on Mill Row"], rounds["Franklin Free Clinic"]
    return {
        "place": here.place.ref,
        "round": here.ref,
        "visit": Visit.objects.filter(round=here)[0].ref,
        "begun": rounds["Orchard & 6th"].ref,
        "past": past.ref,
        "past_place": past.place.ref,
        "early": StageOverride.objects.get(taken_back_at=None).place.ref,
    }


def _stations() -> dict[str, str]:
    """The demo's three stations, tomorrow's shift of the first, the last that was kept, and a question to stand in."""
    from commons import clock
    from commons.notices.models import Link
    from sites.models import Popup, Shift, SignUp, StandInAsk

    def called(words: str) -> Popup:
        return Popup.objects.select_related("place").get(name__startswith=words)

    now, tradition = clock.now(), called("Free detergent")
    shifts = Shift.objects.filter(popup=tradition)
    tomorrow = shifts.filter(starts_at__gt=now)[0]
    asked = StandInAsk.objects.filter(shift=tomorrow, state="asked")[0]
    missing = Shift.objects.get(alone_at__isnull=False)
    waits = SignUp.objects.select_related("shift").get(state="moved", person__handle="Yusuf")
    moved = Link.objects.get(purpose="shift", subject=waits.shift.subject, person=waits.person_id)
    return {
        "missing": missing.ref,
        "moved": waits.shift.ref,
        "moved_link": moved.token(),
        "tradition": tradition.ref,
        "young": called("Masks").ref,
        "planned": called("Somebody beside").ref,
        "place": tradition.place.ref,
        "tomorrow": tomorrow.ref,
        "kept": shifts.filter(state="kept").latest("starts_at").ref,
        "link": Link.objects.get(purpose="shift", subject=tomorrow.subject, person=asked.person_id).token(),
    }


def _places() -> dict[str, str]:
    """A place of the demo's map, and the import that brought it."""
    from sites.models import Place, PlaceImport, PlaceScore

    return {
        "place": Place.objects.get(name="Mill Row Library").ref,
        "place_import": PlaceImport.objects.latest("id").ref,
        "scored": PlaceScore.objects.select_related("place")[0].place.ref,
    }


def _gatherings() -> dict[str, Any]:
    """The demo's gatherings by title, and the links of the one that is open to guests."""
    from commons.gatherings.models import Coming, Gathering

    evening = Gathering.objects.get(title="What we can share")
    return {
        "gatherings": dict(Gathering.objects.values_list("title", "ref")),
        "gathering_link": evening.token(),
        "guest_link": Coming.objects.filter(gathering=evening, person=None)[0].token(),
    }
