"""The engine under everything at once (R-18): never silent, never alerted after the end, never over-called.

The suite walks a short way; `CASSEROLE_LONG=1` walks 500 × 50 steps.
"""

import contextlib
import os
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commons import clock
from commons.notices import kinds
from commons.notices.actions.claims import Result, claim, finish
from commons.notices.states import Outcome
from commons.people.models import Absence
from commons.web.refusal import Refused
from pods.actions import standing
from pods.actions.answers import answer_call, call_more
from pods.actions.calls import add_need, cancel_call, close_call, confirm_call, raise_call
from pods.actions.turn import turn_due
from pods.models import Call, CallEvent, CallNeed, Invite
from pods.states import LIVE, Answer, CallState, InviteState, Via
from tests.factories import KindFactory, PersonFactory, PodFactory, SkillFactory, offer, organizer

LONG = bool(os.environ.get("CASSEROLE_LONG"))
PEOPLE = st.integers(0, 19)


class Engine(RuleBasedStateMachine):
    """Twenty people in two pods, up to three calls, and whatever may happen to them."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.sent = Counter()
        self.silenced = set()
        self.calls = []

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def neighbourhood(self):
        self.now = clock.now()
        self.pod, self.sister = PodFactory(members=9), PodFactory(members=9)
        seats = [*self.pod.memberships.order_by("seat"), *self.sister.memberships.order_by("seat")]
        self.people = [seat.person for seat in seats] + [organizer(PersonFactory(), now=self.now) for _ in range(2)]
        self.skill = SkillFactory(key="interpreter_es")
        for index in (2, 5, 11):
            offer(self.people[index], "interpreter_es", now=self.now)

    @precondition(lambda self: len(self.calls) < 3)
    @rule(
        kind=st.sampled_from(["eviction", "raid", "medical"]),
        anyone=st.integers(1, 3),
        interpreters=st.integers(0, 1),
        hours=st.sampled_from([0, 1, 5, 40]),
        by=st.integers(0, 8),
    )
    def raise_one(self, kind, anyone, interpreters, hours, by):
        needs = [(None, anyone)] * bool(anyone) + [(self.skill, interpreters)] * bool(interpreters)
        call = raise_call(
            by=self.people[by], pod=self.pod, kind=KindFactory(key=kind), block=self.pod.block,
            cross_street="Franklin & 4th", details="blue door", needed_at=self.now + timedelta(hours=hours),
            needs=needs, now=self.now,
        )  # fmt: skip
        self.calls.append(call.pk)

    def asked(self, call_id, who):
        """Return one of those whom the call asked, or nobody."""
        invites = list(Invite.objects.filter(call=call_id).order_by("id").select_related("person"))
        return invites[who % len(invites)].person if invites else None

    def pick(self, which):
        return self.calls[which % len(self.calls)]

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 2), who=PEOPLE, answer=st.sampled_from(list(Answer)), key=st.integers(0, 10**6))
    def answer(self, which, who, answer, key):
        call_id = self.pick(which)
        person = self.asked(call_id, who)
        if person is None:
            return
        said = answer_call(
            call_id=call_id, person_id=person.pk, answer=answer, minutes=20, via=Via.PAGE, key=str(key), now=self.now
        )
        if not said.repeated and not said.late:
            quiet = self.silenced.add if answer is Answer.CANT else self.silenced.discard
            quiet((call_id, person.pk))

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 2), who=PEOPLE)
    def more(self, which, who):
        with contextlib.suppress(Invite.DoesNotExist, Refused):
            call_more(call_id=self.pick(which), person_id=self.people[who].pk, now=self.now)

    # Ends come seldom: most walks should get somewhere first.
    @precondition(lambda self: self.calls and self.now.minute % 3 == 0)
    @rule(which=st.integers(0, 2), who=st.integers(0, 8), what=st.sampled_from([cancel_call, close_call, confirm_call]))
    def decide(self, which, who, what):
        with contextlib.suppress(Refused):
            what(by=self.people[who], call=Call.objects.get(pk=self.pick(which)), now=self.now)

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 2), who=st.integers(0, 8))
    def need_more(self, which, who):
        with contextlib.suppress(Refused):
            add_need(by=self.people[who], call=Call.objects.get(pk=self.pick(which)), skill=None, count=1, now=self.now)

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 2), who=PEOPLE, days=st.integers(0, 3))
    def rest(self, which, who, days):
        person, today = self.asked(self.pick(which), who) or self.people[who], self.now.date()
        Absence.objects.filter(person=person).delete()
        if days:
            Absence.objects.create(person=person, days=(today - timedelta(days=1), today + timedelta(days=days)))

    @rule(minutes=st.sampled_from([1, 3, 5, 15, 30, 60, -60, 600, 2000]))
    def time_passes(self, minutes):
        # A clock that steps back may delay a step; it never undoes or repeats one.
        self.now += timedelta(minutes=minutes)
        turn_due(now=self.now)

    @rule()
    def carry(self):
        """Do what the carrier does, on this machine's clock, and check each message at the door."""
        while claimed := claim(now=self.now, limit=50, channels=["email"]):
            words = kinds.compose(claimed, self.now)
            results = []
            for delivery in claimed:
                said = words[delivery.pk]
                again = isinstance(said, Exception)
                outcome = Outcome.TRY_AGAIN if again else Outcome.HANDED_OFF if said else Outcome.UNWANTED
                if outcome is Outcome.HANDED_OFF:
                    self.at_the_door(delivery)
                results.append(Result(delivery, outcome))
            finish(results, now=self.now, jitter=0.5)

    def at_the_door(self, delivery):
        call = Call.objects.get(pk=int(delivery.subject.partition(":")[2]))
        key = (delivery.subject, delivery.person_id, delivery.channel, delivery.kind, delivery.round)
        self.sent[key] += 1
        assert self.sent[key] == 1, "nobody gets the same alert twice"
        if delivery.kind in ("call.alert", "call.again"):
            assert call.state in LIVE, "no alert once it ended, or enough are coming"
            assert (call.pk, delivery.person_id) not in self.silenced, "who can't is left in peace"
            resting = Absence.objects.filter(person=delivery.person_id, days__contains=self.now.date())
            assert not resting.exists(), "who rests is left in peace"
        if delivery.kind == "call.standdown":
            assert call.state == CallState.COVERED
            assert (call.pk, delivery.person_id) not in self.silenced

    @invariant()
    def counted_right(self):
        for call in Call.objects.filter(pk__in=self.calls):
            counted = Counter(
                Invite.objects.filter(call=call, counted_for__isnull=False).values_list("counted_for", flat=True)
            )
            needs = {need.pk: need.count for need in CallNeed.objects.filter(call=call)}
            assert all(counted[need] <= needs[need] for need in counted)
            if call.state == CallState.COVERED:
                assert dict(counted) == needs
                assert not Invite.objects.filter(call=call, state=InviteState.INVITED).exists(), (
                    "the rest are stood down"
                )
                beyond = Invite.objects.filter(call=call, state=InviteState.COMING, counted_for__isnull=True)
                assert not beyond.exists(), "those beyond need are stood down"
            if call.state in LIVE:
                assert dict(counted) != needs, "enough is never overlooked"
                assert standing.take(call, now=self.now).matched.keys() == set(
                    Invite.objects.filter(call=call, counted_for__isnull=False).values_list("person_id", flat=True)
                )

    @invariant()
    def never_silent(self):
        for call in Call.objects.filter(pk__in=self.calls):
            if call.state in (CallState.CANCELLED, CallState.CLOSED):
                assert call.next_due_at is None
            else:
                assert call.next_due_at is not None, "whatever goes on is looked at again"
                assert call.next_due_at <= call.closes_at
            if call.state == CallState.EXPIRED:
                assert CallEvent.objects.filter(call=call, word="expired").exists()

    @invariant()
    def log_tells_each_wave_once(self):
        for call_id in self.calls:
            fired = CallEvent.objects.filter(call=call_id, word="wave").values_list("facts__rule", flat=True)
            assert len(fired) == len(set(fired))


@pytest.mark.django_db
def test_the_engine_holds_whatever_happens():
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=500 if LONG else 12,
            stateful_step_count=50 if LONG else 25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
