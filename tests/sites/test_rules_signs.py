"""Signs as rules: papers and how signs lie on them, headlines that keep their words whole, hours over midnight."""

from datetime import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.rules import signs
from sites.states import Paper, SignForm

# The machine may be busy: that says nothing about a rule.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.lists(st.text("abcdefghijñé", min_size=1, max_size=14), min_size=1, max_size=9).map(" ".join)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("form", SignForm)
def test_signs_fill_their_paper_and_never_more(form, paper):
    laid = signs.layout(form, paper)
    wide, tall = laid.cell
    assert wide * laid.columns == pytest.approx(laid.width)
    assert tall * laid.rows == pytest.approx(laid.height)
    assert {laid.width, laid.height} == set(signs.MILLIMETRES[paper])
    assert laid.sizes == tuple(sorted(laid.sizes, reverse=True))


def test_a_sign_is_as_many_units_wide_whatever_its_paper():
    for paper in Paper:
        laid = signs.layout(SignForm.POSTER, paper)
        usual = laid.sizes[signs.STEPS.index(1.0)]
        assert usual * 60 == pytest.approx(laid.width * signs.MM, rel=0.002)


@patient
@given(WORDS, st.floats(20, 60))
def test_the_longest_word_fits_on_a_line_of_the_headline(words, width):
    step = signs.headline_step(words, width)
    size, lines = signs.HEADLINES[step]
    letters = int(width / (size * signs.LETTER_WIDE))
    if step < len(signs.HEADLINES) - 1:
        assert max(map(len, words.split())) <= letters
        assert signs.lines_of(words, letters) <= lines


@patient
@given(WORDS, WORDS)
def test_more_words_are_never_larger(words, more):
    assert signs.headline_step(f"{words} {more}", 52) >= signs.headline_step(words, 52)


@patient
@given(WORDS, st.integers(14, 40))
def test_lines_are_counted_as_they_are_broken(words, letters):
    lines: list[str] = []
    for word in words.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    assert signs.lines_of(words, letters) == len(lines)


@pytest.mark.parametrize(
    ("starts", "minutes", "ends"),
    [(time(10), 180, time(13)), (time(22, 30), 120, time(0, 30)), (time(0), 720, time(12))],
)
def test_the_end_is_what_the_clock_on_the_wall_shows(starts, minutes, ends):
    assert signs.closes(starts, minutes) == ends
