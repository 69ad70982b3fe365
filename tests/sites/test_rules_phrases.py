"""What people write in lists, as what the software understands."""

import pytest

from sites.models.assets import BUILT_IN_SKILLS
from sites.rules.phrases import SKILLS, TONGUES, Offer, language, limits, offer, parts


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Spanish interpreter", Offer("skill", "interpreter_es")),
        ("intérprete de español", Offer("skill", "interpreter_es")),
        ("translation: Vietnamese", Offer("skill", "interpreter_vi")),
        ("AMHARIC INTERPRETER", Offer("skill", "interpreter_am")),
        ("Arabic interpreter", Offer("skill", "", "Arabic interpreter")),
        ("ASL", Offer("skill", "sign_language")),
        ("Primeros  auxilios", Offer("skill", "first_aid")),
        ("mental health first aid", Offer("skill", "mental_health")),
        ("driving", Offer("skill", "driver")),
        ("van (9 seats)", Offer("tool", "van", "van (9 seats)")),
        ("van", Offer("tool", "van", "van")),
        ("cooking for 50", Offer("skill", "cooking", "cooking for 50")),
        ("kitchen, church basement", Offer("space", "", "kitchen, church basement")),
        ("ladder, 4 m", Offer("tool", "", "ladder, 4 m")),
        ("de-escalation", Offer("skill", "deescalation")),
        ("plomería", Offer("skill", "plumbing")),
        ("<script>alert(1)</script>", Offer("skill", "", "<script>alert(1)</script>")),
        ("vanilla cakes", Offer("skill", "", "vanilla cakes")),
    ],
)
def test_offers(words, expected):
    assert offer(words) == expected


def test_every_built_in_skill_is_known_by_its_own_english_name():
    for key, name in BUILT_IN_SKILLS.items():
        assert offer(str(name)).skill == key
    assert set(SKILLS) | set(TONGUES) == set(BUILT_IN_SKILLS)


def test_parts_are_set_apart_by_semicolons_alone():
    assert parts(" driving;; kitchen, church basement ;") == ["driving", "kitchen, church basement"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("not nights", (["not_nights"], "")),
        ("after 6pm", (["evenings_only"], "")),
        ("weekends only", (["weekends_only"], "")),
        ("not with police present", (["no_police"], "")),
        ("no stairs", (["no_stairs"], "")),
        ("max 2 hrs", (["short"], "")),
        ("Sin escaleras, no de noche", (["no_stairs", "not_nights"], "")),
        ("has asthma - no smoke", ([], "has asthma - no smoke")),
        ("Call only after 18h… “urgent” only", ([], "Call only after 18h… “urgent” only")),
        ("no stairs; bad knee, really", (["no_stairs"], "bad knee, really")),
        ("", ([], "")),
    ],
)
def test_limits(words, expected):
    found, rest = limits(words)
    assert ([limit.value for limit in found], rest) == (sorted(expected[0]), expected[1])


@pytest.mark.parametrize(
    ("words", "code"),
    [("es", "es"), ("ES ", "es"), ("español", "es"), ("English", "en"), ("en-US", "en"), ("inglés", "en"),
     ("Klingon", None), ("", None)],
)  # fmt: skip
def test_languages(words, code):
    assert language(words) == code
