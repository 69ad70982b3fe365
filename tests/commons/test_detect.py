"""What the detector sees in free text, and what it leaves in peace."""

import pytest

from commons.detect import Kind, findings


def kinds(text, handles=(), **options):
    return [(finding.kind, finding.text) for finding in findings(text, handles, **options)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("write to rosa.m@example.org please", Kind.EMAIL, "rosa.m@example.org"),
        ("ring 410-555-0123", Kind.PHONE, "410-555-0123"),
        ("ring (410) 555 0123 first", Kind.PHONE, "(410) 555 0123"),
        ("+34 612 345 678", Kind.PHONE, "+34 612 345 678"),
        ("4105550123", Kind.PHONE, "4105550123"),
        ("1204 Franklin St", Kind.ADDRESS, "1204 Franklin St"),
        ("at 12 Mill Row, back door", Kind.ADDRESS, "12 Mill Row"),
        ("Calle Mayor 14", Kind.ADDRESS, "Calle Mayor 14"),
        ("Franklin & 4th, apt 3B", Kind.ADDRESS, "apt 3B"),
        ("1204 Franklin", Kind.ADDRESS, "1204 Franklin"),
        ("ask for Mrs. Ruiz", Kind.NAME, "Mrs. Ruiz"),
        ("la señora vive con Sra. Ortega", Kind.NAME, "Sra. Ortega"),
        ("told by Rosa Delgado yesterday", Kind.NAME, "Rosa Delgado"),
    ],
)
def test_gives_away(text, kind, found):
    assert kinds(text) == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "Franklin & 4th",
        "4th and Franklin",
        "corner of 12th Street",
        "Mill Row & Harbour Street",
        "between 4th and 5th, north side",
        "San Pablo Avenue & 10th",
        "behind the laundry at 19:30",
        "on 2026-03-04 at 18:30",
        "4.3.2026, bring 2 blankets",
        "",
    ],
)
def test_leaves_in_peace(text):
    assert kinds(text) == []


def test_handles_are_whole_words_in_any_case():
    assert kinds("nuria waits", ["Nuria", "Al"]) == [(Kind.HANDLE, "nuria")]
    assert kinds("nurias waits, al too", ["Nuria", "Al"]) == []


def test_longer_handles_win():
    assert kinds("ask Nuria Sol", ["Nuria", "Nuria Sol"]) == [(Kind.HANDLE, "Nuria Sol")]


def test_spans_point_into_the_text():
    text = "Rosa Delgado, 410-555-0123"
    for finding in findings(text):
        assert text[finding.start : finding.end] == finding.text


def test_pairs_can_be_left_out():
    assert kinds("Martin Luther corner", pairs=False) == []


def test_thousands_of_handles_and_long_text_stay_quick():
    handles = [f"Neighbour {n}" for n in range(5000)]
    assert kinds("word " * 2000 + "neighbour 4999", handles) == [(Kind.HANDLE, "neighbour 4999")]
