"""What a page says to those who look at it, and to those who listen to it."""

import re
from html.parser import HTMLParser

SAID_ASIDE = ("aria-label", "title", "placeholder", "alt", "data-label")
# Ten words that hardly an English sentence does without, and no Spanish one has.
ENGLISH = re.compile(r"\b(the|and|you|your|is|are|of|for|with|who)\b", re.IGNORECASE)


VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    """Collects texts, and attributes that are read out; leaves out parts that say they are in language `but`."""

    def __init__(self, but: str = "") -> None:
        super().__init__()
        self.said: list[str] = []
        self.but = but
        # Of each open element, whether what stands in it is left out.
        self.open: list[tuple[str, bool]] = []

    @property
    def mute(self) -> bool:
        return any(mute for _tag, mute in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        meant = bool(self.but) and dict(attrs).get("lang") == self.but
        if not (self.mute or meant):
            self.said += [value for name, value in attrs if name in SAID_ASIDE and value]
        if tag not in VOID:
            self.open.append((tag, meant or tag in ("script", "style")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass  # <p> and <li> may end by themselves

    def handle_data(self, data: str) -> None:
        if not self.mute and data.strip():
            self.said.append(" ".join(data.split()))


def read_out(page: str) -> list[str]:
    """Return the pieces of text of an HTML page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.said


def english_in(page: str) -> list[str]:
    """Return the pieces of a page that are still English without saying so by `lang`, as half a poster may."""
    reader = _Reader(but="en" if '<html lang="en"' not in page else "")
    reader.feed(page)
    return [said for said in reader.said if ENGLISH.search(said)]
