"""A browser's part in a drill: signed-in requests to a real gunicorn, timed."""

import http.client
import re
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.drills.people import NEEDED

if TYPE_CHECKING:
    from commons.people.models import Person

PATIENCE = 20.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
KEY = re.compile(r'name="key"[^>]*value="([^"]+)"')


class Browser:
    """One signed-in member; keeps cookies, follows nothing."""

    def __init__(self, port: int, person_id: int) -> None:
        from commons.people.models import Person

        self.port = port
        self.cookies = {"session": _session_of(Person.objects.get(pk=person_id))}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Return status and body; 0 where the web did not answer at all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        body = urlencode(form) if form is not None else None
        site = f"localhost:{self.port}"
        headers = {
            "Host": site,
            "Origin": f"http://{site}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **({"Content-Type": "application/x-www-form-urlencoded"} if body else {}),
        }
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _equals, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer.status, text
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def raise_call(self, pod_ref: str) -> float:
        """Raise a call in the form, as a person does; return the seconds that sending it took."""
        path = f"/pods/{pod_ref}/call/"
        status, page = self.ask("GET", path)
        token, key = TOKEN.search(page), KEY.search(page)
        assert token, f"the form did not come: {status}"
        assert key, "the form carries no key"
        form = {
            "csrfmiddlewaretoken": token.group(1), "key": key.group(1), "kind": "eviction", "when": "tomorrow",
            "cross_street": "Franklin & 4th", "block": _block_in(page), "details": "", "need-TOTAL_FORMS": "1",
            "need-INITIAL_FORMS": "0", "need-0-skill": "anyone", "need-0-count": str(NEEDED),
        }  # fmt: skip
        began = time.monotonic()
        status, page = self.ask("POST", path, form)
        took = time.monotonic() - began
        assert status == 302, f"the call was not taken: {status}"
        return took


def _block_in(page: str) -> str:
    select = page.partition('name="block"')[2]
    found = re.search(r'<option value="(\d+)"', select)
    assert found, "the form offers no block"
    return found.group(1)


def _session_of(person: "Person") -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Browsing(threading.Thread):
    """Looks at a page again and again until told to stop, and notes what it got and when."""

    def __init__(self, browser: Browser, path: str) -> None:
        super().__init__(daemon=True)
        self.browser, self.path = browser, path
        self.seen: list[tuple[float, int]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        """Ask ten times a second."""
        while not self.enough.wait(0.1):
            status, _page = self.browser.ask("GET", self.path)
            self.seen.append((time.monotonic(), status))

    def statuses(self) -> set[int]:
        """Return every status seen."""
        return {status for _at, status in self.seen}

    def back_after(self, moment: float) -> float:
        """Return how long after `moment` the page was there again for good."""
        troubles = [at for at, status in self.seen if status != 200]
        return max(0.0, max(troubles, default=moment) - moment)
