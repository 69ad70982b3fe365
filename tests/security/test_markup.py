"""Markup in every field that somebody writes: shown as it was typed, on every page and in mails, never run (S-14)."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Channel
from pods.models import CallKind
from sites.models import Asset, Block, Neighbourhood, Skill
from tests.security import doors
from tests.security.world import side, signed_in

pytestmark = pytest.mark.django_db
# No ref holds a vowel, so none holds this by chance.
MARK = "zaq"
# Short enough for the shortest field, so two stand in one where they can.
PAYLOADS = [
    "<script>zaq()</script>\"><svg onload=zaq()>", "'><b onclick=zaq()></title><zaq>", "javascript:zaq()",
    "</textarea><zaq><img src=x onerror=zaq()>", "{{zaq}}{% zaq %}<!--zaq--><zaq a=", "zaq\" autofocus onfocus=zaq()",
    "<a href=//zaq.example>&lt;zaq&gt;<zaq/>", "<style>@import'//zaq'</style>",
]  # fmt: skip
ODD = ['"><svg onload=zaq()>', "?", "//zaq.example", "ok\r\nBcc: mallory@example.org", "\u202eevil", "a\x00b"]


class Page(HTMLParser):
    """What of the payloads became markup: a tag, an attribute's name, a script's text, an address."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.run: list[str] = []
        self.inside = ""
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        names = [tag, *(name for name, _ in attrs)]
        self.run += [name for name in names if MARK in name or name.startswith("on")]
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name in {"href", "src", "action", "formaction"} and (
                text.startswith("javascript:") or "//zaq" in text or text == "x"
            ):
                self.run.append(f"{name}={text}")
            if name.startswith("hx-") and (f"{MARK}(" in text or f"//{MARK}" in text):
                self.run.append(f"{name}={text}")

    def handle_data(self, data):
        if self.inside in {"script", "style"} and MARK in data:
            self.run.append(data)
        self.said += data

    def handle_comment(self, data):
        if MARK in data:
            self.run.append(data)

    def handle_endtag(self, tag):
        self.inside = ""


def overwrite(here, words: str) -> None:
    """Put the words wherever forms would tidy them away or be too short, too."""
    Neighbourhood.objects.update(name=words[:60])
    Block.objects.filter(pk=here.block.pk).update(name=words[:60])
    Skill.objects.filter(key="skill-A").update(own_name=words[:60])
    CallKind.objects.filter(pk=here.kind.pk).update(own_name=words[:40])
    Asset.objects.create(
        person=here["owner"], kind="tool", title=words[:80], note=words, audience="network",
        offered_at=here.asset.offered_at, fresh_until=here.asset.fresh_until,
    )  # fmt: skip
    Channel.objects.update(safe_line_in_message=True)


# Pages that show more, or something else, to others than the owner.
SEVERAL = (
    "stack",
    "asset_kit",
    "today",
    "pod",
    "joining",
    "call",
    "roster_preview",
    "kinds",
    "doubles",
    "place_import",
    "place_imports",
)
READERS = ("owner", "answering", "newcomer", "invited", "organizer")
# Pages on which nothing changes with who reads them need no second reader.
PAGES = (
    *("today", "commons", "who_may", "organizers", "invitations", "settings", "rest", "channels", "assets"),
    *("asset", "neighbourhood", "block", "roster", "roster_preview", "pods", "pod_new", "kinds", "kind_rename"),
    *("joining", "pod", "pod_leave", "pod_name", "pod_protocol", "pod_protocol_kind", "call_new", "call"),
    *("call_details", "answer", "join", "home", "account_login", "account_signup", "invitation"),
    *("gatherings", "gathering", "gathering_who", "gathering_change", "gathering_link", "gathering_after"),
    *("gathering_sheet", "gathering_open", "gathering_guest"),
    *("map", "map_places", "places", "place", "place_change", "place_import", "place_imports", "doubles"),
    *("asset_map", "asset_seen", "asks", "ask", "stack", "asset_kit", "asset_link"),
    *("places_ranked", "place_score", "place_listen", "listening_round", "visit", "visit_new", "visit_change"),
    *("place_needs", "stage_override", "popups", "popup", "popup_new", "popup_change", "shift", "shift_check_in"),
    *("popup_move",),
    *("signs", "here", "sign_words"),
)


@pytest.mark.parametrize("words", PAYLOADS)
def test_what_people_write_is_shown_and_never_run(words, smtp_sink):
    here = side("A", kind="day", words=words)
    overwrite(here, words)
    here.block.refresh_from_db()
    seen = 0
    for who in READERS:
        browser = signed_in(here[who])
        for name in PAGES:
            if who != "owner" and name not in SEVERAL:
                continue
            answer = browser.get(doors.path(name, here))
            if answer.status_code == 200 and answer.headers["Content-Type"] == "application/json":
                # Nothing that a browser would take for a page.
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                seen += MARK in answer.content.decode()
            elif answer.status_code == 200:
                page = Page(answer.content.decode())
                assert page.run == [], (who, name)
                seen += MARK in page.said
    opened = Page(signed_in(here["owner"]).post(doors.path("call_details", here)).content.decode())
    assert opened.run == []
    assert words in opened.said
    found = Page(signed_in(here["owner"]).get(doors.path("pod_name", here), {"q": words}).content.decode())
    assert found.run == []
    assert seen > 15
    carry_due()
    let_go()
    assert smtp_sink.received
    for received in smtp_sink.received:
        assert Page(received.mail.get_body(("html",)).get_content()).run == []
        assert "\n" not in received.mail["Subject"]


@pytest.mark.parametrize("words", ODD)
def test_forms_give_back_what_was_typed_as_it_was_typed(words):
    """Refused forms keep what was typed: there too it is text."""
    here = side("A")
    browser, visitor = signed_in(here["owner"]), Client(raise_request_exception=False)
    organizer = signed_in(here["organizer"])
    raising = dict.fromkeys(("cross_street", "details", "key", "kind", "need-0-skill"), words)
    tries = [
        (browser, "call_new", raising),
        (browser, "assets", {"words": words, "note": words, "kind": words, "audience": words, "limits": words}),
        (browser, "pod_new", {"name": words * 9, "block": words}),
        (browser, "settings", {"handle": words * 9, "language": words, "time_zone": words, "quiet_from": words}),
        (browser, "rest", {"first": words, "last": words, "preset": words}),
        (browser, "invitations", {"seats": words, "days": words, "language": words}),
        (browser, "pod_protocol_kind", {"wave_1": words, "pace": words, "spread": words, "do": "keep"}),
        (browser, "joining_vouch", {"do": words}),
        (browser, "pod_name", {"person": words}),
        (browser, "call_need", {"skill": words, "count": words}),
        (browser, "gathering_new", dict.fromkeys(("title", "place", "agenda", "on_date", "kind", "minutes"), words)),
        (browser, "gathering_change", dict.fromkeys(("title", "place", "agenda", "seen", "open_to", "access"), words)),
        (browser, "gathering_come", {"say": words, "people": words, "needs": words, "language": words}),
        (browser, "gathering_after", {"came": words, "outcome": words, "notes": words}),
        (visitor, "gathering_open", {"name": words * 9, "people": words, "key": words, "note": words}),
        (visitor, "gathering_guest", {"name": words * 9, "people": words, "say": words, "note": words}),
        (organizer, "neighbourhood", {"name": words * 9, "time_zone": words, "emergency_number": words}),
        (organizer, "block_new", {"name": words * 9, "place": words}),
        (organizer, "kinds", {"own_name": words * 9, "pace": words}),
        (visitor, "account_login", {"login": words, "next": words}),
        (visitor, "answer", {"say": words, "key": words, "minutes": words}),
        (visitor, "account_confirm_login_code", {"code": words}),
        (visitor, "set_language", {"language": words, "next": words}),
    ]
    for client, name, form in tries:
        answer = client.post(doors.path(name, here), form)
        assert answer.status_code < 500, name
        if answer.status_code in (200, 400, 409, 422):
            assert Page(answer.content.decode()).run == [], name
        elif answer.status_code == 302:
            assert answer.headers["Location"].startswith("/"), name
            assert not answer.headers["Location"].startswith("//"), name
