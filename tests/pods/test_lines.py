"""The safe line and the log, in each reader's language and zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from pods.models import Call, CallEvent, CallKey, CallKind
from pods.queries import lines, phrases
from pods.states import LogWord
from sites.models import Skill
from tests.pods.scenes import scene

NEW_YORK = ZoneInfo("America/New_York")
# 13:30 in New York, a Wednesday.
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
INTERPRETER = lines.Need(Skill(key="interpreter_es"), 1)


def said(needed_at, *needs, language="en", tz=NEW_YORK, place="Franklin & 4th", now=NOW):
    return lines.compose(place, needed_at, needs or (lines.Need(None, 2),), language, tz, now)


@pytest.mark.parametrize(
    ("hours", "when"),
    [
        (0, "now"),
        (1, "today 14:30"),
        (5, "tonight 18:30"),
        (10, "tonight 23:30"),
        (11, "tomorrow 00:30"),
        (20, "tomorrow 09:30"),
        (48, "Friday 13:30"),
        (24 * 10, "March 14, 14:30"),
    ],
)
def test_says_when_as_people_do(hours, when):
    assert said(NOW + timedelta(hours=hours)) == f"Franklin & 4th, {when}. Two people."


def test_each_reader_s_own_clock():
    at = NOW + timedelta(hours=6)
    assert said(at, tz=ZoneInfo("Europe/Madrid")) == "Franklin & 4th, tomorrow 01:30. Two people."
    assert said(at, tz=ZoneInfo("Asia/Ho_Chi_Minh"), now=NOW) == "Franklin & 4th, today 07:30. Two people."


def test_tomorrow_is_a_day_of_the_calendar_when_the_clocks_change():
    # The night of 8 March 2026 has 23 hours in New York.
    evening = datetime(2026, 3, 7, 22, tzinfo=NEW_YORK)
    morning = datetime(2026, 3, 8, 22, tzinfo=NEW_YORK)
    assert said(morning, now=evening.astimezone(UTC)) == "Franklin & 4th, tomorrow 22:00. Two people."
    # The night of 1 November 2026 has 25.
    evening = datetime(2026, 10, 31, 22, tzinfo=NEW_YORK)
    twice = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK)
    assert said(twice.astimezone(UTC), now=evening.astimezone(UTC)) == "Franklin & 4th, tomorrow 01:30. Two people."


@pytest.mark.parametrize(
    ("needs", "who"),
    [
        ([lines.Need(None, 1)], "One person."),
        ([lines.Need(None, 12)], "12 people."),
        ([INTERPRETER], "A Spanish interpreter."),
        ([lines.Need(Skill(key="van"), 2)], "Two drivers with a van."),
        ([INTERPRETER, lines.Need(None, 2)], "A Spanish interpreter and two people."),
        (
            [INTERPRETER, lines.Need(Skill(key="nurse"), 1), lines.Need(None, 3)],
            "A Spanish interpreter, a nurse and three people.",
        ),
        ([lines.Need(Skill(key="x", own_name="roof repair"), 1)], "Someone for “roof repair”."),
        ([lines.Need(Skill(key="x", own_name="roof repair"), 4)], "Four people for “roof repair”."),
    ],
)
def test_says_who(needs, who):
    assert said(NOW, *needs) == f"Franklin & 4th, now. {who}"


def test_every_built_in_skill_has_its_phrase():
    from sites.models.assets import BUILT_IN_SKILLS

    assert set(phrases.SKILLED) == set(BUILT_IN_SKILLS)
    for key in BUILT_IN_SKILLS:
        for count in (1, 2, 11):
            assert phrases.needed(Skill(key=key), count)


def test_a_per_cent_sign_in_a_street_or_skill_breaks_nothing():
    assert said(NOW, lines.Need(Skill(key="x", own_name="50% off"), 1), place="5%s St") == (
        "5%s St, now. Someone for “50% off”."
    )


def test_speaks_the_language_of_the_reader_and_leaves_the_page_s_alone():
    with translation.override("en"):
        spanish = said(NOW + timedelta(hours=24 * 10), language="es")
        assert translation.get_language() == "en"
    assert "marzo" in spanish


@pytest.mark.django_db
def test_never_says_kind_pod_or_people():
    at = scene()
    for kind in CallKind.objects.all():
        call = at.raise_call(kind=kind.key)
        line = lines.safe_line(call, call.needs.select_related("skill"), "en", NEW_YORK, at.now)
        assert line.startswith("Franklin & 4th, ")
        for secret in (kind.name, kind.key, at.pod.name, "Mill Row", "4711", *at.people):
            assert secret.lower() not in line.lower()
        call.state = "closed"
        call.save()


@pytest.mark.django_db
def test_a_shredded_place_is_said_to_be_gone():
    at = scene()
    ref = at.raise_call().ref
    CallKey.objects.all().delete()
    call = Call.objects.get(ref=ref)
    line = lines.safe_line(call, call.needs.select_related("skill"), "en", NEW_YORK, at.now)
    assert "Franklin" not in line
    assert line.endswith("The place is no longer kept.")


@pytest.mark.django_db
def test_every_word_of_the_log_is_told_with_and_without_names():
    at = scene()
    call = at.raise_call()
    person = at["Wei"]
    facts = {
        LogWord.ANSWERED: {"answer": "coming", "minutes": 5},
        LogWord.WAVE: {"rule": "pod", "asked": 3},
        LogWord.NEED_ADDED: {"count": 2, "skill": 0},
    }
    for word in LogWord:
        event = CallEvent(call=call, at=at.now, word=word, person=person, facts=facts.get(word, {}))
        assert lines.log_line(event, named=True)
        assert "Wei" not in lines.log_line(event, named=False)


def test_who_cannot_is_never_named():
    from commons.people.models import Person

    event = CallEvent(at=NOW, word="answered", person=Person(handle="Wei"), facts={"answer": "cant"})
    assert lines.log_line(event, named=True) == "Someone can't this time."


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (47, "47 min"), (90, "1 hr 30 min"), (120, "2 hr"), (1500, "25 hr")]
)
def test_short_lengths(minutes, words):
    assert phrases.lasting(minutes) == words


def test_ago_and_within():
    with timezone.override(NEW_YORK), translation.override("en"):
        assert phrases.ago(NOW - timedelta(seconds=20), NOW) == "just now"
        assert phrases.ago(NOW - timedelta(minutes=12), NOW) == "12 minutes ago"
        assert phrases.within(1.6) == "2 seconds"
