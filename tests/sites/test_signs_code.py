"""The code on a printed sign: its cells, read off the picture of the page, are those of the link and of no other."""

import pypdfium2
import pytest
import segno
from pypdfium2 import raw

from commons.web.qr import QUIET
from sites.actions import signs as actions
from sites.queries import signs as queries
from tests.sites.signs import a_station

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Pixels a point: a telephone held over a poster sees more, over a handbill about as much.
SHARP = 6


def cells(link: str) -> list[list[bool]]:
    """The cells that a code for this link has, dark or not."""
    return [[bool(cell) for cell in row] for row in segno.make(link, error="m", micro=False).matrix]


def segments(one: pypdfium2.PdfObject) -> int:
    return int(raw.FPDFPath_CountSegments(one))


def read_off(pdf: bytes, count: int) -> list[list[list[bool]]]:
    """The cells of each code on the only page, of so many a side, and whether all around it is light."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        width, height = page.get_size()
        paths = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]))
        most = max(map(segments, paths))
        # Nothing else on a sign has nearly as many corners.
        boxes = [_on_page(one) for one in paths if segments(one) == most]
        picture = page.render(scale=SHARP).to_pil().convert("L")
    assert picture.size == (round(width * SHARP), round(height * SHARP))

    def dark(x: float, y: float) -> bool:
        return bool(picture.getpixel((int(x * SHARP), int((height - y) * SHARP))) < 128)

    found = []
    for left, bottom, right, top in boxes:
        cell = (right - left) / count
        assert (top - bottom) / count == pytest.approx(cell, rel=0.01), "it is a square"
        assert cell > 0.35 * 72 / 25.4, "a cell is wide enough for an old camera"
        middles = [(place + 0.5) * cell for place in range(-QUIET, count + QUIET)]
        seen = [[dark(left + x, top - y) for x in middles] for y in middles]
        inside = [row[QUIET:-QUIET] for row in seen[QUIET:-QUIET]]
        assert sum(map(sum, seen)) == sum(map(sum, inside)), "its margin is quiet"
        found.append(inside)
    return found


def _on_page(one: pypdfium2.PdfObject) -> tuple[float, float, float, float]:
    left, bottom, right, top = one.get_bounds()
    return left, bottom, right, top


@pytest.mark.parametrize(
    ("form", "many", "plain"), [("poster", 1, ""), ("quarter", 4, ""), ("half", 2, "on")], ids=lambda said: str(said)
)
def test_the_printed_code_leads_to_the_link(now, mina, as_mina, settings, form, many, plain):
    settings.SITE_URL = "https://mill-row-mutual-aid.example.org"
    station = a_station(now, planned_by=mina)
    actions.show(popup=station, now=now)
    link = queries.link_of(queries.popups_with_signs().get(pk=station.pk))
    assert link == f"{settings.SITE_URL}/here/{station.ref}/"
    chosen = {"form": form, "paper": "letter", "first": "en", "second": "es", **({"plain": plain} if plain else {})}
    answer = as_mina.get(f"/popups/{station.ref}/signs/sign.pdf", chosen)
    assert answer.headers["Content-Type"] == "application/pdf"
    wanted = cells(link)
    assert read_off(answer.content, len(wanted)) == [wanted] * many
    assert cells(link[:-2] + ("y/" if link.endswith("x/") else "x/")) != wanted
