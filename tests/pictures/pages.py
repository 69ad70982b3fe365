"""Which pages are photographed, as whom, and which addresses are no pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

VISITOR, MEMBER, CONFIRMER, ORGANIZER, NEWCOMER = "visitor", "Marisol", "Thandi", "Rosa", "Yusuf"
EVERYBODY = (VISITOR, NEWCOMER, MEMBER, ORGANIZER)


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


Arguments = Callable[[Things], list[str]]


def _none(_: Things) -> list[str]:
    return []


# Name of the address, a word for the file, as whom, what stands in the address.
PAGES: list[tuple[str, str, tuple[str, ...], Arguments]] = [
    ("home", "", (VISITOR,), _none),
    ("account_login", "", (VISITOR,), _none),
    ("account_reset_password", "", (VISITOR,), _none),
    ("account_signup", "closed", (VISITOR,), _none),
    ("join", "", (VISITOR,), lambda t: [t.token]),
    ("answer", "", (VISITOR,), lambda t: [t.link]),
    ("demo_mail", "", (VISITOR,), _none),
    ("demo_letter", "", (VISITOR,), lambda t: [t.letter]),
    ("today", "", (NEWCOMER, MEMBER, CONFIRMER, ORGANIZER), _none),
    ("commons", "", (MEMBER, ORGANIZER), _none),
    ("who_may", "", (MEMBER,), _none),
    ("organizers", "", (MEMBER, ORGANIZER), _none),
    ("invitations", "", (ORGANIZER,), _none),
    ("invitation", "", (ORGANIZER,), lambda t: [t.invitation]),
    ("settings", "", (MEMBER,), _none),
    ("channels", "", (MEMBER,), _none),
    ("rest", "", (MEMBER,), _none),
    ("assets", "", (MEMBER, NEWCOMER), _none),
    ("asset", "", (MEMBER,), lambda t: [t.asset]),
    ("asset_cards", "", (MEMBER,), _none),
    ("asset_kit", "", (ORGANIZER,), _none),
    ("stack", "", (ORGANIZER,), lambda t: [t.stack]),
    ("asset_link", "", (VISITOR,), lambda t: [t.asset_link]),
    ("asset_map", "", (MEMBER, NEWCOMER), _none),
    ("asset_home", "", (NEWCOMER,), _none),
    ("asset_seen", "", (MEMBER,), lambda t: [t.tool]),
    ("asks", "", (MEMBER,), _none),
    ("ask", "lent", (MEMBER,), lambda t: [t.ask]),
    ("gatherings", "", (MEMBER, ORGANIZER), _none),
    ("gathering_new", "", (MEMBER,), _none),
    ("gathering", "evening", (CONFIRMER, MEMBER, ORGANIZER), lambda t: [t.gatherings["What we can share"]]),
    ("gathering", "full", ("Delia",), lambda t: [t.gatherings["One question for the waiting room"]]),
    ("gathering", "debrief", (MEMBER, ORGANIZER), lambda t: [t.gatherings["After the Rail Yard"]]),
    ("gathering", "called-off", (MEMBER,), lambda t: [t.gatherings["How Mill Row got its pots"]]),
    ("gathering_who", "", (ORGANIZER,), lambda t: [t.gatherings["What we can share"]]),
    ("gathering_change", "", (ORGANIZER,), lambda t: [t.gatherings["What we can share"]]),
    ("gathering_link", "", (ORGANIZER,), lambda t: [t.gatherings["What we can share"]]),
    ("gathering_after", "", (ORGANIZER,), lambda t: [t.gatherings["After the Rail Yard"]]),
    ("gathering_sheet", "", (MEMBER,), lambda t: [t.gatherings["What we can share"]]),
    ("gathering_feed", "", (MEMBER, ORGANIZER), _none),
    ("gathering_open", "", (VISITOR,), lambda t: [t.gathering_link]),
    ("gathering_guest", "", (VISITOR,), lambda t: [t.guest_link]),
    ("account_logout", "", (MEMBER,), _none),
    ("account_change_password", "", (MEMBER,), _none),
    ("account_reauthenticate", "", (MEMBER,), _none),
    ("sign_out_everywhere", "", (MEMBER,), _none),
    ("neighbourhood", "", (ORGANIZER,), _none),
    ("block", "", (ORGANIZER,), lambda _: ["Mill Row"]),
    ("roster", "", (ORGANIZER,), _none),
    ("roster_preview", "", (ORGANIZER,), lambda t: [t.draft]),
    ("map", "", (VISITOR, MEMBER), _none),
    ("places", "", (MEMBER, ORGANIZER), _none),
    ("place_new", "", (MEMBER,), _none),
    ("place", "", (MEMBER,), lambda t: [t.place]),
    ("place_change", "", (MEMBER,), lambda t: [t.place]),
    ("place", "scored", (MEMBER, ORGANIZER), lambda t: [t.scored]),
    ("place_score", "", (MEMBER,), lambda t: [t.scored]),
    ("places_ranked", "", (MEMBER,), _none),
    ("place", "opened-early", (CONFIRMER,), lambda t: [t.heard["early"]]),
    ("place_listen", "under-way", (MEMBER, ORGANIZER, NEWCOMER), lambda t: [t.heard["place"]]),
    ("place_listen", "heard", (MEMBER,), lambda t: [t.heard["past_place"]]),
    ("place_listen", "nobody", (NEWCOMER,), lambda t: [t.place]),
    ("place_needs", "", (MEMBER,), _none),
    ("stage_override", "", (ORGANIZER,), lambda t: [t.heard["place"]]),
    ("listening_round", "under-way", (MEMBER, ORGANIZER), lambda t: [t.heard["round"]]),
    ("listening_round", "just-begun", (NEWCOMER,), lambda t: [t.heard["begun"]]),
    ("listening_round", "heard", (ORGANIZER,), lambda t: [t.heard["past"]]),
    ("visit_new", "", (MEMBER,), lambda t: [t.heard["round"]]),
    ("visit", "", (MEMBER,), lambda t: [t.heard["visit"]]),
    ("visit_change", "", (MEMBER,), lambda t: [t.heard["visit"]]),
    ("place_imports", "", (ORGANIZER,), _none),
    ("place_import", "", (ORGANIZER,), lambda t: [t.place_import]),
    ("doubles", "", (ORGANIZER,), _none),
    ("popups", "", (MEMBER,), _none),
    ("popup", "tradition", (MEMBER, "Lucía"), lambda t: [t.stations["tradition"]]),
    ("popup", "young", (CONFIRMER,), lambda t: [t.stations["young"]]),
    ("popup", "planned", (MEMBER, NEWCOMER), lambda t: [t.stations["planned"]]),
    ("popup_new", "", (MEMBER,), lambda t: [t.stations["place"]]),
    ("popup_new", "too-early", (MEMBER,), lambda t: [t.place]),
    ("popup_change", "", (ORGANIZER,), lambda t: [t.stations["tradition"]]),
    ("popup_move", "", (ORGANIZER,), lambda t: [t.stations["young"]]),
    ("signs", "", (MEMBER, ORGANIZER), lambda t: [t.stations["tradition"]]),
    ("sign_words", "", (ORGANIZER,), lambda t: [t.stations["tradition"], "es"]),
    ("here", "", (VISITOR,), lambda t: [t.stations["tradition"]]),
    ("shift", "tomorrow", (MEMBER, NEWCOMER), lambda t: [t.stations["tomorrow"]]),
    ("shift", "kept", (MEMBER,), lambda t: [t.stations["kept"]]),
    ("shift", "missing", ("Thandi",), lambda t: [t.stations["missing"]]),
    ("shift", "moved", ("Yusuf",), lambda t: [t.stations["moved"]]),
    ("shift_check_in", "", (ORGANIZER,), lambda t: [t.stations["kept"]]),
    ("shift_answer", "stand-in", (VISITOR,), lambda t: [t.stations["link"]]),
    ("shift_answer", "moved", (VISITOR,), lambda t: [t.stations["moved_link"]]),
    ("pods", "", (NEWCOMER, MEMBER), _none),
    ("pod_new", "", (NEWCOMER,), _none),
    ("pod", "full", (NEWCOMER, MEMBER), lambda t: [t.pods["full"]]),
    ("pod", "tired", (CONFIRMER,), lambda t: [t.pods["tired"]]),
    ("pod", "forming", (MEMBER,), lambda t: [t.pods["forming"]]),
    ("joining", "", (CONFIRMER, NEWCOMER), lambda t: [t.joining]),
    ("joining", "founding", ("Hana",), lambda t: [t.founding]),
    ("pod_name", "", (CONFIRMER,), lambda t: [t.pods["tired"]]),
    ("pod_leave", "", (MEMBER,), lambda t: [t.pods["full"]]),
    ("pod_protocol", "", (MEMBER, ORGANIZER), lambda t: [t.pods["full"]]),
    ("pod_protocol_kind", "", (ORGANIZER,), lambda t: [t.pods["full"], "eviction"]),
    ("kinds", "", (ORGANIZER,), _none),
    ("clusters", "", (NEWCOMER, MEMBER, ORGANIZER), _none),
    ("cluster", "pod", ("Tamar",), lambda t: [t.clusters["pod"]]),
    ("cluster", "sprint", (MEMBER,), lambda t: [t.clusters["sprint"]]),
    ("cluster", "institution", (MEMBER,), lambda t: [t.clusters["institution"]]),
    ("cluster_found", "", ("Tamar",), lambda t: [t.clusters["pod"]]),
    ("cluster_gather", "", ("Tamar",), lambda t: [t.clusters["pod"]]),
    ("call_new", "", (MEMBER,), lambda t: [t.pods["full"]]),
    ("call", "live", (MEMBER, ORGANIZER), lambda t: [t.calls["live"]]),
    ("call", "unconfirmed", (CONFIRMER,), lambda t: [t.calls["unconfirmed"]]),
    ("call", "closed", (ORGANIZER,), lambda t: [t.calls["closed"]]),
    ("call", "drill", (ORGANIZER,), lambda t: [t.calls["drill"]]),
    ("call", "expired", (CONFIRMER,), lambda t: [t.calls["expired"]]),
    ("call", "cancelled", (ORGANIZER,), lambda t: [t.calls["cancelled"]]),
]
_POSTED = "answers what a page sends and shows that page again"
_MIDWAY = "stands midway in signing in or up: the journeys walk through it"
EXEMPT = {
    **dict.fromkeys(
        (
            "organizer_appoint", "organizer_end", "invitation_revoke", "set_language", "rest_end", "rest_forget",
            "rest_change",
            "channel_line", "channel_again", "asset_put_back", "asset_still_true", "asset_take_back", "ask_step",
            "stack_new", "stack_forget", "block_new", "cluster_willing", "clusters_ask", "cluster_say",
            "block_remove", "double", "roster_confirm", "roster_discard", "kind_use", "kind_rename", "joining_agree",
            "joining_vouch", "joining_object", "pod_ask", "call_answer", "call_details", "call_confirm",
            "round_ask", "round_answer", "round_leave", "round_end", "stage_override_end",
            "call_release", "call_need", "call_cancel", "call_close", "place_score_take_back",
            "call_release", "call_need", "call_cancel", "call_close", "gathering_come", "gathering_cancel",
            "popup_open", "popup_end", "popup_stand_in", "shift_join", "shift_confirm", "shift_leave", "shift_close",
            "shift_supply", "sign_page",
        ),
        _POSTED,
    ),
    **dict.fromkeys(
        (
            "account_email_verification_sent", "account_request_login_code", "account_confirm_login_code",
            "account_set_password", "account_confirm_password_reset_code", "account_complete_password_reset",
            "account_inactive",
        ),
        _MIDWAY,
    ),
    "healthz": "is read by machines",
    "sign_pdf": "is paper: tests/sites/test_signs_paper.py reads it back",
    **dict.fromkeys(("gathering_file", "gathering_open_file", "feed_file"), "is read by calendar programs"),
    **dict.fromkeys(("map_places", "map_tile"), "is read by the script of the map"),
}  # fmt: skip


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


SHEET = """Name,E-mail,Language,Skills,Notes
Teodora,teodora@example.net,en,"driver, first aid",
Anselmo,anselmo@example.net,es,interpreter Spanish,not nights
Rosa,rosa@millrow.example,es,phone tree,
Bram,bram@example,en,cooking,
,somebody@example.net,en,,
"""


def path(name: str, arguments: Arguments, of: Things) -> str:
    """Return the address of a page."""
    return reverse(name, args=arguments(of))
