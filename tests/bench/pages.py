"""Pages: answers a second against a bare view, and a roll call of three hundred people."""

import re
import secrets
import time
from datetime import timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from tests.bench.figures import median, spread
from tests.bench.load import Line, rate, request
from tests.drills.house import House
from tests.drills.people import raise_one, turns
from tests.drills.web import Browser

SETTINGS = "tests.bench.settings"
POSTS, ROUNDS = 250, 5
# Of each call five answer: four come and one can't, so that every answer finds a call that still looks for people.
SAID = ("coming", "coming", "cant", "coming", "coming")
FEW, MANY, LOOKS = 30, 300, 40


def answer(house: House) -> list[str]:
    """POST answers by their links and update one row in a bare view, in turn, in the same gunicorn."""
    house.start_web(SETTINGS)
    port = house.web_port
    answers = iter(_answers(port, POSTS * (ROUNDS + 1)))
    people = cycle(_people())
    rates: list[tuple[float, float]] = []
    for _ in range(ROUNDS + 1):
        ours = rate(port, [next(answers) for _ in range(POSTS)], 302)
        bare = rate(port, [request("POST", f"/bare/{next(people)}/", port) for _ in range(POSTS)], 302)
        rates.append((ours, bare))
    ratios = [ours / bare for ours, bare in rates[1:]]  # the first warms up
    said, plain = median(ours for ours, _bare in rates[1:]), median(bare for _ours, bare in rates[1:])
    return [
        f"# answer: {spread(ratios)}; {said:.0f} answers a second, {plain:.0f} bare updates a second",
        f"measure=answer ratio={median(ratios):.2f}",
    ]


def _people() -> list[int]:
    from commons.people.models import Person

    return list(Person.objects.order_by("id").values_list("pk", flat=True))


def _answers(port: int, number: int) -> list[bytes]:
    """Raise enough calls and return that many answers, one person's each."""
    from commons.notices.models import Link

    for n, (pod, member) in enumerate(turns(number // len(SAID))):
        raise_one(pod, member, f"answer-{n}")
    by_call: dict[str, list[Any]] = {}
    for link in Link.objects.filter(purpose="answer").order_by("id"):
        by_call.setdefault(link.subject, []).append(link)
    posts = []
    # One answer to each call, then the next: people of one call don't all press in the same instant.
    for said, links in zip(SAID, zip(*by_call.values(), strict=False), strict=False):
        for link in links:
            form = urlencode({"say": said, "minutes": "20", "key": secrets.token_urlsafe(16)})
            posts.append(request("POST", f"/a/{link.token()}/", port, form))
    return posts


def roll_call(house: House) -> list[str]:
    """Look at a roll call of three hundred: its statements, its size, and what 'nothing changed' costs."""
    pod, member = turns(1)[0]
    call = raise_one(pod, member, "roll")
    person_id = pod.memberships.order_by("seat")[member].person_id
    statements = []
    for people in (FEW, MANY):
        _fill(call, people)
        statements.append(_statements(call, person_id))
    house.start_web(SETTINGS)
    looks = _Looks(house.web_port, Browser(house.web_port, person_id), f"/calls/{call.ref}/")
    page, poll = len(looks.page()), len(looks.poll())
    ratios, whole, same = looks.ratios()
    constant = "" if len(set(statements)) == 1 else f" (and {statements[0]} for {FEW} people)"
    return [
        f"# roll_call: {spread(ratios)}; a fragment in {1000 * whole:.1f} ms, a 304 in {1000 * same:.1f} ms; "
        f"page {page / 1024:.1f} KB, fragment {poll / 1024:.1f} KB, uncompressed",
        f"measure=roll_call sql={statements[-1]}{constant} kb={max(page, poll) / 1024:.1f} "
        f"not_modified_ratio={median(ratios):.1f}",
    ]


def _fill(call: Any, people: int) -> None:
    """Invite people until there are that many; they answer in every way."""
    from commons.people.models import Person
    from pods.models import CallWave, Invite

    wave, now = CallWave.objects.filter(call=call).earliest("ordinal"), call.opened_at
    need = call.needs.get()
    asked = set(Invite.objects.filter(call=call).values_list("person_id", flat=True))
    fresh = Person.objects.exclude(pk__in=asked).order_by("id")[: people - len(asked)]
    states = cycle(("coming", "invited", "cant", "coming", "afar"))
    Invite.objects.bulk_create(
        Invite(
            call=call, person=person, wave=wave, invited_at=now, state=state,
            answer="" if state == "invited" else state, minutes=20 if state == "coming" else None,
            answered_at=None if state == "invited" else now + timedelta(seconds=n),
            counted_for=need if state == "coming" else None,
        )
        for n, (person, state) in enumerate(zip(fresh, states, strict=False))
    )  # fmt: skip


def _statements(call: Any, person_id: int) -> int:
    """Return how many SQL statements the whole page takes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from commons.people.models import Person

    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(pk=person_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as said:
        assert client.get(f"/calls/{call.ref}/").status_code == 200
    return len(said)


class _Looks:
    """Looks at one roll call over a kept connection, as its page does by itself."""

    def __init__(self, port: int, browser: Browser, path: str) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.line, self.port, self.path, self.cookie = Line(port), port, path, cookie

    def page(self) -> bytes:
        """Return the whole page."""
        status, body = self.line.ask(request("GET", self.path, self.port, Cookie=self.cookie))
        assert status == 200, status
        return body

    def poll(self, tag: str = '"none"') -> bytes:
        """Return the fragment; empty where nothing has changed since that tag."""
        asked = request("GET", self.path, self.port, Cookie=self.cookie, HX_Request="true", If_None_Match=tag)
        status, body = self.line.ask(asked)
        assert status in (200, 304), status
        return body

    def tag(self) -> str:
        """Return the tag with which the page would ask now."""
        self.poll()
        found = re.search(rb'\r\netag: (W/"[^"]+")', self.line.head, re.IGNORECASE)
        assert found, "the fragment carries no tag"
        return found.group(1).decode()

    def ratios(self) -> tuple[list[float], float, float]:
        """Return how many times quicker a 304 is, in several runs, and the seconds of each kind."""
        ratios, wholes, sames = [], [], []
        for _ in range(ROUNDS):
            whole, same = [], []
            tag = self.tag()
            for _look in range(LOOKS):
                began = time.monotonic()
                self.poll()
                between = time.monotonic()
                unchanged = not self.poll(tag)
                if unchanged:
                    same.append(time.monotonic() - between)
                else:
                    tag = self.tag()  # its clock went on meanwhile
                whole.append(between - began)
            ratios.append(median(whole) / median(same))
            wholes += whole
            sames += same
        return ratios, median(wholes), median(sames)
