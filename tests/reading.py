"""What a page says to those who look at it, and to those who listen to it."""

import re
from html.parser import HTMLParser

SAID_ASIDE = ("aria-label", "title", "placeholder", "alt", "data-label")
# Ten words that hardly an English sentence does without, and no Spanish one has.
ENGLISH = re.compile(r"\b(the|and|you|your|is|are|of|for|with|who)\b", re.IGNORECASE)


class _Reader(HTMLParser):
    """Collects texts, and attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.mute += tag in ("script", "style")
        self.said += [value for name, value in attrs if name in SAID_ASIDE and value]

    def handle_endtag(self, tag: str) -> None:
        self.mute -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.mute and data.strip():
            self.said.append(" ".join(data.split()))


def read_out(page: str) -> list[str]:
    """Return the pieces of text of an HTML page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.said


def english_in(page: str) -> list[str]:
    """Return the pieces of a page that are still English."""
    return [said for said in read_out(page) if ENGLISH.search(said)]
