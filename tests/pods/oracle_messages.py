"""What the engine promises of its messages: who hears what, when it is taken back, and what leaves the door."""

from datetime import datetime

from pods.states import LIVE
from tests.pods.seen import Seen
from tests.pods.step import ALERTS, Step

# A message of this kind waits only while its call stands so.
WAITS_WHILE = {
    "call.alert": LIVE,
    "call.again": LIVE,
    "call.standdown": {"covered"},
    "call.expired": {"expired"},
    "call.cancelled": {"cancelled"},
}


def messages(step: Step, call: int) -> None:
    """Check what was queued by the deed, and what still waits."""
    seen, row = step.after, step.after.calls[call]
    for delivery in seen.of("deliveries", call):
        # What a worker had in hand comes back to the queue, and is asked about again at the door.
        if delivery.state == "queued" and not delivery.attempts:
            assert row.state in WAITS_WHILE[delivery.kind], "what is not wanted any more is withdrawn"
    new = step.fresh("deliveries", call)
    alerted = [d.person for d in new if d.kind in ALERTS]
    assert len(alerted) == len(set(alerted)), "nobody is asked twice in one breath"
    invited = {i.person for i in step.fresh("invites", call)}
    if step.deed.what == "answer" and step.deed.call == call:
        invited.discard(step.deed.person)
    assert invited == {d.person for d in new if d.kind == "call.alert" and d.round == 0}, "who is asked hears of it"
    assert {(call, person) for person in invited} <= seen.links, "with a link to answer by"
    for delivery in new:
        if delivery.kind in ALERTS:
            alert(step, call, delivery)
    silent = [w for w in seen.of("waves", call) if w.rule == "silent" and w.fired_at and step.was(call) != "new"]
    if silent and step.before.waves[silent[0].id].state == "planned":
        quiet = step.before.who(call, "invited") & seen.who(call, "invited")
        quiet = {p for p in quiet if step.free(p, call) and not seen.asleep(p, call, step.now)}
        assert quiet <= {d.person for d in new if d.round == 1 and d.kind == "call.alert"}, "the silent, once more"
    farewells(step, call, new)


def alert(step: Step, call: int, delivery) -> None:
    person, now = delivery.person, step.now
    until = step.after.asleep(person, call, now)
    assert (call, person) not in step.silenced, "who can't is left in peace"
    assert not step.barred(person, call), "who rests or comes elsewhere is left in peace"
    assert delivery.due_at == (until or now), "nobody is woken, nobody waits"
    assert delivery.expires_at == step.after.calls[call].deadline_at
    if delivery.round and delivery.kind == "call.alert":
        assert until is None
        assert person in step.before.who(call, "invited"), "asked once more, after being asked"
    if delivery.kind == "call.again":
        assert step.happened(call, "short")
        assert person in step.before.who(call, "stood_down")


def farewells(step: Step, call: int, new: list) -> None:
    """Thanks, the loud end, and calling off: to each who has to hear of it, and nobody else."""
    seen, before = step.after, step.before
    told = {kind: [d.person for d in new if d.kind == kind] for kind in WAITS_WHILE}
    assert all(len(people) == len(set(people)) for people in told.values())
    if step.was(call) == "new":
        assert not [*told["call.standdown"], *told["call.cancelled"]]
        return
    known = before.reached(call) | {i.person for i in before.of("invites", call) if i.answer}
    if step.deed.what == "answer" and step.deed.call == call:
        known.add(step.deed.person)
    down = set()
    if step.happened(call, "covered"):
        down = (seen.who(call, "stood_down") - before.who(call, "stood_down")) & known
    assert set(told["call.standdown"]) == down, "thanked are those who heard of it, and all of them"
    end = set()
    if step.happened(call, "expired"):
        raiser = seen.calls[call].raised_by
        end = seen.world.organizers | ({raiser} & set(seen.world.members())) | seen.who(call, "coming")
    assert set(told["call.expired"]) == end, "that time ran out is told to organizers, the raiser and those coming"
    off = set()
    if step.happened(call, "cancelled"):
        off = (before.who(call, "invited", "coming", "afar") & known) - {step.deed.person}
    assert set(told["call.cancelled"]) == off, "called off is told to those who heard of it, and all of them"


def at_the_door(seen: Seen, delivery, said: object, now: datetime) -> None:
    """Check that a message goes out if and only if it is wanted at this moment."""
    call = int(delivery.subject.partition(":")[2])
    state, invite = seen.calls[call].state, seen.invites.get((call, delivery.person_id))
    if delivery.kind in ALERTS:
        wanted = state in LIVE and invite.state == "invited" and not seen.resting(delivery.person_id, now)
    elif delivery.kind == "call.expired":
        wanted = state == "expired"
    else:
        alerts = [d for d in seen.of("deliveries", call) if d.person == delivery.person_id and d.kind in ALERTS]
        heard = bool(invite.answer) or any(alert.state == "handed_off" for alert in alerts)
        hearing = any(alert.state == "leased" for alert in alerts)
        down = delivery.kind == "call.cancelled" or invite.state == "stood_down"
        stands = down and state in WAITS_WHILE[delivery.kind]
        wanted = stands and heard
        if stands and hearing and not heard:
            assert isinstance(said, Exception), "whoever may be hearing of it now is thanked once that is known"
            return
    assert bool(said) == wanted, f"{delivery.kind} goes out if it is wanted, and only then"
    assert not isinstance(said, Exception)
