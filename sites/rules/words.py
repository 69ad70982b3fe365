"""Names as people compare them: without case, accents and stray signs."""

import re
import unicodedata

# Marks of reading direction and invisible joints that spreadsheets leave behind, and that could dress up a name.
UNSEEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF, 0x00AD])
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
_TIDIED = {**UNSEEN, **CONTROLS}


def tidy(text: str) -> str:
    """Return text on one line: no control or unseen signs, one blank between words, none at the ends."""
    return " ".join(text.translate(_TIDIED).split())


def fold(text: str) -> str:
    """Return text as it is sorted and compared: lower case, without accents (ñ is an n here)."""
    apart = unicodedata.normalize("NFKD", tidy(text).casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


def plain(text: str) -> str:
    """Return folded text with every sign that is no letter or digit as a blank, for looking phrases up."""
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())
