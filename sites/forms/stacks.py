"""What can be chosen on a card, and how many of them are printed."""

from sites.models.assets import AUDIENCES, KINDS

SHEETS_MOST = 20


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds of things, as a card and its row name them."""
    return [(value, str(label)) for value, label in KINDS]


def seen_choices() -> list[tuple[str, str]]:
    """Return who may see it, as a card and its row name it."""
    return [(value, str(label)) for value, label in AUDIENCES]


def sheets_wanted(text: str) -> int:
    """Return how many sheets are to be printed: between one and twenty."""
    return min(max(int(text), 1), SHEETS_MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 1
