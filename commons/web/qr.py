"""QR codes as one path of an inline SVG: a template draws them, and no markup is made here."""

from dataclasses import dataclass

import segno

# So many cells stay empty around a code (ISO/IEC 18004).
QUIET = 4


@dataclass(frozen=True)
class Drawing:
    """The dark cells of a code, and how many cells wide and high it is with its quiet zone."""

    size: int
    path: str


def qr(text: str) -> Drawing:
    """Return the code for a text; a seventh of it may be soiled or torn. Raises ValueError beyond what a code holds."""
    code = segno.make(text, error="m", micro=False)
    path = []
    for y, row in enumerate(code.matrix):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1H{start + QUIET}z")
                start = None
    return Drawing(len(code.matrix) + 2 * QUIET, "".join(path))
