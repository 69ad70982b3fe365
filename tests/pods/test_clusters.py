"""Proposals from computing to a pod: what is proposed, how long, what people say, and what comes of it."""

from datetime import timedelta

import pytest

from commons import clock
from commons.notices.models import Delivery
from commons.people.models import Absence
from commons.web.refusal import Refused
from commons.web.today import cards
from pods.actions import clusters as actions
from pods.models import Cluster, ClusterMember, ClusterRun, Joining, Membership
from pods.queries import capacity
from pods.queries import clusters as queries
from pods.rules import clusters as rules
from pods.states import ClusterWord
from pods.tasks import propose
from sites.actions import assets
from sites.actions.assets import Terms
from sites.models import Asset, Need, Place, Popup, Shift
from sites.rules.grouping import cell_of
from sites.states import Work
from tests.factories import BlockFactory, PodFactory, SkillFactory
from tests.pods.capacity_of import neighbour, proposed, street

pytestmark = pytest.mark.django_db
INTERESTED, NOT_FOR_ME = ClusterWord.INTERESTED, ClusterWord.NOT_FOR_ME


@pytest.fixture
def now(db):
    return clock.now()


def members(cluster):
    return set(ClusterMember.objects.filter(cluster=cluster).values_list("person_id", flat=True))


def standing():
    return set(queries.standing().values_list("pk", flat=True))


def test_neighbours_who_are_willing_are_proposed_and_nobody_else(now):
    cluster, people = proposed(now)
    assert members(cluster) == {person.pk for person in people}
    assert (cluster.computed_at, cluster.stands_until) == (now, now + rules.STANDS)
    assert standing() == {cluster.pk}
    assert [queries.clusters_for(person).count() for person in people] == [1] * 6


def test_the_task_computes_and_a_second_run_changes_nothing(now):
    street(now)
    propose()
    before = list(Cluster.objects.values())
    propose()
    assert list(Cluster.objects.values()) == before != []
    assert ClusterRun.objects.get().computed_at > now


def test_computed_each_night_and_not_twice(now):
    night = rules.last_night(now)
    assert rules.last_night(night) == night
    assert rules.last_night(night - timedelta(seconds=1)) == night - timedelta(days=1)
    assert rules.due(computed_at=None, asked_at=None, now=now)
    assert not rules.due(computed_at=night, asked_at=None, now=now)
    assert rules.due(computed_at=night - timedelta(seconds=1), asked_at=None, now=now)
    assert rules.due(computed_at=now, asked_at=now, now=now)


def test_asked_twice_is_computed_once(now):
    assert actions.ask(now=now)
    assert not actions.ask(now=now)
    assert actions.compute_due(now=now)
    assert not actions.compute_due(now=now)
    assert actions.ask(now=now + timedelta(seconds=1))


def test_what_was_asked_after_the_computing_began_is_computed_again(now):
    actions.ask(now=now + timedelta(seconds=3))
    assert actions.compute_due(now=now)
    assert ClusterRun.objects.get().asked_at == now + timedelta(seconds=3)
    assert actions.compute_due(now=now + timedelta(seconds=4))
    assert ClusterRun.objects.get().asked_at is None


def test_a_proposal_stands_a_month_while_others_are_found_beside_it(now):
    cluster, _people = proposed(now)
    street(now)
    actions.compute_due(now=now + timedelta(days=2))
    assert Cluster.objects.filter(kind="pod").count() == 2
    assert Cluster.objects.filter(pk=cluster.pk).exists()
    actions.compute_due(now=now + rules.STANDS)
    assert not Cluster.objects.filter(pk=cluster.pk).exists()


def leave(person, _now):
    actions.not_willing(person=person)


def rest(person, now):
    Absence.objects.create(person=person, days=(now.date() - timedelta(1), now.date() + timedelta(3)))


def thrown_out(person, _now):
    person.is_active = False
    person.save()


def unproven(person, now):
    person.unproven_since = now.date()
    person.save()


def join(person, _now):
    PodFactory(members=[person])


def not_for_me(person, now):
    actions.say(person=person, cluster=Cluster.objects.get(kind="pod"), word=NOT_FOR_ME, now=now)


@pytest.mark.parametrize("stale", [leave, rest, thrown_out, unproven, join, not_for_me])
def test_whoever_can_not_be_counted_on_any_more_is_filtered_when_shown(now, stale):
    cluster, people = proposed(now)
    stale(people[0], now)
    [view] = queries.views(queries.clusters_for(people[1]), people[1], now)
    assert (view.people, people[0].handle in {one.handle for one in view.named}) == (5, False)
    stale(people[2], now)
    assert standing() == set(), "four are no proposal"
    actions.compute_due(now=now + timedelta(days=1))
    assert not Cluster.objects.filter(pk=cluster.pk).exists()


@pytest.mark.parametrize("stale", [leave, thrown_out, join])
def test_and_sees_it_no_more_themselves(now, stale):
    _cluster, people = proposed(now, 8)
    stale(people[0], now)
    found = queries.clusters_for(people[0])
    assert list(found) == [] or not people[0].is_active


def test_whoever_sits_in_a_pod_or_rests_is_not_proposed(now):
    people = street(now, 8)
    join(people[0], now)
    rest(people[1], now)
    actions.compute_due(now=now)
    assert members(Cluster.objects.get(kind="pod")) == {person.pk for person in people[2:]}


def test_with_the_fifth_who_is_interested_all_five_are_told_once(now):
    cluster, people = proposed(now, 8)
    for person in people[:4]:
        actions.say(person=person, cluster=cluster, word=INTERESTED, now=now)
    assert Delivery.objects.count() == 0
    actions.say(person=people[3], cluster=cluster, word=None, now=now)
    actions.say(person=people[4], cluster=cluster, word=NOT_FOR_ME, now=now)
    actions.say(person=people[5], cluster=cluster, word=INTERESTED, now=now)
    assert Delivery.objects.count() == 0
    actions.say(person=people[3], cluster=cluster, word=INTERESTED, now=now)
    five = {people[n].pk for n in (0, 1, 2, 3, 5)}
    assert set(Delivery.objects.values_list("person_id", flat=True)) == five
    actions.say(person=people[6], cluster=cluster, word=INTERESTED, now=now)
    assert Delivery.objects.count() == 5
    cluster.refresh_from_db()
    assert (cluster.met_at, cluster.stands_until) == (now, now + rules.STANDS)


def met(now, people=7):
    cluster, everybody = proposed(now, people)
    for person in everybody[:5]:
        actions.say(person=person, cluster=cluster, word=INTERESTED, now=now)
    return cluster, everybody


def test_a_pod_comes_of_it_and_each_of_the_others_decides(now):
    cluster, people = met(now)
    pod = actions.found(by=people[2], cluster=cluster, name="Under the Linden", block=cluster.block, now=now)
    assert list(Membership.objects.seated().filter(pod=pod).values_list("person_id", flat=True)) == [people[2].pk]
    asked = set(Joining.objects.filter(pod=pod, founder=True).values_list("person_id", flat=True))
    assert asked == {people[n].pk for n in (0, 1, 3, 4)}
    assert standing() == set()
    with pytest.raises(Refused):
        actions.found(by=people[0], cluster=cluster, name="Another", block=cluster.block, now=now)
    with pytest.raises(Refused):
        actions.say(person=people[0], cluster=cluster, word=None, now=now)


def test_no_pod_comes_of_it_before_enough_want_it_nor_by_whoever_does_not(now):
    cluster, people = proposed(now, 7)
    with pytest.raises(Refused):
        actions.found(by=people[0], cluster=cluster, name="Early", block=cluster.block, now=now)
    for person in people[:5]:
        actions.say(person=person, cluster=cluster, word=INTERESTED, now=now)
    with pytest.raises(Refused):
        actions.found(by=people[6], cluster=cluster, name="Stranger", block=cluster.block, now=now)


def test_a_word_to_what_was_deleted_meanwhile_is_refused_in_a_sentence(now):
    cluster, people = proposed(now)
    Cluster.objects.all().delete()
    with pytest.raises(Refused):
        actions.say(person=people[0], cluster=cluster, word=INTERESTED, now=now)


def test_today_says_it_for_a_week_and_again_once_enough_want_it(now):
    cluster, people = proposed(now, 7)

    def said(person, at):
        return [card.title for card in cards(person, at) if card.url.endswith(f"/{cluster.ref}/")]

    assert said(people[0], now) == ["Could be a pod"]
    assert said(people[0], now + timedelta(days=8)) == []
    for person in people[:4]:
        actions.say(person=person, cluster=cluster, word=INTERESTED, now=now)
    assert said(people[0], now) == []
    actions.say(person=people[4], cluster=cluster, word=INTERESTED, now=now)
    assert said(people[0], now) == ["Enough of you are interested"]
    assert said(people[6], now) == []


def test_what_faded_counts_no_more(now):
    _cluster, people = proposed(now)
    Asset.objects.filter(person=people[0]).update(fresh_until=now - timedelta(days=1))
    [view] = queries.views(queries.clusters_for(people[1]), people[1], now)
    assert (view.cover.covered, view.people, view.unnamed) == (5, 6, 1)


def test_what_is_confirmed_again_stays_proven_and_a_card_of_somebody_else_never_counts(now):
    person = neighbour(street(now, 1)[0].willing.block, now)
    long_ago = now - timedelta(days=200)
    shared = assets.share(
        person=person, kind="skill", skill=SkillFactory(key="plumbing"), title="", terms=Terms(), now=long_ago
    )
    assets.still_true(asset=shared, now=now)

    def offered():
        [one] = [one for one in capacity.capacity(now).picture.people if one.id == person.pk]
        return one.can, one.proven

    assert offered() == ({"plumbing"}, {"plumbing"})
    Asset.objects.filter(pk=shared.pk).update(pending_until=now + timedelta(days=3))
    assert offered() == (set(), set())


def test_kept_shifts_are_what_held(now):
    block = BlockFactory()
    place = Place.objects.create(
        kind="laundry", name="Suds", latitude=39.3004, longitude=-76.6402, made_at=now, changed_at=now
    )
    popup = Popup.objects.create(
        place=place, need=Need.objects.get_or_create(key="childcare")[0], name="Corner", becomes="A crèche",
        weekday=2, starts="16:00", minutes=60, planned_at=now,
    )  # fmt: skip
    for week, state in enumerate(["kept", "kept", "missed"]):
        at = now - timedelta(weeks=week + 1)
        end = at + timedelta(hours=1)
        Shift.objects.create(popup=popup, place=place, day=at.date(), starts_at=at, ends_at=end, state=state)
    found = capacity.strengths(now)
    here = cell_of(float(block.latitude), float(block.longitude))
    assert [(one.cell, one.works) for one in found] == [(here, {Work.CHILDREN})] * 2


def test_sprints_and_institutions_may_hold_people_of_pods(now):
    people = street(now, 1)
    block = people[0].willing.block
    people += [neighbour(block, now, "tenant_rights", "phone_tree", "grant_writing") for _ in range(5)]
    Asset.objects.create(
        person=people[0], kind="space", title="Hall", audience="network", offered_at=now,
        fresh_until=now + timedelta(days=30),
    )  # fmt: skip
    PodFactory(members=people)
    actions.compute_due(now=now)
    assert set(Cluster.objects.values_list("kind", "work")) == {("sprint", "homes")}
    assert standing() == {Cluster.objects.get().pk}
