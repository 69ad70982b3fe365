"""From bytes to rows: encodings, separators, headings, and clear refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.rules.roster import judge
from sites.rules.sheet import BYTES_MOST, Column, SheetRefused, Unreadable, kind, read

WELL = 'Name,E-mail,Skills\nTomás,tomas@example.org,"plumbing; kitchen, with stairs"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(encoding, separator, line_end):
    text = WELL.replace("\n", line_end)
    if separator != ",":
        text = text.replace(",", separator).replace(f"kitchen{separator} with", "kitchen, with")
    sheet = read(text.encode(encoding))
    assert sheet.headings == {"name": "Name", "email": "E-mail", "skills": "Skills"}
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, {"name": "Tomás", "email": "tomas@example.org", "skills": "plumbing; kitchen, with stairs"})
    ]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Name / nombre", Column.NAME),
        ("  NOMBRE ", Column.NAME),
        ("E-mail", Column.EMAIL),
        ("Correo electrónico", Column.EMAIL),
        ("e_mail address", Column.EMAIL),
        ("Skills & things to share", Column.SKILLS),
        ("Límites", Column.LIMITS),
        ("Idioma (es/en)", Column.LANGUAGE),
        ("Teléfono", Column.PHONE),
        ("Block", Column.PLACE),
        ("Shoe size", None),
        ("", None),
    ],
)
def test_headings_in_two_languages(heading, column):
    assert kind(heading) is column


def test_columns_in_any_order_and_what_is_not_kept():
    sheet = read(b"Phone,Language,Shoe size,E-mail,Block\n410 555 0100,es,39,a@example.org,Mill Row\n")
    assert sheet.rows[0].cells == {"language": "es", "email": "a@example.org"}
    assert sheet.dropped == ["Phone", "Block"]
    assert sheet.unknown == ["Shoe size"]


def test_row_numbers_are_those_of_the_spreadsheet():
    sheet = read(b'Our list\n\nName,E-mail\nA,a@example.org\n,\n\n"B\nC",b@example.org\nD,d@example.org\n')
    assert [(row.number, row.cells["name"]) for row in sheet.rows] == [(4, "A"), (7, "B C"), (8, "D")]


def test_cells_are_tidied():
    row = read("Name,E-mail\n \u00a0 Na\u202edia\u200b  B. \t,a@example.org\n".encode()).rows[0]
    assert row.cells["name"] == "Nadia B."


def test_a_separator_in_a_text_without_quotation_marks_is_noticed():
    sheet = read(b"E-mail,Skills\na@example.org,kitchen, church basement\nb@example.org,nurse,\n")
    assert [row.overflows for row in sheet.rows] == [True, False]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Unreadable.EMPTY),
        (b"\xef\xbb\xbf\r\n\r\n", Unreadable.EMPTY),
        (b"E-mail\n", Unreadable.EMPTY),
        (b"Name,Phone\nA,1\n", Unreadable.NO_EMAIL_COLUMN),
        (b"E-mail,Correo\na,b\n", Unreadable.COLUMN_TWICE),
        (b"PK\x03\x04 and so on", Unreadable.WORKBOOK),
        (b"\xd0\xcf\x11\xe0 and so on", Unreadable.WORKBOOK),
        (b"E-mail\n\x00\x01\x02\x03", Unreadable.NOT_TEXT),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x81", Unreadable.NOT_TEXT),
        (b"x" * (BYTES_MOST + 1), Unreadable.TOO_BIG),
        (b"E-mail\n" + b"a@example.org\n" * 5001, Unreadable.TOO_MANY_ROWS),
        (b"E-mail\n" + b"a" * 200_000, Unreadable.QUOTES),
    ],
)
def test_refusals(content, why):
    with pytest.raises(SheetRefused) as refused:
        read(content)
    assert refused.value.why is why


def test_a_quotation_mark_left_open_is_named_by_its_row():
    with pytest.raises(SheetRefused) as refused:
        read(b'E-mail,Skills\na@example.org,nurse\nb@example.org,"first aid\nc@example.org,nurse\n')
    assert (refused.value.why, refused.value.row) == (Unreadable.QUOTES, 3)


def test_five_thousand_rows_are_read():
    sheet = read(b"E-mail\n" + b"".join(b"a%d@example.org\n" % number for number in range(5000)))
    assert len(sheet.rows) == 5000
    assert len(judge(sheet.rows)) == 5000


def survives(content: bytes) -> None:
    try:
        sheet = read(content)
    except SheetRefused:
        return
    assert sheet.rows
    for line in judge(sheet.rows):
        assert line.flaws or line.email.isascii()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_end_in_rows_or_a_refusal(content):
    survives(content)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.sampled_from("ab@.;,\t|\"'\n\r=+-<>&ñé\u202e\u200b\x00 0"), max_size=300),
    encoding=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
    header=st.sampled_from(["E-mail;Name;Skills\n", "Correo,Limits,Skills\r\n", '"E-mail"\tLanguage\n', ""]),
)
def test_anything_below_good_headings_ends_in_rows_or_a_refusal(text, encoding, header):
    survives((header + text).encode(encoding))
