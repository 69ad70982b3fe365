"""The camera, and the contact sheet."""

import html
import os
import shutil
import time
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Error, Page, sync_playwright

from commons.notices.queries import letterbox
from commons.people.models import Person
from tests.pictures.pages import PAGES, path
from tests.pictures.things import VISITOR, things

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
# The narrowest is what 1280 px are at 400 % (WCAG 1.4.10); the last is the one that is photographed.
WIDTHS = {"phone": (320, 390), "desktop": (1280,)}
# Where a page is meant to say no.
SHUT = {"/sign-up/": 403}
# Both sizes and both lights are looked at by axe, in two of the four pictures of a page.
EXAMINED = {("phone", "light"), ("desktop", "dark")}


def photograph(site: str, album: Path, words: list[str]) -> tuple[list[str], int]:
    """Take every picture whose name has one of the words (or all); return what axe found, and how many there are."""
    while not letterbox.newest():
        time.sleep(0.2)  # the demo's alerts are on their way
    shots = _shots(words)
    if not words:
        shutil.rmtree(album, ignore_errors=True)
    album.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for size in SIZES:
            wrong += _round(browser, site, album, shots, size)
        browser.close()
    _sheet(album)
    return wrong, len(list(album.glob("*.png")))


def _shots(words: list[str]) -> list[tuple[str, str, str]]:
    """Return name of the picture, who, address."""
    of = things()
    shots = []
    for number, (name, word, roles, arguments) in enumerate(PAGES):
        for role in roles:
            picture = "-".join(filter(None, (f"{number:02d}", name, word, role.lower())))
            if not words or any(one in picture for one in words):
                shots.append((picture, role, path(name, arguments, of)))
    return shots


def _round(browser: Browser, site: str, album: Path, shots: list[tuple[str, str, str]], size: str) -> list[str]:
    """Take each picture at this size, by day and by night; return what is wrong with the pages."""
    pages: dict[str, Page] = {}
    wrong = []
    for picture, role, address in shots:
        if role not in pages:
            pages[role] = _browser_of(browser, site, role, size)
        page = pages[role]
        try:
            answer = page.goto(site + address)
            status = answer.status if answer else 0
        except Error:
            status = 0
        if status != SHUT.get(address, 200):
            wrong.append(f"{picture}: {status} at {address}")
            continue
        for width in WIDTHS[size]:
            page.set_viewport_size({"width": width, "height": SIZES[size][1]})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{picture}: {wide} px wide in a window of {width}")
        for light in LIGHTS:
            page.emulate_media(color_scheme=light, reduced_motion="reduce")
            page.screenshot(path=album / f"{picture}-{size}-{light}.png", full_page=True)
            if (size, light) in EXAMINED:
                wrong += [f"{picture} {size} {light}: {line}" for line in _axe(page)]
    for page in pages.values():
        page.context.close()
    return wrong


def _browser_of(browser: Browser, site: str, role: str, size: str) -> Page:
    wide, high = SIZES[size]
    context = browser.new_context(viewport={"width": wide, "height": high}, reduced_motion="reduce", locale="en-US")
    if role != VISITOR:
        client = Client()
        client.force_login(Person.objects.get(handle=role), backend=BACKEND)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        # Everybody in English, so that whoever looks at the pictures can read them.
        context.add_cookies([{"name": "language", "value": "en", "url": site}])
    return context.new_page()


def _axe(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {'; '.join(str(node['html'])[:100] for node in one['nodes'][:2])}" for one in found]


def _sheet(album: Path) -> None:
    """Write all pictures side by side, four a page."""
    names = sorted({file.stem.rsplit("-", 2)[0] for file in album.glob("*.png")})
    rows = "".join(
        f"<h2>{html.escape(name)}</h2><p>"
        + "".join(
            f'<a href="{name}-{size}-{light}.png"><img loading="lazy" width="{wide}" src="{name}-{size}-{light}.png"'
            f' alt="{size}, {light}"></a>'
            for size, wide in (("phone", 180), ("desktop", 420))
            for light in ("light", "dark")
        )
        + "</p>"
        for name in names
    )
    style = "body{font:16px sans-serif;margin:2rem}p{display:flex;gap:1rem;align-items:start}img{border:1px solid #999}"
    (album / "index.html").write_text(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{style}</style>{rows}',
        encoding="utf-8",
    )
