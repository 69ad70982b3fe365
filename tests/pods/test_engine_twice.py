"""Said twice, asked twice: a place once given stays, and nobody is asked twice in one breath."""

from datetime import timedelta
from uuid import uuid4

import pytest

from commons import clock
from commons.notices import kinds
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.actions.claims import claim
from commons.notices.models import Delivery
from pods.actions.calls import cancel_call
from pods.actions.turn import turn_due
from pods.models import CallWave, Invite
from tests.factories import PodFactory, SkillFactory, offer
from tests.pods.test_engine_people import addresses, asked, call_from, of, people_of, say

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now():
    return clock.now()


def alerts_to(call, person):
    """Return what asks this person, kind and round."""
    found = of(call, person, kind__in=["call.alert", "call.again"])
    return sorted(found.values_list("kind", "round"))


def test_who_says_again_that_they_come_keeps_their_place(now):
    """Five minutes later than they said first: someone who waits beyond need does not slip in before them."""
    pod = PodFactory(members=8)
    offer(people_of(pod)[7], "interpreter_es", now=now)
    call = call_from(pod, now, needs=[(SkillFactory(key="interpreter_es"), 1), (None, 1)])
    first, second = [person for person in people_of(pod) if person != people_of(pod)[7]][:2]
    say(call, first, "coming", now)
    say(call, second, "coming", now + MINUTE)
    assert say(call, first, "coming", now + 2 * MINUTE).invite.counted_for_id is not None
    assert Invite.objects.get(call=call, person=second).counted_for_id is None


def test_waves_that_are_late_together_ask_nobody_twice(now):
    """No worker ran for a while: whom the second wave asks now is not silent yet."""
    call = call_from(PodFactory(members=8), now, need=2, hours=30)
    first = asked(call)
    turn_due(now=now + 40 * MINUTE)
    assert {person: alerts_to(call, person) for person in asked(call)} == {
        person: [("call.alert", 0), ("call.alert", 1)] if person in first else [("call.alert", 0)]
        for person in people_of(call.pod)
    }


def test_who_is_asked_again_is_not_taken_for_silent_in_the_same_breath(now):
    call = call_from(PodFactory(members=8), now, need=1, hours=30)
    turn_due(now=now + 15 * MINUTE)
    Delivery.objects.filter(subject=call.subject).update(state="handed_off")
    comes, *others = asked(call)
    say(call, comes, "coming", now + 16 * MINUTE)
    say(call, comes, "cant", now + 17 * MINUTE)
    for person in others:
        assert alerts_to(call, person) == [("call.again", 1), ("call.alert", 0)]


def test_a_member_who_claimed_and_was_not_needed_is_asked_again_when_someone_withdraws(now, smtp_sink):
    """No wave had reached them, so that no message had given them a link yet."""
    call = call_from(PodFactory(members=8), now, need=1)
    comes = asked(call)[0]
    say(call, comes, "coming", now)
    claims = next(person for person in people_of(call.pod) if person not in asked(call))
    assert say(call, claims, "coming", now + MINUTE).invite.state == "stood_down"
    say(call, comes, "cant", now + 2 * MINUTE)
    Delivery.objects.filter(subject=call.subject).update(due_at=now)
    carry_due()
    let_go()
    assert of(call, claims, kind="call.again").get().state == "handed_off"
    assert claims.email in addresses(smtp_sink)


def test_a_cant_hurries_the_next_wave_only_when_those_left_are_too_few(now):
    call = call_from(PodFactory(members=8), now, need=2, hours=30)
    fired = []
    for person in asked(call)[:3]:
        say(call, person, "cant", now + MINUTE)
        fired.append(CallWave.objects.filter(call=call, state="fired").count())
    assert fired == [1, 1, 2]


@pytest.mark.parametrize("ends", ["covered", "cancelled"])
def test_whoever_may_be_reading_the_alert_now_is_told_once_that_is_known(now, ends):
    """A worker holds the alert when enough come, or the call is called off: thanks wait until it is known to be out."""
    call = call_from(PodFactory(members=8), now, need=1)
    comes, hears, *_others = asked(call)
    held = of(call, hears).get()
    Delivery.objects.filter(pk=held.pk).update(state="leased", lease_token=uuid4())
    if ends == "covered":
        say(call, comes, "coming", now)
    else:
        cancel_call(by=comes, call=call, now=now)
    # The held one is under its lease: what is due now is the farewell.
    Delivery.objects.filter(pk=held.pk).update(due_at=now + MINUTE)
    farewell = next(one for one in claim(now=now, limit=20, channels=["email"]) if one.person_id == hears.pk)
    assert isinstance(kinds.compose([farewell], now)[farewell.pk], Exception)
    Delivery.objects.filter(pk=held.pk).update(state="handed_off", lease_token=None)
    assert isinstance(kinds.compose([farewell], now)[farewell.pk], kinds.Words)
    Delivery.objects.filter(pk=held.pk).update(state="suppressed")
    assert kinds.compose([farewell], now)[farewell.pk] is None
