"""Every address × everybody × looking and pressing, against one table that people can read (S-1)."""

from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commons import clock
from pods.actions import pods
from tests.factories import PersonFactory, organizer
from tests.security import doors
from tests.security.world import BACKEND, Side, fingerprint, side, signed_in

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("access_matrix.txt")
METHODS = ("GET", "POST")


@pytest.fixture
def house(settings) -> tuple[Side, dict[str, Client]]:
    """A pod with all that belongs to it, and the browsers of everybody who could come to its doors."""
    here, there = side("A"), side("B")
    left, gone = here["fifth"], here["fourth"]
    people = {
        "fresh": PersonFactory(handle="Fresh"),
        "member": here["member"],
        "owner": here["owner"],
        "elsewhere": there["member"],
        "newcomer": here["newcomer"],
        "invited": here["invited"],
        "left": left,
        "organizer": organizer(PersonFactory(handle="Olga")),
        "uploader": here["organizer"],
        "thrown_out": gone,
    }
    browsers = {"visitor": Client(raise_request_exception=False)}
    browsers |= {role: signed_in(person) for role, person in people.items()}
    # Both were here when they signed in.
    pods.leave_pod(by=left, pod=here.pod, now=clock.now())
    gone.is_active = False
    gone.save()
    return here, browsers


def word(answer) -> str:
    """How an answer stands in the table."""
    if answer.status_code != 302:
        return "ok" if answer.status_code == 200 else str(answer.status_code)
    return "in" if answer.headers["Location"].partition("?")[0] == reverse("account_login") else "go"


def look(browser: Client, here: Side) -> list[str]:
    """Come to every door once, to look."""
    return [word(browser.get(doors.path(name, here))) for name in doors.names()]


def press(browser: Client, here: Side) -> list[str]:
    """Press the button behind every door, as if nobody had been there before, and leave no trace."""
    said = []
    for name in doors.names():
        cookies = browser.cookies.copy()
        with transaction.atomic():
            said.append(word(browser.post(doors.path(name, here), doors.form(name, here))))
            transaction.set_rollback(True)
        browser.cookies = cookies
    return said


def table(method: str) -> dict[str, dict[str, str]]:
    """What the table says of one method: role → address → answer."""
    lines = [line.split() for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    roles = lines[0][2:]
    rows = {name: row for name, way, *row in lines[1:] if way == method}
    assert all(len(row) == len(roles) for row in rows.values()), "a row of the table has a gap"
    return {role: {name: row[place] for name, row in rows.items()} for place, role in enumerate(roles)}


def test_every_door_stands_in_the_table_in_both_ways():
    said = [line.split()[:2] for line in TABLE.read_text().splitlines() if line and not line.startswith("#")][1:]
    assert said == [[name, method] for name in doors.names() for method in METHODS]


def test_everybody_sees_what_the_table_says_and_looking_changes_nothing(house):
    here, browsers = house
    before, told = fingerprint(), table("GET")
    assert list(told) == list(browsers)
    for role, browser in browsers.items():
        assert dict(zip(doors.names(), look(browser, here), strict=True)) == told[role], role
    after = fingerprint()
    assert {name for name in before if after[name] != before[name]} <= {"people_person"}


def test_everybody_can_do_what_the_table_says(house):
    here, browsers = house
    before, told = fingerprint(), table("POST")
    for role, browser in browsers.items():
        assert dict(zip(doors.names(), press(browser, here), strict=True)) == told[role], role
    assert fingerprint() == before


def test_nothing_is_done_by_other_methods(house):
    here, browsers = house
    before = fingerprint()
    for name in doors.names():
        for method in ("put", "patch", "delete", "trace"):
            answer = getattr(browsers["member"], method)(doors.path(name, here))
            assert answer.status_code in (405, 302, 403, 404) or name.startswith("account_"), (name, method)
            assert answer.status_code < 500, (name, method)
    assert fingerprint() == before


def test_whoever_posts_from_elsewhere_is_refused(house):
    """Forged forms are refused everywhere but where a token in the address is what counts."""
    here, _browsers = house
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(here["owner"], backend=BACKEND)
    before = fingerprint()
    by_link = {"join", "answer", "set_language", "gathering_open", "gathering_guest"}
    by_link |= {"asset_link", "shift_answer"}
    for name in sorted(set(doors.FORMS) - by_link):
        assert strict.post(doors.path(name, here), doors.form(name, here)).status_code == 403, name
    assert fingerprint() == before
