"""Joining a pod: founders, newcomers, and seven days."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commons import clock
from commons.notices.models import Delivery
from commons.web import today
from commons.web.refusal import Refused
from pods.actions import joining as actions
from pods.actions import pods as pod_actions
from pods.models import Joining, Membership, Objection, Pod, Vouch
from tests.factories import BlockFactory, PersonFactory, PodFactory
from tests.pods.newcomers import newcomer_of, people_of, seated, state_of

WEEK = timedelta(days=7)


@pytest.fixture
def now(db):
    return clock.now()


# --- forming -----------------------------------------------------------------------------------


def test_founders_are_seated_by_their_own_yes_and_the_fifth_makes_it_ready(now):
    first, others = PersonFactory(), [PersonFactory() for _ in range(5)]
    pod = pod_actions.form_pod(by=first, name="Mill Row", block=BlockFactory(), now=now)
    asked = [actions.name_someone(by=first, pod=pod, person=person, now=now) for person in others]
    assert all(joining.founder for joining in asked)
    assert seated(pod) == 1
    for person, joining in list(zip(others, asked, strict=True))[:4]:
        actions.agree(by=person, joining=joining, now=now)
    assert list(pod.memberships.order_by("seat").values_list("seat", flat=True)) == [1, 2, 3, 4, 5]
    # The sixth had not answered: with the pod ready they go the way of every newcomer.
    late = Joining.objects.get(pk=asked[5 - 1].pk)
    assert (late.founder, late.state) == (False, "open")
    actions.agree(by=others[4], joining=late, now=now)
    assert seated(pod) == 5
    assert Delivery.objects.filter(kind="pods.ready", subject=f"pod:{pod.pk}").count() == 5


def test_a_founder_is_seated_by_nobody_else(now):
    pod = PodFactory(members=2)
    founder, member = PersonFactory(), people_of(pod)[0]
    joining = actions.name_someone(by=member, pod=pod, person=founder, now=now)
    with pytest.raises(Refused):
        actions.agree(by=member, joining=joining, now=now)
    actions.settle_due(now=now + WEEK)
    assert (state_of(joining), seated(pod)) == ("not_now", 2)


def test_a_name_is_taken_in_whatever_case(now):
    PodFactory(name="Mill Row")
    with pytest.raises(Refused):
        pod_actions.form_pod(by=PersonFactory(), name="mill row", block=BlockFactory(), now=now)
    assert Pod.objects.count() == 1


# --- joining -----------------------------------------------------------------------------------


def test_named_agreed_vouched_unopposed_and_seated_after_seven_days(now):
    pod = PodFactory(members=6)
    joining = newcomer_of(pod, now)
    assert actions.settle_due(now=joining.closes_at - timedelta(seconds=1)) == 0
    assert seated(pod) == 6
    assert actions.settle_due(now=joining.closes_at) == 1
    assert (state_of(joining), seated(pod)) == ("admitted", 7)
    assert actions.settle_due(now=joining.closes_at + WEEK) == 0


@pytest.mark.parametrize("why", ["no yes", "one vouch", "objection", "taken back", "full"])
def test_not_now_is_one_word_for_every_cause_and_leaves_no_trace_of_it(now, why):
    pod = PodFactory(members=6)
    members = people_of(pod)
    joining = newcomer_of(pod, now, vouches=1 if why == "one vouch" else 2, agrees=why != "no yes")
    if why == "objection":
        actions.object_quietly(by=members[5], joining=joining, now=now)
    if why == "taken back":
        actions.unvouch(by=members[1], joining=joining, now=now)
    if why == "full":
        for seat in range(7, 13):
            Membership.objects.create(pod=pod, person=PersonFactory(), seat=seat, since=now)
    before = seated(pod)
    assert actions.settle_due(now=joining.closes_at) == 1
    assert (state_of(joining), seated(pod)) == ("not_now", before)
    assert (Objection.objects.count(), Vouch.objects.count()) == (0, 0)
    told = Delivery.objects.filter(kind="pods.joining_settled").values_list("person", "subject")
    assert list(told) == [(joining.person_id, f"joining:{joining.pk}")]


def test_an_objection_taken_back_counts_no_more(now):
    pod = PodFactory(members=6)
    joining = newcomer_of(pod, now)
    objector = people_of(pod)[4]
    actions.object_quietly(by=objector, joining=joining, now=now)
    actions.withdraw_objection(by=objector, joining=joining, now=now)
    actions.settle_due(now=joining.closes_at)
    assert state_of(joining) == "admitted"


def test_nobody_vouches_twice_or_for_themselves_or_from_outside(now):
    pod = PodFactory(members=6)
    joining = newcomer_of(pod, now, vouches=0)
    member = people_of(pod)[1]
    actions.vouch(by=member, joining=joining, now=now)
    actions.vouch(by=member, joining=joining, now=now)
    assert Vouch.objects.count() == 1
    for person in (joining.person, PersonFactory()):
        with pytest.raises(Refused):
            actions.vouch(by=person, joining=joining, now=now)
        with pytest.raises(Refused):
            actions.object_quietly(by=person, joining=joining, now=now)
    assert (Vouch.objects.count(), Objection.objects.count()) == (1, 0)


def test_after_seven_days_nothing_more_can_be_said(now):
    pod = PodFactory(members=6)
    joining = newcomer_of(pod, now)
    for act in (actions.vouch, actions.object_quietly, actions.withdraw_objection):
        with pytest.raises(Refused):
            act(by=people_of(pod)[3], joining=joining, now=joining.closes_at)


def test_whoever_asks_has_agreed_and_is_not_asked_again_within_a_month(now):
    pod = PodFactory(members=6)
    person = PersonFactory()
    joining = actions.ask_to_join(by=person, pod=pod, now=now)
    assert (joining.named_by, joining.agreed_at) == (None, now)
    actions.settle_due(now=joining.closes_at)
    with pytest.raises(Refused):
        actions.ask_to_join(by=person, pod=pod, now=joining.closes_at)
    with pytest.raises(Refused):
        actions.name_someone(by=people_of(pod)[0], pod=pod, person=person, now=joining.closes_at)
    actions.ask_to_join(by=person, pod=pod, now=joining.closes_at + timedelta(days=30))


def test_a_thirteenth_is_refused_by_the_rule_and_by_the_database(now):
    pod = PodFactory(members=12)
    with pytest.raises(Refused) as refused:
        actions.name_someone(by=people_of(pod)[0], pod=pod, person=PersonFactory(), now=now)
    assert "sister pod" in str(refused.value)
    for seat in (12, 13):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(pod=pod, person=PersonFactory(), seat=seat, since=now)


# --- leaving -----------------------------------------------------------------------------------


def test_whoever_leaves_takes_their_word_along(now):
    pod = PodFactory(members=7)
    joining = newcomer_of(pod, now)
    voucher, objector = people_of(pod)[0], people_of(pod)[6]
    actions.object_quietly(by=objector, joining=joining, now=now)
    assert pod_actions.leave_pod(by=objector, pod=pod, now=now) is False
    assert Objection.objects.count() == 0
    pod_actions.leave_pod(by=voucher, pod=pod, now=now)
    actions.settle_due(now=joining.closes_at)
    assert state_of(joining) == "not_now"


def test_the_last_one_dissolves_the_pod_and_a_free_seat_is_given_again(now):
    pod = PodFactory(members=2)
    first, last = people_of(pod)
    joining = actions.name_someone(by=last, pod=pod, person=PersonFactory(), now=now)
    pod_actions.leave_pod(by=first, pod=pod, now=now)
    actions.agree(by=joining.person, joining=joining, now=now)
    assert Membership.objects.seated().get(person=joining.person).seat == 1
    pod_actions.leave_pod(by=last, pod=pod, now=now)
    assert pod_actions.leave_pod(by=joining.person, pod=pod, now=now) is True
    assert not Pod.objects.standing().exists()
    with pytest.raises(Refused):
        pod_actions.leave_pod(by=last, pod=pod, now=now)


# --- what waits --------------------------------------------------------------------------------


def test_messages_are_neutral_and_nobody_is_asked_for_what_they_did(now):
    from commons.notices import kinds
    from commons.notices.actions.claims import claim

    pod = PodFactory(name="Mill Row", members=6)
    joining = newcomer_of(pod, now, vouches=1, agrees=False)
    actions.object_quietly(by=people_of(pod)[1], joining=joining, now=now)
    queued = claim(now=now, limit=50, channels=["email"])
    assert len(queued) == Delivery.objects.count()
    words = kinds.compose(queued, now)
    silent = {d.person_id for d in queued if words[d.pk] is None}
    assert silent == {people_of(pod)[0].pk, people_of(pod)[1].pk}
    said = {(w.title, w.body, w.link) for w in words.values() if w is not None}
    assert len(said) == 1
    for text in said.pop():
        for secret in ("Mill Row", joining.person.handle, pod.ref, joining.ref, "pod"):
            assert secret not in text


def test_today_shows_what_waits_and_stops_when_it_is_done(now):
    pod = PodFactory(name="Mill Row", members=6)
    joining = newcomer_of(pod, now, vouches=0, agrees=False)
    member = people_of(pod)[2]

    def titles(person):
        return [str(card.title) for card in today.cards(person, now)]

    assert titles(joining.person) == ["Join Mill Row?"]
    assert titles(member) == [f"{joining.person.handle} would like to join Mill Row"]
    actions.agree(by=joining.person, joining=joining, now=now)
    actions.vouch(by=member, joining=joining, now=now)
    assert titles(joining.person) == []
    assert titles(member) == []
