"""Enough: the matching is the largest that there is, whoever says it in whatever order."""

from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from pods.rules.matching import Candidate, Need, could_fill, enough, match, missing

SKILLS = (1, 2, 3)
needs_of = st.lists(
    st.tuples(st.sampled_from((None, *SKILLS)), st.integers(1, 2)), min_size=1, max_size=4, unique_by=lambda one: one[0]
).map(lambda rows: [Need(place, skill, count) for place, (skill, count) in enumerate(rows, start=1)])
people_of = st.lists(st.frozensets(st.sampled_from(SKILLS)), max_size=5).map(
    lambda rows: [Candidate(place, skills) for place, skills in enumerate(rows, start=1)]
)


def fits(person, need):
    return need.skill is None or need.skill in person.skills


def most(needs, people):
    """The largest number of filled places, by trying everything."""
    best = 0
    for choice in product([None, *needs], repeat=len(people)):
        taken = {need.id: 0 for need in needs}
        for person, need in zip(people, choice, strict=True):
            if need is not None:
                taken[need.id] += 1 if fits(person, need) else 100
        if all(taken[need.id] <= need.count for need in needs):
            best = max(best, sum(taken.values()))
    return best


@settings(max_examples=150, deadline=None)
@given(needs_of, people_of)
def test_as_many_as_any_way_of_trying_finds(needs, people):
    matched = match(needs, people)
    by_id = {need.id: need for need in needs}
    assert len(matched) == most(needs, people)
    assert all(fits(person, by_id[matched[person.id]]) for person in people if person.id in matched)
    lacking = missing(needs, matched)
    assert min(lacking.values()) >= 0
    assert enough(needs, matched) == (sum(lacking.values()) == 0) == could_fill(needs, people)


@settings(max_examples=150, deadline=None)
@given(needs_of, people_of)
def test_who_counts_stays_counted_when_more_come(needs, people):
    """People are taken in order: one more at the end moves others between needs and drops none of them."""
    for more in range(len(people)):
        assert set(match(needs, people[:more])) <= set(match(needs, people))


def test_the_rare_skill_is_kept_for_its_need():
    """An interpreter who came first is not spent on "anyone" while an interpreter is needed."""
    needs = [Need(1, None, 1), Need(2, 7, 1)]
    interpreter, other = Candidate(1, frozenset({7})), Candidate(2)
    for order in permutations([interpreter, other]):
        assert match(needs, order) == {1: 2, 2: 1}


def test_a_chain_of_three_is_moved_along():
    needs = [Need(1, 1, 1), Need(2, 2, 1), Need(3, 3, 1)]
    people = [Candidate(1, frozenset({1, 2})), Candidate(2, frozenset({1, 3})), Candidate(3, frozenset({1}))]
    assert match(needs, people) == {3: 1, 1: 2, 2: 3}


def test_nobody_and_nothing():
    assert match([], [Candidate(1)]) == {}
    assert match([Need(1, None, 2)], []) == {}
    assert missing([Need(1, None, 2)], {}) == {1: 2}
    assert not enough([Need(1, None, 2)], {})


def test_forty_people_for_forty_places_in_a_moment():
    needs = [Need(place, place, 5) for place in range(1, 9)]
    people = [Candidate(n, frozenset({n % 8 + 1, (n * 3) % 8 + 1})) for n in range(40)]
    assert len(match(needs, people)) <= 40
