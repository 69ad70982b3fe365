"""The call engine, step by step, on the real database."""

from datetime import timedelta

import pytest

from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery, Link
from commons.web.refusal import Refused, TooOften
from pods.actions.answers import answer_call, call_more
from pods.actions.calls import add_need, cancel_call, close_call, confirm_call, raise_call
from pods.actions.turn import turn_due
from pods.models import Call, CallWave, Invite
from pods.states import Answer, Via
from tests.factories import KindFactory, PersonFactory, PodFactory, SkillFactory, offer, organizer

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    from commons import clock

    return clock.now()


@pytest.fixture
def pod():
    return PodFactory(members=8)


def people_of(pod):
    return [seat.person for seat in pod.memberships.order_by("seat").select_related("person")]


def call_from(pod, now, *, needs=((None, 2),), kind="eviction", by=None, hours=5, **more):
    raiser = by or people_of(pod)[0]
    return raise_call(
        by=raiser, pod=pod, kind=KindFactory(key=kind), block=pod.block, cross_street="Franklin & 4th",
        details="Third floor, ask for the blue door", needed_at=now + timedelta(hours=hours),
        needs=list(needs), now=now, **more,
    )  # fmt: skip


def say(call, person, answer, now, key=None, minutes=20):
    return answer_call(
        call_id=call.pk, person_id=person.pk, answer=Answer(answer), minutes=minutes, via=Via.PAGE,
        key=key or f"{person.pk}-{answer}-{now.timestamp()}", now=now,
    )  # fmt: skip


def states(call):
    return sorted(Invite.objects.filter(call=call).values_list("state", flat=True))


def alerts(call, **more):
    return Delivery.objects.filter(subject=call.subject, kind="call.alert", **more)


def test_raising_asks_the_first_wave_and_freezes_the_plan(pod, now):
    call = call_from(pod, now)
    assert call.state == "open"
    assert states(call) == ["invited"] * 4
    assert alerts(call).count() == 4
    assert list(CallWave.objects.filter(call=call).values_list("rule", "state")) == [
        ("best_fit", "fired"), ("pod", "planned"), ("silent", "planned"), ("sisters", "planned"),
        ("organizers", "planned"),
    ]  # fmt: skip
    assert call.next_due_at == now + timedelta(minutes=15)


def test_whoever_raises_it_and_comes_counts_at_once_and_is_not_asked(pod, now):
    raiser = people_of(pod)[0]
    call = call_from(pod, now, by=raiser, coming=True)
    assert states(call) == ["coming", *["invited"] * 2]
    assert not alerts(call, person=raiser).exists()
    own = Invite.objects.get(call=call, person=raiser)
    assert (own.answer, own.minutes, own.answered_at) == ("coming", 300, now)
    assert own.counted_for == call.needs.get()
    assert Link.objects.filter(subject=call.subject, person=raiser).count() == 1
    other = Invite.objects.filter(call=call, state="invited").first().person
    assert say(call, other, "coming", now).call.state == "covered"
    say(call, raiser, "cant", now + timedelta(minutes=1))
    assert alerts(call, person=raiser).count() == 0
    assert Call.objects.get().state == "short"


def test_one_who_raises_a_call_that_they_can_answer_alone_asks_nobody(pod, now):
    call = call_from(pod, now, needs=[(None, 1)], coming=True)
    assert (call.state, states(call), alerts(call).count()) == ("covered", ["coming"], 0)


def test_coming_without_the_skill_that_is_needed_fills_no_place(pod, now):
    skill = SkillFactory(key="nurse")
    nurse = people_of(pod)[3]
    offer(nurse, skill)
    call = call_from(pod, now, needs=[(skill, 1)], coming=True)
    assert Invite.objects.get(call=call, person=people_of(pod)[0]).counted_for is None
    assert alerts(call, person=nurse).count() == 1


def test_a_call_goes_out_and_enough_people_come(pod, now, smtp_sink):
    call = call_from(pod, now)
    assert carry_due() == 4
    asked = [invite.person for invite in Invite.objects.filter(call=call).order_by("id")]
    say(call, asked[0], "coming", now)
    said = say(call, asked[1], "coming", now)
    assert said.call.state == "covered"
    assert states(call) == ["coming", "coming", "stood_down", "stood_down"]
    assert carry_due() == 2
    let_go()
    subjects = [received.mail["Subject"] for received in smtp_sink.received]
    assert sorted(subjects) == ["Can you help?"] * 4 + ["Thank you, enough are coming"] * 2


def test_a_withdrawal_makes_it_short_and_asks_again(pod, now, smtp_sink):
    call = call_from(pod, now)
    carry_due()
    asked = [invite.person for invite in Invite.objects.filter(call=call).order_by("id")]
    say(call, asked[0], "coming", now)
    say(call, asked[1], "coming", now)
    said = say(call, asked[0], "cant", now + timedelta(minutes=1))
    assert said.call.state == "short"
    assert CallWave.objects.get(call=call, ordinal=1).state == "fired"
    assert Delivery.objects.filter(subject=call.subject, kind="call.again").count() == 2
    assert Delivery.objects.filter(subject=call.subject, kind="call.standdown", state="suppressed").count() == 2
    say(call, asked[2], "coming", now + timedelta(minutes=2))
    assert Call.objects.get(pk=call.pk).state == "covered"
    let_go()


def test_waves_follow_and_the_end_is_told(now):
    pod = PodFactory(members=8)
    sister = PodFactory(members=6, block=pod.block)
    boss = organizer(PersonFactory(), now=now)
    call = call_from(pod, now, needs=[(None, 3)], hours=30)
    for minutes in (15, 30, 45, 90):
        assert turn_due(now=now + timedelta(minutes=minutes)) == 1
    assert Invite.objects.filter(call=call, person__in=people_of(pod)).count() == 8
    assert Invite.objects.filter(call=call, person__in=people_of(sister)).count() == 6
    assert Invite.objects.filter(call=call, person=boss).count() == 1
    assert alerts(call, round=1).count() == 8
    assert turn_due(now=now + timedelta(hours=23)) == 0
    assert turn_due(now=now + timedelta(hours=24)) == 1
    call.refresh_from_db()
    assert call.state == "expired"
    assert Delivery.objects.filter(subject=call.subject, kind="call.expired", person=boss).exists()


def test_a_raid_waits_for_a_second_member(pod, now):
    call = call_from(pod, now, kind="raid", needs=[(None, 4)], hours=0)
    turn_due(now=now + timedelta(minutes=30))
    assert CallWave.objects.filter(call=call, state="fired").count() == 1
    confirm_call(by=people_of(pod)[1], call=call, now=now + timedelta(minutes=31))
    assert CallWave.objects.filter(call=call, state="fired").count() >= 2


def test_skills_are_matched_to_needs(pod, now):
    people = people_of(pod)
    offer(people[3], "interpreter_es", now=now)
    offer(people[4], "interpreter_es", limits=("no_police",), now=now)
    skill = SkillFactory(key="interpreter_es")
    call = call_from(pod, now, needs=[(skill, 1), (None, 1)])
    assert people[3].pk in Invite.objects.filter(call=call).values_list("person_id", flat=True)
    others = [i.person for i in Invite.objects.filter(call=call).exclude(person__in=[people[3], people[4]])]
    say(call, people[3], "coming", now)
    assert Call.objects.get(pk=call.pk).state == "open"
    assert say(call, others[0], "coming", now).call.state == "covered"


def test_call_more_is_no_answer_and_counts_once(pod, now):
    call = call_from(pod, now)
    person = Invite.objects.filter(call=call).first().person
    assert call_more(call_id=call.pk, person_id=person.pk, now=now) is True
    assert call_more(call_id=call.pk, person_id=person.pk, now=now) is False
    assert CallWave.objects.filter(call=call, state="fired").count() == 2
    assert Invite.objects.get(call=call, person=person).state == "invited"


def test_replayed_key_changes_nothing(pod, now):
    call = call_from(pod, now)
    person = Invite.objects.filter(call=call).first().person
    say(call, person, "coming", now, key="k")
    assert say(call, person, "cant", now, key="k").repeated
    assert Invite.objects.get(call=call, person=person).state == "coming"


def test_hammering_a_link_is_refused_and_moves_nothing(pod, now):
    call = call_from(pod, now)
    person, other = [invite.person for invite in Invite.objects.filter(call=call)[:2]]
    for n in range(30):
        say(call, person, ("coming", "cant")[n % 2], now, key=f"k{n}")
    with pytest.raises(TooOften):
        say(call, person, "coming", now, key="once more")
    assert Invite.objects.get(call=call, person=person).state == "cant"
    # The same press again is no new one; others, and the same person later, go on.
    assert say(call, person, "cant", now, key="k29").repeated
    assert not say(call, other, "coming", now, key="k").repeated
    assert not say(call, person, "coming", now + timedelta(minutes=11), key="later").repeated


def test_cancelling_tells_those_reached(pod, now, smtp_sink):
    call = call_from(pod, now)
    carry_due()
    cancel_call(by=people_of(pod)[0], call=call, now=now)
    told = Delivery.objects.filter(subject=call.subject, kind="call.cancelled").count()
    assert told >= 3
    assert say(call, Invite.objects.filter(call=call).first().person, "coming", now).late
    assert Call.objects.get(pk=call.pk).state == "cancelled"
    let_go()


def test_a_covered_call_with_a_new_need_is_short(pod, now):
    call = call_from(pod, now, needs=[(None, 1)])
    asked = [invite.person for invite in Invite.objects.filter(call=call)]
    say(call, asked[0], "coming", now)
    add_need(by=people_of(pod)[0], call=call, skill=None, count=1, now=now)
    assert Call.objects.get(pk=call.pk).state == "short"
    close_call(by=people_of(pod)[0], call=call, now=now)
    assert Call.objects.get(pk=call.pk).state == "closed"


def test_a_member_whom_no_wave_has_reached_may_claim(pod, now):
    call = call_from(pod, now)
    unasked = next(p for p in people_of(pod) if not Invite.objects.filter(call=call, person=p).exists())
    assert say(call, unasked, "coming", now).invite.counted_for_id is not None
    turn_due(now=now + timedelta(minutes=15))
    assert not alerts(call, person=unasked).exists(), "who has answered is not asked"
    stranger = PersonFactory()
    with pytest.raises(Refused):
        say(call, stranger, "coming", now)
    with pytest.raises(Refused):
        call_more(call_id=call.pk, person_id=stranger.pk, now=now)
