"""A browser, a server, a mail server and the calls worker's own threads: everything real, in one process."""

import os
import threading
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from config.listener import carry, listen
from tests.journeys.house import DESKTOP, PHONE, Eyes, Hands

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium():
    """The browser; where none is installed journeys are skipped, but never where CI demands them."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"No Chromium at {CHROMIUM}: sudo apt-get install chromium, or set CHROMIUM")
        pytest.skip("No Chromium: sudo apt-get install chromium, or set CHROMIUM")
    from playwright.sync_api import sync_playwright

    # The browser's loop runs in this thread; the database is asked between its steps, never within one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(live_server, settings, smtp_sink, transactional_db, monkeypatch):
    """The site with its mail and its worker; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    # A browser keeps its lines open, each a thread of this server, and none of them has to keep PostgreSQL's too.
    monkeypatch.setitem(connections.databases[DEFAULT_DB_ALIAS], "CONN_MAX_AGE", 0)
    stopping, due = threading.Event(), threading.Event()
    threads = [threading.Thread(target=loop, args=(stopping, due), daemon=True) for loop in (listen, carry)]
    for thread in threads:
        thread.start()
    yield live_server.url
    stopping.set()
    due.set()
    for thread in threads:
        thread.join(10)


@pytest.fixture
def hands_of(chromium, site):
    """Hands with a window of some size, with or without scripts; what happened in it is looked at in the end."""
    watched = []

    def make(size, scripts):
        watched.append(Eyes(site))
        return Hands(chromium, site, size, scripts, watched[-1])

    yield make
    assert [one for eyes in watched for one in eyes.seen] == []


@pytest.fixture(
    params=[(PHONE, True), (PHONE, False), (DESKTOP, True), (DESKTOP, False)],
    ids=["phone", "phone-no-script", "desktop", "desktop-no-script"],
)
def hands(request, hands_of):
    """Opens browsers of one size, with or without scripts, and watches what happens in them."""
    return hands_of(*request.param)
