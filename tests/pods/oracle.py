"""What the engine promises, said a second time without its code: two sights of all rows and the deed between them."""

from datetime import timedelta

from pods.states import ENDED, LIVE
from tests.pods.oracle_messages import messages
from tests.pods.step import Step

TOLD_BY = {"covered": "covered", "short": "short", "expired": "expired", "cancelled": "cancelled", "closed": "closed"}


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
