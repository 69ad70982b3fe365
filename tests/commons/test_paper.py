"""Pages for paper: text comes out as it went in, in the largest type that fits; who waits, what is kept."""

import tempfile
import threading
import time

import pypdfium2
import pytest

from commons.paper import press

PAGE = "<!doctype html><html lang=en><title>T</title><body>{}"
A6 = "@page{size:105mm 148mm;margin:0} body{margin:0;font-family:'DejaVu Sans'}"


@pytest.fixture(autouse=True)
def _a_press_of_its_own(monkeypatch, tmp_path):
    """The places at the press are the machine's: whoever tests them holds none that another test waits for."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def read(pdf):
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def height_of_type(pdf):
    """How tall the first letter is drawn, in points."""
    with pypdfium2.PdfDocument(pdf) as document:
        _left, bottom, _right, top = document[0].get_textpage().get_charbox(0)
        return top - bottom


def test_what_is_printed_can_be_read_again():
    made = press.pdf(PAGE.format("<h1>Jabón gratis</h1><p>los sábados"))
    assert [text.split() for text in read(made)] == [["Jabón", "gratis", "los", "sábados"]]


def test_the_largest_type_is_taken_that_fits():
    few, many = (press.pdf(PAGE.format("H" + " word" * n), css=A6, sizes=[40, 20, 10], pages=1) for n in (3, 150))
    assert height_of_type(few) > 3 * height_of_type(many)
    assert read(many)[0].split().count("word") == 150


def test_a_word_too_wide_for_the_paper_is_printed_smaller():
    made = press.pdf(PAGE.format("Wohngemeinschaftsversammlung"), css=A6, sizes=[40, 12], pages=1)
    with pypdfium2.PdfDocument(made) as document:
        page = document[0].get_textpage()
        assert page.get_charbox(page.count_chars() - 1)[2] <= document[0].get_width()


def test_what_fits_in_no_size_is_refused():
    with pytest.raises(press.Unprinted) as refused:
        press.pdf(PAGE.format("word " * 3_000), css=A6, sizes=[20, 16], pages=1)
    assert refused.value.problem == press.Problem.TOO_BIG
    assert refused.value.status == 409


def test_more_pages_than_asked_for_are_refused():
    with pytest.raises(press.Unprinted):
        press.pdf(PAGE.format("<p style='break-after:page'>x</p>" * 3), pages=2)


def test_a_text_beyond_all_measure_is_not_even_tried():
    began = time.process_time()
    with pytest.raises(press.Unprinted) as refused:
        press.pdf("x" * (press.IN_BYTES + 1))
    assert refused.value.problem == press.Problem.TOO_BIG
    assert time.process_time() - began < 1


def test_where_pango_is_missing_the_one_command_is_named(monkeypatch, tmp_path):
    """The loader finds no library in this process's child; the rest of the child is as always."""
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\ndef none(*_): raise OSError('cannot load library')\ncffi.FFI.dlopen = none\n"
    )
    monkeypatch.setattr(press, "ENVIRONMENT", {**press.ENVIRONMENT, "PYTHONPATH": str(tmp_path)})
    with pytest.raises(press.Unprinted) as refused:
        press.pdf(PAGE.format("x"))
    assert str(refused.value).endswith("sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
    assert refused.value.status == 503


def test_what_is_kept_is_not_printed_again():
    press.forget()
    page = PAGE.format("kept")
    assert press.pdf(page, keep=True) is press.pdf(page, keep=True)
    assert press.pdf(PAGE.format("not kept")) is not press.pdf(PAGE.format("not kept"))


def test_what_is_kept_has_an_end():
    press.forget()
    for number in range(press.KEPT + 5):
        press._keep(str(number), b"x")
    press._keep("large", b"x" * (press.KEPT_BYTES + 1))
    assert [press._known(key) for key in ("4", "5", "large")] == [None, b"x", None]
    press.forget()


def test_few_print_at_once_and_the_rest_are_told(monkeypatch):
    """While both places are held the next waits a while, then hears that others are printing."""
    monkeypatch.setattr(press, "PATIENCE", 2.0)
    with press._turn(), press._turn():
        began = time.monotonic()
        with pytest.raises(press.Unprinted) as refused:
            press.pdf(PAGE.format("waits"))
        assert press.PATIENCE <= time.monotonic() - began < press.PATIENCE + 2
    assert refused.value.problem == press.Problem.BUSY
    assert refused.value.status == 503
    assert read(press.pdf(PAGE.format("goes")))[0].strip() == "goes"


def test_few_wait(monkeypatch):
    """A crowd at the press leaves threads for everybody else: beyond a few nobody waits at all."""
    monkeypatch.setattr(press, "PATIENCE", 1.0)
    crowd, times = press.AT_ONCE + press.WAITING + 6, []

    def come():
        began = time.monotonic()
        with pytest.raises(press.Unprinted):
            press.pdf(PAGE.format("crowd"))
        times.append(time.monotonic() - began)

    with press._turn(), press._turn():
        people = [threading.Thread(target=come) for _ in range(crowd)]
        for person in people:
            person.start()
        for person in people:
            person.join()
    assert sum(waited < 0.9 for waited in times) == 6
