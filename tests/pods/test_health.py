"""A pod's health: size, what it can do, what it lacks, whether it is tired."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commons.people.models import Absence
from pods.models import Call, CallKind, CallNeed, Pod
from pods.queries import health as queries
from pods.rules import health
from pods.rules.health import Seated, Size
from tests.factories import NOW, BlockFactory, KindFactory, PersonFactory, PodFactory, SkillFactory, offer

people = st.lists(
    st.builds(
        Seated,
        id=st.integers(1, 99),
        skills=st.frozensets(st.integers(1, 5)),
        resting=st.booleans(),
        over_limit=st.booleans(),
    ),
    max_size=12,
)


@given(st.integers(0, 12))
def test_five_to_twelve_make_a_pod(members):
    expected = Size.FORMING if members < 5 else Size.FULL if members == 12 else Size.READY
    assert health.size(members) is expected


@given(people, st.dictionaries(st.integers(1, 8), st.integers(1, 9)))
def test_missing_is_what_no_rested_member_offers(members, needed):
    rested = {skill for member in members if not member.resting for skill in member.skills}
    missing = health.missing(members, needed)
    assert set(missing) == set(needed) - rested
    assert [needed[skill] for skill in missing] == sorted((needed[skill] for skill in missing), reverse=True)


@given(people)
def test_tired_is_half_or_more(members):
    weary = [member for member in members if member.resting or member.over_limit]
    assert health.tired(members) == (bool(members) and 2 * len(weary) >= len(members))


def past_call(pod: Pod, opened) -> Call:
    return Call.objects.create(
        pod=pod,
        kind=KindFactory(key="eviction"),
        block=pod.block,
        state="closed",
        pace="day",
        opened_at=opened,
        needed_at=opened,
        deadline_at=opened,
        closes_at=opened,
        ended_at=opened,
    )


def rest(person, first: date, days: int) -> None:
    Absence.objects.create(person=person, days=(first, first + timedelta(days=days)))


@pytest.mark.django_db
def test_rest_is_counted_in_the_persons_own_days():
    # 18:30 UTC is the next day in Auckland already.
    there = PersonFactory(time_zone="Pacific/Auckland")
    here = PersonFactory(time_zone="America/New_York")
    pod = PodFactory(members=[there, here])
    for person in (there, here):
        rest(person, NOW.date() + timedelta(days=1), 1)
    seated = {member.id: member.resting for member in queries.seated(pod, inside=True, now=NOW)}
    assert seated == {there.pk: True, here.pk: False}


@pytest.mark.django_db
def test_others_learn_only_of_skills_that_are_for_everybody():
    nurse, driver = PersonFactory(), PersonFactory()
    pod = PodFactory(members=[nurse, driver])
    offer(driver, "driver")
    private = offer(nurse, "nurse")
    private.audience = "pod"
    private.save(update_fields=["audience"])
    inside = queries.view(pod, inside=True, now=NOW)
    outside = queries.view(pod, inside=False, now=NOW)
    assert sorted(skill.key for skill, _ in inside.covered) == ["driver", "nurse"]
    assert [(skill.key, count) for skill, count in outside.covered] == [("driver", 1)]


@pytest.mark.django_db
def test_a_sister_pods_calls_tell_what_is_missing_and_a_far_pods_do_not():
    near, far = BlockFactory(), BlockFactory(latitude="39.900", longitude="-76.100")
    pod = PodFactory(block=near, members=5)
    sister, stranger = PodFactory(block=near, members=5), PodFactory(block=far, members=5)
    nurse, cook, old = SkillFactory(key="nurse"), SkillFactory(key="cooking"), SkillFactory(key="carpentry")
    for of, skill, opened in (
        (sister, nurse, NOW - timedelta(days=30)),
        (stranger, cook, NOW - timedelta(days=30)),
        (pod, old, NOW - timedelta(days=400)),
    ):
        CallNeed.objects.create(call=past_call(of, opened), skill=skill, count=1)
    CallKind.objects.update(active=False)
    assert [skill.key for skill in queries.view(pod, inside=True, now=NOW).missing] == ["nurse"]
    assert queries.view(pod, inside=False, now=NOW).missing == []
    offer(sister.memberships.get(seat=1).person, "nurse")
    hidden = offer(sister.memberships.get(seat=2).person, "cooking")
    hidden.audience = "pod"
    hidden.save(update_fields=["audience"])
    nearby = queries.view(pod, inside=True, now=NOW).nearby
    assert [(skill.key, names) for skill, names in nearby] == [("nurse", [sister.name])]


@pytest.mark.django_db
def test_who_rests_leaves_their_skill_missing():
    nurse = PersonFactory()
    pod = PodFactory(members=[nurse, PersonFactory()])
    offer(nurse, "nurse")
    CallKind.objects.update(active=False)
    CallNeed.objects.create(call=past_call(pod, NOW - timedelta(days=3)), skill=SkillFactory(key="nurse"), count=1)
    assert queries.view(pod, inside=True, now=NOW).missing == []
    rest(nurse, NOW.date(), 7)
    view = queries.view(pod, inside=True, now=NOW)
    assert ([skill.key for skill in view.missing], view.covered) == (["nurse"], [])
    assert (view.health.resting, view.health.tired) == (1, True)


@pytest.mark.django_db
def test_the_health_of_a_large_pod_costs_no_more_statements():
    def cost(pod: Pod) -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.view(pod, inside=True, now=NOW)
        return len(seen)

    small, large = PodFactory(members=1), PodFactory(members=12)
    for person in [seat.person for seat in large.memberships.all()]:
        offer(person, "driver")
        offer(person, f"skill-{person.pk}")
    assert cost(Pod.objects.select_related("block").get(pk=small.pk)) == cost(
        Pod.objects.select_related("block").get(pk=large.pk)
    )
