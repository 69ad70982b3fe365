"""What people do with a browser, and what is watched while they do it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, TypeVar

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
PATIENCE = 20.0
Found = TypeVar("Found")


def until(look: Callable[[], Found], what: str) -> Found:
    """Wait for something that others do, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")


@dataclass
class Eyes:
    """Notes whatever no page may do: errors, refused content, requests to anybody else, failed ones."""

    site: str
    seen: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: said.type in ("error", "warning") and self.seen.append(said.text))
        page.on("pageerror", lambda error: self.seen.append(str(error)))
        page.on("request", lambda asked: self._asked(asked.url))
        page.on("response", lambda answer: answer.status >= 400 and self.seen.append(f"{answer.status} {answer.url}"))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site, "data:")):
            self.seen.append(f"third party: {url}")

    def axe(self, page: Page) -> None:
        """Note what is in the way of somebody who can't see, hear or point."""
        for one in Axe().run(page).response["violations"]:
            nodes = "; ".join(str(node["html"])[:120] for node in one["nodes"][:3])
            self.seen.append(f"{page.url} {one['id']}: {nodes}")


@dataclass
class Hands:
    """Opens browsers, and counts what somebody has to do in them."""

    browser: Browser
    site: str
    size: Any
    scripts: bool
    eyes: Eyes
    taps: int = 0

    def open(self) -> Page:
        """A browser of somebody's own."""
        context = self.browser.new_context(
            viewport=self.size, java_script_enabled=self.scripts, reduced_motion="reduce", locale="en-US"
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        self.eyes.watch(page)
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(path if path.startswith("http") else self.site + path)
        self.look(page)

    def look(self, page: Page) -> None:
        """Check the page as it stands; without scripts it is the same page, and axe is one."""
        if self.scripts:
            self.eyes.axe(page)
        wide = page.locator("html").bounding_box()
        assert wide is not None
        assert wide["width"] <= self.size["width"], f"{page.url} is wider than the window"

    def tap(self, page: Page, words: str) -> None:
        self.taps += 1
        page.get_by_role("button", name=words).first.click()
        page.wait_for_load_state()

    def follow(self, page: Page, words: str) -> None:
        """Press a link, and look at where it leads."""
        self.taps += 1
        page.get_by_role("link", name=words).first.click()
        page.wait_for_load_state()
        self.look(page)

    def choose(self, page: Page, selector: str) -> None:
        self.taps += 1
        page.locator(selector).check(force=True)

    def pick(self, page: Page, selector: str, value: str) -> None:
        self.taps += 1
        page.locator(selector).select_option(value)

    def type(self, page: Page, selector: str, words: str) -> None:
        self.taps += 1
        page.locator(selector).fill(words)

    def says(self, page: Page, words: str) -> None:
        """Wait until the page says this, by itself where it can, else by looking again."""

        def look() -> bool:
            if words in page.locator("body").inner_text():
                return True
            if not self.scripts:
                page.reload()
            return False

        until(look, f"{page.url} says {words!r}")

    def sign_in(self, page: Page, address: str, mails: Callable[[str], list[EmailMessage]]) -> None:
        """Ask for a code, wait for the mail, type the code."""
        self.go(page, "/sign-in/")
        self.type(page, "#id_login", address)
        self.tap(page, "Sign in")
        self.look(page)
        code = until(lambda: _code(mails(address)), "a code by mail")
        self.type(page, "#id_code", code)
        self.tap(page, "Sign in")
        page.wait_for_url("**/today/")


def _code(mails: list[EmailMessage]) -> str | None:
    found = [re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b", text_of(mail)) for mail in mails]
    return next((one.group() for one in reversed(found) if one), None)


def text_of(mail: EmailMessage) -> str:
    """Return a mail's plain words."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """Return the first address in a mail."""
    found = re.search(r"https?://\S+", text_of(mail))
    assert found is not None, text_of(mail)
    return found.group()
