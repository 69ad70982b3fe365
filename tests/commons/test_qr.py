"""QR codes: the drawing is the code, cell for cell, with its quiet zone."""

import re

import segno

from commons.web.qr import QUIET, qr

LINK = "https://millrow.example/join/" + "aB3_-" * 9 + "/"


def cells(path: str) -> set[tuple[int, int]]:
    """Return the dark cells that the path draws, without the quiet zone."""
    found = set()
    for x, y, wide, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", path):
        assert x == back
        found |= {(int(x) - QUIET + step, int(y) - QUIET) for step in range(int(wide))}
    return found


def test_the_path_draws_the_code_and_nothing_else():
    drawing, code = qr(LINK), segno.make(LINK, error="m", micro=False)
    dark = {(x, y) for y, row in enumerate(code.matrix) for x, cell in enumerate(row) if cell}
    assert cells(drawing.path) == dark
    assert drawing.size == len(code.matrix) + 2 * QUIET
    assert re.fullmatch(r"[MhvHz0-9 ]+", drawing.path)


def test_it_is_light():
    assert len(qr(LINK).path) < 8_000
