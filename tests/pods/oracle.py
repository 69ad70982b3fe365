"""What the engine promises, said a second time without its code: two sights of all rows and the deed between them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pods.states import ENDED, LIVE
from tests.pods.seen import Seen

ALERTS = ("call.alert", "call.again")
# A message of this kind waits only while its call stands so.
WAITS_WHILE = {
    "call.alert": LIVE,
    "call.again": LIVE,
    "call.standdown": {"covered"},
    "call.expired": {"expired"},
    "call.cancelled": {"cancelled"},
}
TOLD_BY = {"covered": "covered", "short": "short", "expired": "expired", "cancelled": "cancelled", "closed": "closed"}


@dataclass(frozen=True)
class Deed:
    """What was done: by whom, to which call, and what came back."""

    what: str = "nothing"
    call: int | None = None
    person: int | None = None
    said: str = ""
    # The engine answered that it did something.
    done: bool = False
    # It was refused, and with what right.
    refused: bool = False
    # The same press again.
    repeated: bool = False


@dataclass(frozen=True)
class Step:
    """One deed, what was seen before it and after it, and the time."""

    before: Seen
    after: Seen
    deed: Deed
    now: datetime
    # (call, person): said that they can't, and nothing else since.
    silenced: set[tuple[int, int]] = field(default_factory=set)

    def happened(self, call: int, word: str) -> int:
        return self.after.words(call).count(word) - self.before.words(call).count(word)

    def barred(self, person: int, call: int, *, last: bool = True) -> bool:
        """Return whether nobody could think that this person may be asked now."""
        b, a = self.before, self.after
        weary = not last and b.weary(person, call, self.now) and a.weary(person, call, self.now)
        return bool(a.resting(person, self.now) or b.busy(person, call) & a.busy(person, call) or weary)

    def free(self, person: int, call: int, *, last: bool = True) -> bool:
        """Return whether nothing at all speaks against asking this person."""
        b, a = self.before, self.after
        weary = not last and (b.weary(person, call, self.now) or a.weary(person, call, self.now))
        return not (a.resting(person, self.now) or b.busy(person, call) | a.busy(person, call) or weary)

    def fresh(self, rows: str, call: int) -> list:
        """Return the rows of this call that the deed brought."""
        old = getattr(self.before, rows)
        return [row for key, row in getattr(self.after, rows).items() if row.call == call and key not in old]

    def was(self, call: int) -> str:
        return self.before.calls[call].state if call in self.before.calls else "new"


def check(step: Step) -> None:
    """Raise AssertionError for whatever the engine should not have done, or should have."""
    for call in step.after.calls:
        if step.was(call) in ENDED:
            an_end_is_an_end(step, call)
            continue
        standing(step, call)
        clock(step, call)
        moves(step, call)
        fired = waves(step, call)
        for wave in fired:
            asked(step, call, wave, only=wave is fired[0])
        messages(step, call)


def an_end_is_an_end(step: Step, call: int) -> None:
    for rows in ("needs", "waves", "invites", "log", "links"):
        before, after = getattr(step.before, rows), getattr(step.after, rows)
        if rows == "links":
            assert {link for link in before if link[0] == call} == {link for link in after if link[0] == call}
        else:
            assert step.before.of(rows, call) == step.after.of(rows, call), f"{rows} of what has ended never change"
    assert step.before.calls[call] == step.after.calls[call]
    assert not step.fresh("deliveries", call), "no word after the end"


def standing(step: Step, call: int) -> None:
    """Who counts, and what the state says of it."""
    seen, row = step.after, step.after.calls[call]
    needs = {need.id: need for need in seen.of("needs", call)}
    counted = [invite for invite in seen.of("invites", call) if invite.need]
    assert all(invite.state == "coming" for invite in counted), "only those who come are counted"
    for need in needs.values():
        mine = [invite.person for invite in counted if invite.need == need.id]
        assert len(mine) <= need.count
        assert not need.skill or set(mine) <= seen.world.interpreters, "a need with a skill is filled by the skill"
    coming = seen.who(call, "coming")
    if row.state in ENDED:
        assert row.asked == len(seen.of("invites", call))
        assert row.came == len(counted)
        assert row.from_afar == len(seen.who(call, "afar"))
        return
    enough = seen.filled(call, coming) == seen.places(call)
    assert len(counted) == seen.filled(call, coming), "as many are counted as can be"
    if row.state == "covered":
        assert enough, "covered only with enough"
        assert not seen.who(call, "invited"), "the rest are stood down"
        assert len(coming) == len(counted), "those beyond need are stood down"
    assert row.state not in LIVE or not enough, "enough is never overlooked"
    for person in step.before.who(call, "coming") & coming:
        if step.before.invites[call, person].need:
            assert seen.invites[call, person].need, "who was told to come keeps their place"


def clock(step: Step, call: int) -> None:
    """Whatever goes on is looked at again, at the right time."""
    seen, row = step.after, step.after.calls[call]
    if row.state in ENDED:
        assert row.next_due_at is None
        assert not [wave for wave in seen.of("waves", call) if wave.state == "planned"]
        return
    assert row.deadline_at <= row.closes_at <= max(row.needed_at, row.deadline_at) + timedelta(hours=12)
    if row.state not in LIVE:
        assert row.next_due_at == row.closes_at
    else:
        planned = [wave.due_at for wave in seen.of("waves", call) if wave.state == "planned"]
        held = seen.unconfirmed(call)
        assert row.next_due_at == min([row.deadline_at, *([] if held else planned[:1])])
    if step.deed.what == "time" or (step.deed.call == call and step.deed.what in ("confirm", "answer", "need")):
        live = step.was(call) in LIVE and row.state in LIVE and not (step.deed.refused or step.deed.repeated)
        assert not live or row.next_due_at > step.now, "what is due is done"
    if step.deed.what == "time":
        assert row.next_due_at > step.now, "never silent"


def moves(step: Step, call: int) -> None:
    """How a state follows from another, and that the log tells it."""
    was, row = step.was(call), step.after.calls[call]
    if was != row.state and was != "new":
        assert step.happened(call, TOLD_BY[row.state]) == 1, "the log tells each step"
        assert row.version > step.before.calls[call].version
    if step.happened(call, "expired"):
        assert row.deadline_at <= step.now, "nobody gives up before the time is out"
    if row.state == "closed":
        assert row.closes_at <= step.now or step.deed.what == "close"
    if row.state == "cancelled":
        assert step.deed.what == "cancel"
    assert step.after.words(call).count("covered") == row.covers
    if step.happened(call, "short"):
        again = {p for p in step.before.who(call, "stood_down") if step.free(p, call)}
        if row.deadline_at > step.now:
            told = {d.person for d in step.fresh("deliveries", call) if d.kind == "call.again"}
            assert again <= told, "who was stood down is asked again"
            assert again <= step.after.who(call, "invited")


def hastened(step: Step, call: int) -> bool:
    """Return whether the deed brings the next wave forward."""
    deed = step.deed
    if step.happened(call, "short"):
        return step.after.live(call)
    if deed.call != call or deed.refused or deed.repeated:
        return False
    if deed.what == "more":
        return deed.done
    if deed.what != "answer" or deed.said != "cant" or not step.after.live(call) or step.was(call) not in LIVE:
        return False
    hopeful = {p for p in step.after.who(call, "invited", "coming") if (call, p) in step.before.invites}
    return step.after.filled(call, hopeful) < step.after.places(call)


def waves(step: Step, call: int) -> list:
    """Check that waves fire once, in order, in time; return those that fired now."""
    old = {wave.id: wave for wave in step.before.of("waves", call)}
    rows = step.after.of("waves", call)
    fired = [w for w in rows if w.state == "fired" and (w.id not in old or old[w.id].state != "fired")]
    for wave in rows:
        if wave.id in old and old[wave.id].state == "fired":
            assert wave == old[wave.id], "a wave fires once"
        if wave.state == "fired":
            assert all(other.state == "fired" for other in rows if other.ordinal < wave.ordinal), "in order"
    assert step.after.words(call).count("wave") == sum(wave.state == "fired" for wave in rows)
    early = hastened(step, call)
    if step.after.unconfirmed(call):
        assert all(wave.ordinal == 0 for wave in fired), "what one person said alone stays in the first wave"
    elif early and step.after.live(call):
        assert fired or not [w for w in old.values() if w.state == "planned"], "whoever asks for more gets it now"
    for wave in fired:
        assert wave.due_at <= step.now or early, "no wave before its time"
        early = wave.asked == 0
    return fired


def asked(step: Step, call: int, wave, *, only: bool) -> None:
    """Check whom a wave asked: nobody it must not, everybody it should."""
    seen, world, now = step.after, step.after.world, step.now
    if wave.rule == "silent":
        return
    last = wave.rule == "organizers"
    new = [i.person for i in step.fresh("invites", call) if i.wave == wave.id]
    new = [p for p in new if (step.deed.what, step.deed.call, step.deed.person) != ("answer", call, p)]
    assert len(new) == wave.asked
    pool = {
        "best_fit": world.members(), "pod": world.members(), "sisters": world.sisters(),
        "organizers": {*world.organizers, *world.members()},
    }[wave.rule]  # fmt: skip
    assert set(new) <= set(pool), "a wave asks those whom it is for"
    barred = [person for person in new if step.barred(person, call, last=last)]
    assert not barred, "who rests, comes elsewhere, or gave enough this week is left in peace"
    left = [p for p in pool if (call, p) not in seen.invites and step.free(p, call, last=last)]
    if wave.rule in ("pod", "organizers"):
        assert not left, "nobody is forgotten"
        return
    skilled, anyone = seen.lacking(call)
    spread = seen.calls[call].spread * (2 if wave.rule == "sisters" else 1)
    assert len(new) <= spread * max(1, skilled + anyone), "never more than the wave is for"
    awake = [p for p in left if not seen.asleep(p, call, now)]
    fitting = [p for p in awake if anyone or p in world.interpreters or wave.rule == "best_fit"]
    assert new or not fitting, "a wave that could ask somebody does"
    if wave.rule == "best_fit":
        assert not [p for p in new if seen.asleep(p, call, now)], "the awake first"
    if skilled and any(p in world.interpreters for p in fitting):
        assert any(p in world.interpreters for p in new), "the rare skill is asked first"
    if fitting and anyone and only:
        farthest = max((world.pods[p] for p in new if p not in world.interpreters), default=0)
        assert farthest <= min(world.pods[p] for p in fitting), "the nearest are asked first"


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
