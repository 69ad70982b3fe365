"""Every answer of the house, errors and files too, carries every header, and no page fetches from elsewhere (S-10)."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import path

from commons import gate
from config.urls import urlpatterns as of_the_house
from tests.security import doors
from tests.security.world import Side, side, signed_in

NONE, SELF = {"'none'"}, {"'self'"}
POLICY = {
    "default-src": NONE, "script-src": SELF, "style-src": SELF, "img-src": {"'self'", "data:"}, "connect-src": SELF,
    "font-src": SELF, "form-action": SELF, "base-uri": NONE, "object-src": NONE, "frame-ancestors": NONE,
    "manifest-src": SELF, "worker-src": SELF,
}  # fmt: skip
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OFF = {"geolocation", "camera", "microphone", "payment", "usb"}
# What a page may lead to elsewhere, by a link that somebody follows: the source code, where the keeper named it.
ELSEWHERE = re.compile(r"^(?:[a-z]+:)?//", re.IGNORECASE)


@gate.public
def broken(request):
    raise RuntimeError("as a test of ours broke")


@gate.public
def suspicious(request):
    raise SuspiciousOperation("as a test of ours")


urlpatterns = [*of_the_house, path("broken/", broken), path("suspicious/", suspicious)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Fetches(HTMLParser):
    """What a page makes a browser fetch, run or send to; and what it runs or styles inline."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.places: list[str] = []
        self.inline: list[str] = []
        self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tag = tag
        for name, value in attrs:
            if name in {"src", "srcset", "action", "formaction", "poster", "data", "background"} or (
                name == "href" and tag in {"link", "use", "image", "base"}
            ):
                self.places.append(value or "")
            if name.startswith(("on", "hx-on")) or name == "style" or (value or "").startswith(("javascript:", "js:")):
                self.inline.append(f"{tag} {name}")
        if tag == "style":
            self.inline.append(tag)

    def handle_data(self, data):
        if self.tag == "script" and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag):
        self.tag = ""


def headers_hold(answer, where: object) -> None:
    said = answer.headers
    directives = [one.split() for one in said["Content-Security-Policy"].split(";")]
    policy = {words[0]: set(words[1:]) for words in directives if words}
    assert policy == POLICY, where
    for name, value in FIXED.items():
        assert said.get(name) == value, (where, name)
    assert said["Referrer-Policy"] in {"same-origin", "no-referrer"}, where
    for feature in OFF:
        assert f"{feature}=()" in said["Permissions-Policy"], where


def page_holds(answer, where: object) -> None:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return
    fetches = Fetches(answer.content.decode())
    assert [place for place in fetches.places if ELSEWHERE.match(place)] == [], where
    assert fetches.inline == [], where


@pytest.fixture
def here() -> Side:
    return side("A")


@pytest.mark.parametrize("who", ["visitor", "owner", "organizer"])
def test_every_address_has_every_header_and_fetches_nothing_from_elsewhere(here, who, settings):
    browser = Client(raise_request_exception=False) if who == "visitor" else signed_in(here[who])
    for name in doors.names():
        if name == "broken/" or name == "suspicious/":
            continue
        answers = [browser.get(doors.path(name, here))]
        if who == "visitor":
            answers.append(browser.head(doors.path(name, here)))
        if name not in {"account_logout", "sign_out_everywhere", "set_language"}:
            answers.append(browser.post(doors.path(name, here), {"no": "such field"}))
        for answer in answers:
            headers_hold(answer, (who, name))
            page_holds(answer, (who, name))
            if who != "visitor" and name != "set_language" and name not in doors.SAME_FOR_EVERYBODY:
                assert "no-store" in answer.headers.get("Cache-Control", ""), (who, name)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere/", 404), ("/broken/", 500), ("/suspicious/", 400), ("/static/css/casserole.css", 200),
        ("/static/nothing.css", 404), ("/neighbourhood/", 403), ("/pods/nothing/", 404), ("/a/nothing/", 404),
        ("/join/nothing/", 410), ("/%00/", 404), ("/pods", 301), ("/../etc/passwd", 404), ("/healthz", 200),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es"])
def test_errors_files_and_detours_have_them_too(here, address, status, language, settings):
    # Files as they stand, uncollected.
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    browser = signed_in(here["owner"])
    answer = browser.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    headers_hold(answer, address)
    if not answer.streaming:
        page_holds(answer, address)


def test_a_form_without_its_token_and_a_wrong_host(here):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    refused = strict.post("/sign-in/", {"login": "a@example.org"})
    assert refused.status_code == 403
    headers_hold(refused, "403 csrf")
    page_holds(refused, "403 csrf")
    wrong = Client(raise_request_exception=False).get("/", headers={"Host": "elsewhere.example"})
    assert wrong.status_code == 400
    headers_hold(wrong, "400 host")


def test_errors_tell_nothing_of_the_inside(here):
    page = signed_in(here["owner"]).get("/broken/").content.decode()
    for word in ("Traceback", "RuntimeError", "as a test of ours", "/work", "django", "psycopg"):
        assert word not in page


def test_links_in_an_address_are_told_to_nobody(here):
    for name in ("answer", "join", "asset_link"):
        answer = Client().get(doors.path(name, here))
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


def test_cookies_are_for_this_server_alone(here):
    browser = Client()
    browser.post(doors.path("join", here))
    browser.get("/sign-in/")
    kept = browser.cookies
    assert set(kept) == {"session", "csrf", "language"}
    for name, cookie in kept.items():
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        assert not cookie["domain"], name
        assert cookie["path"] == "/", name
        if name != "csrf":
            assert cookie["httponly"], name


def test_over_https_cookies_are_bound_to_the_host_and_the_next_visit_to_https():
    """The settings of a real server, read by a process of its own."""
    program = (
        "import json, django; django.setup(); from django.conf import settings as s;"
        "wanted = [n for n in dir(s) if 'COOKIE' in n or 'HSTS' in n or n == 'SECURE_SSL_REDIRECT'];"
        "print(json.dumps({n: getattr(s, n) for n in wanted}))"
    )
    env = {**os.environ, "SITE_URL": "https://casserole.example", "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = json.loads(subprocess.run([sys.executable, "-c", program], env=env, check=True, capture_output=True).stdout)
    for which in ("SESSION", "CSRF", "LANGUAGE"):
        assert said[f"{which}_COOKIE_NAME"].startswith("__Host-")
        assert said[f"{which}_COOKIE_SECURE"] is True
        assert not said[f"{which}_COOKIE_DOMAIN"]
        assert said[f"{which}_COOKIE_PATH"] == "/"
    assert said["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert said["SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert said["SECURE_SSL_REDIRECT"]
