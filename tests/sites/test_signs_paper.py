"""Signs as they come out of a printer: every text is there, once a sign, on the paper, in any language and length."""

import ctypes
import io

import pypdfium2
import pytest
from django.utils import translation
from pypdfium2 import raw

from sites.actions import signs as actions
from sites.queries import signs as queries
from sites.rules import signs as rules
from tests.sites.signs import a_station

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LONG = {
    "headline": "Wohngemeinschaftsversammlungsraumschlüssel für alle, frei!",
    "line": "Nobody should pay for washing what was dirtied at work that others got paid for twice over",
    "becomes": "A laundry, " * 16 + "and a kitchen of our own",
}
ARABIC = {"headline": "صابون مجاني للجميع", "line": "لماذا لا يكفي أجر أسبوع لأسبوع؟", "becomes": "مغسلة نملكها معا"}


@pytest.fixture
def station(now, mina):
    return a_station(now, planned_by=mina, at="Suds & Go")


@pytest.fixture
def printed(station, as_mina):
    def get(**chosen) -> bytes:
        answer = as_mina.get(f"/popups/{station.ref}/signs/sign.pdf", {"second": "", **chosen})
        assert answer.status_code == 200, answer.content.decode().partition('id="messages"')[2][:600]
        return answer.content

    return get


def text(pdf: bytes) -> str:
    """What a reader copies from the only page, without line breaks."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def letters(said: str) -> str:
    """A text without spaces: lines may break anywhere."""
    return "".join(said.split())


def points(pdf: bytes) -> list[float]:
    """How large each piece of text is, in points, as it lies on the page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pieces = list(document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]))
        return [_size(one) * one.get_matrix().d for one in pieces]


def _size(piece: pypdfium2.PdfObject) -> float:
    size = ctypes.c_float()
    assert raw.FPDFTextObj_GetFontSize(piece, size)
    return size.value


def off_the_paper(pdf: bytes) -> list[str]:
    """The letters that are not wholly on the page, nor two millimetres from its edge."""
    with pypdfium2.PdfDocument(pdf) as document:
        width, height = document[0].get_size()
        page = document[0].get_textpage()
        boxes = [(page.get_text_range(at, 1), page.get_charbox(at)) for at in range(page.count_chars())]
    return [
        letter
        for letter, (left, bottom, right, top) in boxes
        if letter.strip() and (left < 5.6 or bottom < 5.6 or right > width - 5.6 or top > height - 5.6)
    ]


def everything(station, *spoken: str) -> list[str]:
    sign = queries.sign_text(queries.popups_with_signs().get(pk=station.pk), list(spoken))
    sides = [
        part
        for side in sign.sides
        for part in (side.headline, side.day, side.hours, side.line, side.becomes, side.welcome)
    ]
    return [part for part in (*sides, sign.house, sign.place, sign.address) if part]


@pytest.mark.parametrize(
    ("form", "paper", "many", "size"),
    [("poster", "a3", 1, (842, 1191)), ("half", "a4", 2, (842, 595)), ("quarter", "letter", 4, (612, 792))],
)
def test_every_text_stands_on_every_sign_once(station, printed, form, paper, many, size):
    pdf = printed(form=form, paper=paper, first="en", second="es")
    said = letters(text(pdf))
    assert {part: said.count(letters(part)) for part in everything(station, "en", "es")} == dict.fromkeys(
        everything(station, "en", "es"), many
    )
    assert off_the_paper(pdf) == []
    with pypdfium2.PdfDocument(pdf) as document:
        assert tuple(round(side) for side in document[0].get_size()) == size


@pytest.mark.parametrize(("form", "many"), [("poster", 1), ("quarter", 4)])
def test_the_longest_words_and_names_fit_and_can_be_read(now, mina, as_mina, form, many):
    """As long as every field allows, in two languages: letters shrink until all of it is there, to seven points."""
    spoken = ["en", "es"]
    station = a_station(now, planned_by=mina, at="Lavandería Comunitaria " * 5)
    for language in ("en", "es"):
        actions.word(popup=station, language=language, struggle="papers", **LONG)
    answer = as_mina.get(
        f"/popups/{station.ref}/signs/sign.pdf",
        {"form": form, "paper": "letter", "first": "en", "second": "".join(spoken[1:])},
    )
    assert answer.status_code == 200, answer.content.decode().partition('id="messages"')[2][:600]
    said = letters(text(answer.content))
    assert [part for part in everything(station, *spoken) if said.count(letters(part)) < many] == []
    assert off_the_paper(answer.content) == []
    assert min(points(answer.content)) >= rules.LEAST_POINTS


def test_it_runs_from_right_to_left(station, printed, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    actions.word(popup=station, language="ar", struggle="wages", **ARABIC)
    pdf = printed(form="poster", paper="a4", first="ar", second="en")
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        width = document[0].get_width()
        found = page.search("صابون").get_next()
        assert found, text(pdf)
        # The headline begins at the right edge, the English below it at the left.
        assert page.get_charbox(found[0])[2] > width * 0.85
        english = page.search("Free").get_next()
        assert page.get_charbox(english[0])[0] < width * 0.15
    assert off_the_paper(pdf) == []


def test_black_and_white_is_that(printed):
    def colours(pdf: bytes) -> int:
        with pypdfium2.PdfDocument(pdf) as document:
            picture = document[0].render(scale=0.5).to_pil().convert("RGB")
        return sum(count for count, rgb in picture.getcolors(1 << 20) if max(rgb) - min(rgb) > 12)

    assert colours(printed(form="poster", paper="a4", first="en")) > 0
    assert colours(printed(form="poster", paper="a4", first="en", plain="on")) == 0


def test_the_leads_sheet_names_the_emergency_number_and_nobody(station, printed, mina):
    from tests.security.world import neighbourhood

    neighbourhood()
    for language, title in (("en", "When management or police come"), ("es", "Cuando llega la gerencia o la policía")):
        pdf = printed(form="sheet", paper="letter", first=language)
        said = text(pdf)
        assert title in said
        assert "911" in said
        assert mina.handle not in said
        assert off_the_paper(pdf) == []
        with translation.override(language):
            assert str(translation.gettext("Say that the host agreed to the station.")) in said


def test_a_picture_can_be_made_of_it(printed):
    with pypdfium2.PdfDocument(printed(form="poster", paper="a4", first="en")) as document:
        kept = io.BytesIO()
        document[0].render(scale=1).to_pil().save(kept, "PNG")
    assert len(kept.getvalue()) > 10_000
