"""The rule of the ranked list, for whatever cards people write: what may never happen, and what it comes to by hand."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sites.rules import ranking
from sites.rules.ranking import CRITERIA, Mean, Seen, score, strength, weight
from sites.states import Criterion, Rung

DAY = date(2026, 3, 4)
HALF_LIFE = 180
days = st.dates(date(2020, 1, 1), date(2032, 1, 1))
marks = st.integers(1, 5)
whole = st.builds(Seen, days, st.tuples(marks, marks, marks))
maybe = st.none() | marks
cards = st.builds(Seen, days, st.tuples(maybe, maybe, maybe))
half_lives = st.integers(1, 2000)
tenths = st.integers(10, 50)


def means(*said: Seen, half_life: int = HALF_LIFE) -> list[int | None]:
    found = score(said, half_life)
    return [None] * 3 if found is None else [mean and mean.tenths for mean in found.means]


def rank(of: list[int | None], among: list[list[int | None]]) -> int:
    return 1 + sum(strength(other) > strength(of) for other in among)


def with_mark(card: Seen, n: int, mark: int | None) -> Seen:
    changed = list(card.marks)
    changed[n] = mark
    return Seen(card.day, tuple(changed))


# The machine may be busy: that says nothing about a rule.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- what may never happen ----------------------------------------------------------------------------


@patient
@given(st.lists(cards, min_size=1, max_size=6), st.lists(st.lists(cards, max_size=4), max_size=8), st.data())
def test_raising_any_mark_never_lowers_a_rank(site, others, data):
    at = data.draw(st.sampled_from(range(len(site))))
    n = data.draw(st.sampled_from(range(len(CRITERIA))))
    mark = site[at].marks[n]
    assume(mark is not None and mark < 5)
    raised = [*site[:at], with_mark(site[at], n, data.draw(st.integers(mark + 1, 5))), *site[at + 1 :]]
    among = [means(*other) for other in others]
    assert rank(means(*raised), among) <= rank(means(*site), among)
    assert strength(means(*raised)) >= strength(means(*site))


@patient
@given(st.lists(cards, min_size=1, max_size=6), st.sampled_from(range(3)))
def test_a_place_with_a_criterion_at_1_never_beats_itself_at_3(site, n):
    at_one = [with_mark(card, n, 1) for card in site]
    at_three = [with_mark(card, n, 3) for card in site]
    assert strength(means(*at_one)) < strength(means(*at_three))


@patient
@given(st.tuples(*[st.integers(30, 50)] * 3), st.tuples(*[st.none() | tenths] * 3))
def test_every_place_with_all_three_at_3_or_more_precedes_every_other(leader, other):
    assume(any(mark is None or mark < 30 for mark in other))
    assert strength(leader) > strength(other)


@patient
@given(st.tuples(tenths, tenths, tenths), st.tuples(tenths, tenths, tenths))
def test_among_equals_the_geometric_mean_decides(one, other):
    assume(ranking.rung(one) is ranking.rung(other))
    difference = math.prod(one) ** (1 / 3) - math.prod(other) ** (1 / 3)
    if math.prod(one) == math.prod(other):
        assert strength(one) == strength(other)
    else:
        assert (strength(one) > strength(other)) is (difference > 0)


@patient
@given(st.lists(cards, min_size=1, max_size=8), st.randoms(use_true_random=False), half_lives)
def test_the_order_of_cards_changes_nothing(site, random, half_life):
    shuffled = site[:]
    random.shuffle(shuffled)
    assert score(site, half_life) == score(shuffled, half_life)


@patient
@given(st.integers(0, 40_000), st.integers(1, 4_000), half_lives)
def test_a_fading_card_weighs_less_and_never_less_than_nothing(age, later, half_life):
    assert 0 <= weight(age + later, half_life) <= weight(age, half_life) <= 1
    if age + later < 1000 * half_life:
        assert 0 < weight(age + later, half_life) < weight(age, half_life)
    assert weight(half_life, half_life) == 0.5


@patient
@given(st.lists(whole, min_size=1, max_size=6), st.integers(-3000, 3000), half_lives)
def test_today_is_in_none_of_it(site, later, half_life):
    """All cards so many days older or newer: the same means, as if the list were looked at on another day."""
    moved = [Seen(card.day + timedelta(days=later), card.marks) for card in site]
    assert means(*moved, half_life=half_life) == means(*site, half_life=half_life)


@patient
@given(st.lists(whole, min_size=1, max_size=6), st.integers(0, 2000))
def test_the_mean_is_that_of_weights_counted_from_today(site, since):
    today = max(card.day for card in site) + timedelta(days=since)
    weights = [weight((today - card.day).days, HALF_LIFE) for card in site]
    for n, found in enumerate(score(site, HALF_LIFE).means):
        by_hand = sum(w * card.marks[n] for w, card in zip(weights, site, strict=True)) / sum(weights)
        assert abs(found.tenths / 10 - by_hand) <= 0.05 + 1e-9


@patient
@given(st.lists(cards, min_size=1, max_size=8), half_lives)
def test_a_mean_lies_between_the_marks(site, half_life):
    for n, found in enumerate(score(site, half_life).means):
        given_marks = [card.marks[n] for card in site if card.marks[n] is not None]
        if found is None:
            assert given_marks == []
        else:
            assert (found.low, found.high, found.count) == (min(given_marks), max(given_marks), len(given_marks))
            assert 10 * found.low <= found.tenths <= 10 * found.high


@patient
@given(st.lists(tenths.map(lambda one: strength((one, one, one))), max_size=30))
def test_level_places_share_a_rank_and_the_next_one_counts_them(strengths):
    strengths.sort(reverse=True)
    assert ranking.ranks(strengths) == [1 + sum(other > one for other in strengths) for one in strengths]


# --- what it comes to ------------------------------------------------------------------------------------


def test_a_card_that_is_a_half_life_older_counts_half():
    found = score([Seen(DAY, (5, 5, 5)), Seen(DAY - timedelta(days=180), (2, None, 5))], HALF_LIFE)
    assert found.means == (Mean(40, 2, 5, 2), Mean(50, 5, 5, 1), Mean(50, 5, 5, 2))
    assert (found.observers, found.newest) == (2, DAY)


def test_without_cards_there_is_no_score():
    assert score([], HALF_LIFE) is None


def test_very_old_cards_still_say_what_they_said():
    """No weight is ever counted from today: it would be zero for all of them, and nothing divides by zero."""
    old = [Seen(date(1, 1, 1), (4, None, 2)), Seen(date(2026, 1, 1), (None, 3, None))]
    assert means(*old, half_life=1) == [40, 30, 20]


@pytest.mark.parametrize(
    ("of", "rung", "weakest", "lacking", "together"),
    [
        ((30, 30, 30), Rung.LEADS, list(Criterion), [], 30),
        ((50, 30, 44), Rung.LEADS, [Criterion.SOFTNESS], [], 40),
        ((50, 29, 50), Rung.HELD_BACK, [Criterion.SOFTNESS], [], 42),
        ((12, 50, 12), Rung.HELD_BACK, [Criterion.DENSITY, Criterion.CLARITY], [], 19),
        ((50, None, 40), Rung.INCOMPLETE, [Criterion.CLARITY], [Criterion.SOFTNESS], None),
        ((None, None, 10), Rung.INCOMPLETE, [Criterion.CLARITY], [Criterion.DENSITY, Criterion.SOFTNESS], None),
    ],
)
def test_why_a_place_stands_where_it_does(of, rung, weakest, lacking, together):
    assert ranking.rung(of) is rung
    assert ranking.weakest(of) == weakest
    assert ranking.lacking(of) == lacking
    assert ranking.together(of) == together


def test_the_order_of_the_list():
    in_order = [
        (50, 40, 40), (30, 30, 31), (30, 30, 30),  # all three at 3 or more
        (50, 29, 50), (10, 10, 10),  # held back, however high the others are
        (50, 50, None), (10, None, 10), (50, None, None),  # a mark is lacking
    ]  # fmt: skip
    assert sorted(in_order, key=strength, reverse=True) == in_order
    assert strength((30, 40, 50)) == strength((50, 30, 40))
