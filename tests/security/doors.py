"""Every address of the house, and a form that would do something there: what a sweep walks through."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commons.gate import every_door
from tests.security.world import TODAY, Side
from tests.security.world_gatherings import AFTER, PARTY, change_form

Data = dict[str, Any]
Fill = Callable[[Side], Data]


def _roster(_: Side) -> Data:
    return {"file": SimpleUploadedFile("list.csv", b"Name,E-mail\nUma,uma@example.net\n")}


def _map(_: Side) -> Data:
    return {"file": SimpleUploadedFile("map.osm", b"<osm version='0.6'/>")}


def _raise(side: Side) -> Data:
    rows = {"need-TOTAL_FORMS": "1", "need-INITIAL_FORMS": "0", "need-0-skill": "anyone", "need-0-count": "2"}
    form = {"kind": side.kind.key, "cross_street": "Oak & 3rd", "when": "now", "details": "", "key": "r" * 22}
    return {**form, **rows, "block": side.block.pk}


def _visit(side: Side, part: str, **more: Any) -> Data:
    """Who looks in vain for a round of theirs finds no team in it either."""
    return {"day": side.visit.day.isoformat(), "part": part, "there": [side["owner"].ref], "needs": ["food"], **more}


def _settings(_: Side) -> Data:
    return {"handle": "Somebody", "language": "es", "time_zone": "UTC", "calls_per_week": "3"}


def _protocol(_: Side) -> Data:
    waves = {"wave_1": "3", "wave_2": "5", "wave_3": "8", "wave_4": "15"}
    return {"pace": "now", "spread": "3", "raisers": "members", "do": "keep", **waves}


def _plan(_: Side) -> Data:
    counts = {"leads": "1", "servers_least": "1", "servers_most": "3"}
    when = {"weekday": "1", "starts": "18:00", "minutes": "120", "host": "asked"}
    return {"need": "detergent", "name": "Soap", "becomes": "A laundry", **when, **counts}


def _words(side: Side) -> Data:
    said = {"name": "Soap", "becomes": "A laundry", "supplies": "Cups", "counted": "loads"}
    return {**said, "version": side.popup.version}


def _move(side: Side) -> Data:
    """Another day, and fewer people: at the same place."""
    said = {"weekday": "3", "starts": "17:00", "minutes": "60", "leads": "1", "servers_least": "1", "servers_most": "2"}
    return {**said, "place": side.popup.place.ref, "version": side.popup.version}


def _join(side: Side) -> Data:
    return {"role": str(side.shift.roles.get(role="server").pk)}


LAST = {"last": (TODAY + timedelta(22)).isoformat()}
PASSWORD = "correct horse battery staple"
POPUP = ("popup", "popup_change", "popup_move", "popup_open", "popup_end", "popup_stand_in")
SHIFT = (
    *("shift", "shift_join", "shift_confirm", "shift_leave"),
    *("shift_close", "shift_check_in", "shift_supply"),
)
# For each address: what stands in it, and a form that changes something for whoever may.
ARGUMENTS: dict[str, Callable[[Side], list[str]]] = {
    **dict.fromkeys(("organizer_appoint",), lambda side: [side["member"].ref]),
    "organizer_end": lambda side: [side["organizer"].ref],
    "join": lambda side: [side.links["join"]],
    "answer": lambda side: [side.links["answer"]],
    **dict.fromkeys(("invitation", "invitation_revoke"), lambda side: [side.invitation.ref]),
    **dict.fromkeys(("rest_change", "rest_end", "rest_forget"), lambda side: [side.absence.days[0].isoformat()]),
    **dict.fromkeys(("channel_line", "channel_again"), lambda side: [side["owner"].channels.get().ref]),
    **dict.fromkeys(("asset", "asset_still_true", "asset_take_back"), lambda side: [side.asset.ref]),
    "asset_link": lambda side: [side.links["asset_link"]],
    **dict.fromkeys(("stack", "stack_forget"), lambda side: [side.stack.ref]),
    "asset_seen": lambda side: [side.asset.ref],
    **dict.fromkeys(("ask", "ask_step"), lambda side: [side.ask.ref]),
    **dict.fromkeys(("block", "block_remove"), lambda side: [side.block.name]),
    **dict.fromkeys(("roster_preview", "roster_confirm", "roster_discard"), lambda side: [side.draft.ref]),
    **dict.fromkeys(("place", "place_change", "place_score", "place_score_take_back"), lambda side: [side.place.ref]),
    **dict.fromkeys(("place_listen", "stage_override"), lambda side: [side.place.ref]),
    "stage_override_end": lambda side: [side.override.ref],
    **dict.fromkeys(
        ("listening_round", "round_ask", "round_leave", "round_end", "visit_new"), lambda side: [side.listening.ref]
    ),
    "round_answer": lambda side: [side.listener.ref],
    **dict.fromkeys(("visit", "visit_change"), lambda side: [side.visit.ref]),
    "place_import": lambda side: [side.place_import.ref],
    "popup_new": lambda side: [side.popup.place.ref],
    **dict.fromkeys(POPUP, lambda side: [side.popup.ref]),
    **dict.fromkeys(SHIFT, lambda side: [side.shift.ref]),
    "shift_answer": lambda side: [side.links["shift_answer"]],
    "double": lambda side: [side.double.ref],
    **dict.fromkeys(
        (
            *("gathering", "gathering_come", "gathering_who", "gathering_change", "gathering_cancel"),
            *("gathering_link", "gathering_after", "gathering_sheet", "gathering_file"),
        ),
        lambda side: [side.gathering.ref],
    ),
    "gathering_open": lambda side: [side.links["gathering_open"]],
    "gathering_open_file": lambda side: [side.links["gathering_open_file"]],
    "gathering_guest": lambda side: [side.links["gathering_guest"]],
    "feed_file": lambda side: [side.links["feed_file"]],
    **dict.fromkeys(("cluster", "cluster_say", "cluster_found", "cluster_gather"), lambda side: [side.cluster.ref]),
    **dict.fromkeys(("signs", "sign_pdf", "sign_page", "here"), lambda side: [side.popup.ref]),
    "sign_words": lambda side: [side.popup.ref, "en"],
    "map_tile": lambda _: ["0-0", 12, 1176, 1561],
    **dict.fromkeys(("kind_rename", "kind_use"), lambda side: [side.kind.key]),
    **dict.fromkeys(("joining", "joining_agree", "joining_vouch", "joining_object"), lambda side: [side.joining.ref]),
    **dict.fromkeys(
        ("pod", "pod_leave", "pod_name", "pod_ask", "pod_protocol", "call_new"), lambda side: [side.pod.ref]
    ),
    "pod_protocol_kind": lambda side: [side.pod.ref, side.kind.key],
    **dict.fromkeys(
        (
            *("call", "call_answer", "call_details", "call_confirm", "call_release", "call_need"),
            *("call_cancel", "call_close"),
        ),
        lambda side: [side.call.ref],
    ),
}
# Nothing there depends on who asks: browsers may keep it.
SAME_FOR_EVERYBODY = {"map_tile"}
FORMS: dict[str, Fill] = {
    "organizer_appoint": lambda _: {"until": (TODAY + timedelta(90)).isoformat()},
    "organizer_end": lambda _: {},
    "join": lambda _: {},
    "invitations": lambda _: {"seats": "2", "language": "en", "days": "7"},
    "invitation_revoke": lambda _: {},
    "set_language": lambda _: {"language": "es", "next": "/"},
    "account_signup": lambda _: {"username": "Zoe", "email": "zoe@example.org", "language": "en"},
    "account_email_verification_sent": lambda _: {"code": "AAAA-AAAA"},
    "account_login": lambda side: {"login": side["owner"].email},
    "account_request_login_code": lambda _: {},
    "account_confirm_login_code": lambda _: {"code": "AAAA-AAAA"},
    "account_reauthenticate": lambda _: {"password": PASSWORD},
    "account_logout": lambda _: {},
    "sign_out_everywhere": lambda _: {},
    "account_change_password": lambda _: {"oldpassword": "x", "password1": PASSWORD},
    "account_set_password": lambda _: {"password1": PASSWORD},
    "account_reset_password": lambda side: {"email": side["owner"].email},
    "account_confirm_password_reset_code": lambda _: {"code": "AAAA-AAAA"},
    "account_complete_password_reset": lambda _: {"password1": PASSWORD},
    "settings": _settings,
    "rest": lambda _: {"preset": "week"},
    "rest_change": lambda _: LAST,
    "rest_end": lambda _: {},
    "rest_forget": lambda _: {},
    "channel_line": lambda _: {"safe_line_in_message": "on"},
    "channel_again": lambda _: {},
    "gathering_new": lambda side: change_form(side.gathering),
    "gathering_feed": lambda _: {"do": "give"},
    "gathering_come": lambda _: PARTY,
    "gathering_change": lambda side: change_form(side.gathering),
    "gathering_cancel": lambda _: {},
    "gathering_link": lambda _: {},
    "gathering_after": lambda _: AFTER,
    "gathering_open": lambda _: {**PARTY, "name": "Ida", "key": "n" * 22},
    "gathering_guest": lambda _: {"say": "no"},
    "assets": lambda _: {"words": "knitting", "kind": "skill", "audience": "pod", "note": "", "skill": ""},
    "asset": lambda _: {"limits": ["no_stairs"], "note": "new", "audience": "network"},
    "asset_put_back": lambda _: {"undo": "x"},
    "asset_still_true": lambda _: {},
    "asset_take_back": lambda _: {},
    "asset_home": lambda side: {"block": side.block.pk},
    "asset_seen": lambda _: {"text": "¿Hoy?"},
    "stack_new": lambda _: {},
    "stack": lambda _: {"who": "Uma", "email": "", "kind": "tool", "what": "Tent", "limits": "", "seen": "pod"},
    "stack_forget": lambda _: {},
    "asset_link": lambda _: {"do": "keep_all"},
    "ask": lambda _: {"text": "Gracias"},
    "ask_step": lambda _: {"step": "yes"},
    "neighbourhood": lambda _: {"name": "Elsewhere", "time_zone": "UTC", "emergency_number": "112"},
    "block_new": lambda _: {"name": "North", "place": "39.31, -76.62"},
    "block": lambda _: {"name": "South", "place": "39.30, -76.61"},
    "block_remove": lambda _: {},
    "roster": _roster,
    "roster_confirm": lambda _: {},
    "roster_discard": lambda _: {},
    "place_new": lambda _: {"kind": "library", "name": "Shelf", "position": "39.3, -76.6"},
    "place_change": lambda _: {"kind": "library", "name": "Another", "position": "39.31, -76.61"},
    "place_score": lambda _: {"density": "2", "softness": "4", "note": "new", "observed_on": TODAY.isoformat()},
    "place_score_take_back": lambda _: {},
    "place_imports": _map,
    "sign_words": lambda _: {"struggle": "care", "headline": "Soap", "line": "", "becomes": ""},
    "sign_page": lambda _: {"do": "hide"},
    "double": lambda side: {"keep": side.place.ref},
    "place_listen": lambda _: {},
    "stage_override": lambda _: {"reason": "It freezes tonight."},
    "stage_override_end": lambda _: {},
    "round_ask": lambda _: {},
    "round_answer": lambda _: {"do": "yes"},
    "round_leave": lambda _: {},
    "round_end": lambda _: {},
    "visit_new": lambda side: _visit(side, "early"),
    "visit_change": lambda side: _visit(side, "evening", version=side.visit.version),
    "popup_new": _plan,
    "popup_change": _words,
    "popup_move": _move,
    "popup_open": lambda _: {"host": "agreed"},
    "popup_end": lambda _: {},
    "popup_stand_in": lambda _: {"willing": "yes"},
    "shift_join": _join,
    "shift_confirm": lambda _: {},
    "shift_leave": lambda _: {},
    "shift_close": lambda _: {"why": "rest"},
    "shift_check_in": lambda _: {"opened": "yes", "helped": "3"},
    "shift_supply": lambda _: {"what": "Cups"},
    "shift_answer": lambda _: {"say": "no", "version": "1"},
    "pod_new": lambda side: {"name": "A new pod", "block": side.block.pk},
    "kinds": lambda _: {"own_name": "flood", "pace": "day"},
    "kind_rename": lambda _: {"own_name": "storm"},
    "kind_use": lambda _: {"do": "no"},
    "cluster_willing": lambda side: {"block": side.block.pk},
    "clusters_ask": lambda _: {},
    "cluster_say": lambda _: {"say": "not_for_me"},
    "cluster_found": lambda side: {"name": "Of the proposed", "block": side.block.pk},
    "joining_agree": lambda _: {"do": "yes"},
    "joining_vouch": lambda _: {"do": "yes"},
    "joining_object": lambda _: {"do": "yes"},
    "pod_leave": lambda _: {},
    "pod_name": lambda side: {"person": side["invited"].ref},
    "pod_ask": lambda _: {},
    "pod_protocol_kind": _protocol,
    "answer": lambda _: {"say": "cant", "key": "a" * 22},
    "call_new": _raise,
    "call_answer": lambda _: {"say": "cant", "key": "a" * 22},
    "call_details": lambda _: {},
    "call_confirm": lambda _: {},
    "call_release": lambda _: {},
    "call_need": lambda _: {"skill": "anyone", "count": "1"},
    "call_cancel": lambda _: {},
    "call_close": lambda _: {},
}


def names() -> list[str]:
    """Every address by its name."""
    return [door.name or door.route for door in every_door()]


def path(name: str, side: Side) -> str:
    """The address, about the things of this side."""
    return reverse(name, args=ARGUMENTS[name](side) if name in ARGUMENTS else [])


def form(name: str, side: Side) -> Data:
    """What is posted there."""
    return FORMS[name](side) if name in FORMS else {}
