"""A walk over the call engine: whatever may happen to up to three calls, each deed judged by the oracle."""

from collections import Counter
from datetime import timedelta

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commons.notices import kinds
from commons.notices.actions.claims import Result, claim, finish
from commons.notices.states import Outcome
from commons.people.models import Absence
from commons.web.refusal import Refused
from pods.actions import answers, calls, turn
from pods.actions.statements import LATELY
from pods.models import Call
from pods.states import ENDED, LIVE, Answer, Via
from tests.factories import NOW
from tests.pods import oracle
from tests.pods.deeds import ANSWERS, CHANGED, DEEDS, HOURS, KINDS, MINUTES, NEEDS, NUMBERED, RESTS, WHICH, WHO, Locked
from tests.pods.oracle_messages import at_the_door
from tests.pods.seen import World, look
from tests.pods.step import ALERTS, Deed, Step


class Engine(RuleBasedStateMachine):
    """Twenty-two people in three pods, up to three calls, and whatever may happen to them."""

    # Laid down once by the test; each walk is rolled back.
    world: World

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        # The same numbers in every walk: sets of them are then in the same order, and a walk can be walked again.
        with connection.cursor() as cursor:
            for table in NUMBERED:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 100000, false)", [table])
        self.calls, self.rests, self.silenced = [], {}, set()
        self.sent, self.flying, self.more_by = Counter(), [], set()
        self.now, self.deed = NOW, Deed()
        self.seen = look(self.world, [], {})
        self.presses, self.given, self.keys = 0, {}, set()
        self.last = None

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(
        hours=st.sampled_from([0, 0, 7, 14]),
        kind=KINDS,
        anyone_and_interpreters=NEEDS,
        needed_in=HOURS,
        by=st.integers(0, 8),
    )
    def begin(self, hours, **call):
        self.now = NOW + timedelta(hours=hours)
        self.open(**call)

    def possible(self):
        """Return the names of the deeds that would mean something now, each as often as its weight says."""
        seen = self.seen
        states = {invite.state for invite in seen.invites.values()}
        queued = any(delivery.state == "queued" for delivery in seen.deliveries.values())
        means = {
            "come": any(seen.live(call) for call in self.calls), "change_mind": "coming" in states,
            "press_again": self.last, "second": any(seen.unconfirmed(call) for call in self.calls),
            "carry": queued, "hold": queued, "drop": queued, "land": self.flying,
        }  # fmt: skip
        return [deed for deed, weight in DEEDS.items() if means.get(deed, True) for _ in range(weight)]

    @precondition(lambda self: self.calls)
    @rule(deed=st.runner().flatmap(lambda self: st.sampled_from(self.possible())), which=WHICH, who=WHO)
    def happen(self, deed, which, who):
        """Let one thing happen: one rule for all, for else many a walk would leave most of them out."""
        getattr(self, deed)(which, who)

    # --- helpers -----------------------------------------------------------------------------

    def pick(self, which):
        return self.calls[which % len(self.calls)]

    def one_of(self, people, who):
        """Return one of these; of all, where there are none of them."""
        some = sorted(people) or sorted(self.world.by_id)
        return some[who % len(some)]

    def do(self, what, verb, *, call=None, person=None, said="", refused=None, **given):
        """Do it under watch; a refusal must come exactly where the oracle expects it."""
        came, no = None, False
        with connection.execute_wrapper(Locked()):
            try:
                came = verb(**given, now=self.now)
            except Refused:
                no = True
        assert refused is None or no == refused, f"{what} is refused exactly where it should be"
        repeated = bool(getattr(came, "repeated", False))
        self.deed = Deed(what, call, person, said, done=bool(came), refused=no, repeated=repeated)
        return came

    @invariant()
    def as_promised(self):
        after = look(self.world, self.calls, self.rests)
        oracle.check(Step(self.seen, after, self.deed, self.now, self.silenced))
        self.seen, self.deed = after, Deed()

    # --- calls -------------------------------------------------------------------------------

    # A second and a third call come once something has happened to those before.
    @precondition(lambda self: len(self.calls) < 3 and self.presses >= 5 * len(self.calls))
    @rule(kind=KINDS, anyone_and_interpreters=NEEDS, needed_in=HOURS, by=st.integers(0, 8))
    def raise_one(self, **call):
        self.open(**call)

    def open(self, kind, anyone_and_interpreters, needed_in, by):
        needs = zip((None, self.world.skill), anyone_and_interpreters, strict=True)
        call = self.do(
            "raise", calls.raise_call, by=self.world.people[by], pod=self.world.pod, kind=self.world.kinds[kind],
            block=self.world.pod.block, cross_street="Franklin & 4th", details="blue door", refused=False,
            needed_at=self.now + timedelta(hours=needed_in), needs=[(skill, count) for skill, count in needs if count],
        )  # fmt: skip
        self.calls.append(call.pk)

    def say(self, call, person, answer, *, key=""):
        invited = (call, person) in self.seen.invites
        seated = self.world.pods.get(person) == 0
        ended = self.seen.calls[call].state in ENDED
        self.presses += not key
        key = key or f"press {self.presses}"
        self.last = (call, person, key)
        lately = [at for at in self.given.get((call, person), ()) if at > self.now - LATELY]
        often = len(lately) >= answers.ANSWERS_AT_MOST and key not in self.keys
        said = self.do(
            "answer", answers.answer_call, call=call, person=person, said=answer.value, call_id=call, person_id=person,
            answer=answer, minutes=20, via=Via.PAGE, key=key,
            refused=often or (not invited and (ended or not seated)),
        )  # fmt: skip
        if said and not said.repeated:
            self.given.setdefault((call, person), []).append(self.now)
            self.keys.add(key)
            assert said.late == (self.seen.calls[call].state in (*ENDED, "expired"))
            if not ended:
                assert said.invite.answer == answer.value, "the last answer wins"
                (self.silenced.add if answer is Answer.CANT else self.silenced.discard)((call, person))
        return said

    def answer(self, which, who):
        call = self.pick(which)
        self.say(call, self.one_of({p for c, p in self.seen.invites if c == call}, who), ANSWERS[(which + who) % 4])

    def come(self, which, who):
        """Someone of those who were asked comes."""
        some = [call for call in self.calls if self.seen.live(call)]
        call = some[which % len(some)]
        self.say(call, self.one_of(self.seen.who(call, "invited"), who), Answer.COMING)

    def come_unasked(self, which, who):
        """One of the pod whom nobody asked yet comes by themself: pods claim."""
        call = self.pick(which)
        unasked = {person for person in self.world.members() if (call, person) not in self.seen.invites}
        self.say(call, self.one_of(unasked, who), Answer.COMING)

    def press_again(self, which, who):
        call, person, key = self.last
        known = (call, person) in self.seen.invites
        said = self.say(call, person, ANSWERS[(which + who) % 4], key=key)
        assert not known or said.repeated, "the same press is the same answer"

    def change_mind(self, which, who):
        some = [call for call in self.calls if self.seen.who(call, "coming")]
        call = some[which % len(some)]
        self.say(call, self.one_of(self.seen.who(call, "coming"), who), CHANGED[which])

    def more(self, which, who):
        call = self.pick(which)
        some = {p for c, p in self.more_by if c == call} if which else {p for c, p in self.seen.invites if c == call}
        person = self.one_of(some if who % 5 else (), who)
        row = self.seen.calls[call]
        no = (call, person) not in self.seen.invites or row.state not in LIVE or self.seen.unconfirmed(call)
        did = self.do("more", answers.call_more, call=call, person=person, call_id=call, person_id=person, refused=no)
        assert no or did == ((call, person) not in self.more_by), "each wish counts once"
        if did:
            self.more_by.add((call, person))

    def end(self, which, who):
        self.lead("cancel" if who % 2 else "close", which, who // 2)

    def second(self, which, who):
        self.lead("release" if who % 3 == 0 else "confirm", which, who // 2)

    def need_more(self, which, who):
        self.lead("need", which, who, skill=None, count=1)

    def lead(self, what, which, who, **given):
        """Let somebody run a call: its pod may, whoever raised it can't be the second, and an end is an end."""
        verb = {
            "cancel": calls.cancel_call, "close": calls.close_call, "confirm": calls.confirm_call,
            "release": calls.release_details, "need": calls.add_need,
        }[what]  # fmt: skip
        call, person = self.pick(which), self.world.people[who % 10]
        row = self.seen.calls[call]
        no = who % 10 == 9 or row.state in ENDED or (what == "need" and row.state == "expired")
        if what in ("confirm", "release") and row.needs_second and row.raised_by == person.pk:
            no = no or (row.confirmed_at if what == "confirm" else row.released_at) is None
        given |= {"by": person, "call": Call.objects.get(pk=call)}
        self.do(what, lambda now: verb(**given, now=now), call=call, person=person.pk, refused=no)

    def reveal(self, which, who):
        call = self.pick(which)
        row = self.seen.calls[call]
        person = self.one_of(self.seen.who(call, "coming", "stood_down", "afar") if who % 3 else (), who)
        invite = self.seen.invites.get((call, person))
        counted = invite is not None and invite.state == "coming" and invite.need is not None
        released = not row.needs_second or row.released_at is not None
        may = row.state not in ENDED and (row.raised_by == person or (counted and released))
        by, whole = self.world.by_id[person], Call.objects.get(pk=call)
        words = self.do("reveal", lambda now: calls.reveal_details(by=by, call=whole, now=now), refused=not may)
        assert words == ("blue door" if may else None)

    # --- people and time ---------------------------------------------------------------------

    def rest(self, which, who):
        """Some lie down for days of their own, or get up again; those first who are to be asked something."""
        waiting = {d.person for d in self.seen.deliveries.values() if d.state == "queued" and d.kind in ALERTS}
        down = {invite.person for invite in self.seen.invites.values() if invite.state == "stood_down"}
        for person in {self.one_of(waiting or down, place) for place in (who, who + 1, who + 2)}:
            Absence.objects.filter(person=person).delete()
            self.rests.pop(person, None)
            if days := RESTS[who % 4]:
                today = self.now.date() + timedelta(days=which - 1)
                self.rests[person] = (today, today + timedelta(days=days))
                Absence.objects.create(person_id=person, days=self.rests[person])

    def time_passes(self, which, who):
        # A clock that steps back may delay a step; it never undoes or repeats one.
        self.land()
        self.now += timedelta(minutes=MINUTES[who % len(MINUTES)])
        with connection.execute_wrapper(Locked()):
            for _ in range(5):
                if not turn.turn_due(now=self.now):
                    break
        self.deed = Deed("time")

    # --- messages ----------------------------------------------------------------------------

    def pick_up(self, limit):
        """Claim what is due as the carrier does, and check each message at the door."""
        claimed = claim(now=self.now, limit=limit, channels=["email"])
        words = kinds.compose(claimed, self.now)
        seen = look(self.world, self.calls, self.rests)
        for delivery in claimed:
            said = words[delivery.pk]
            at_the_door(seen, delivery, said, self.now)
            again = isinstance(said, Exception)
            outcome = Outcome.TRY_AGAIN if again else Outcome.HANDED_OFF if said else Outcome.UNWANTED
            if outcome is Outcome.HANDED_OFF:
                key = (delivery.subject, delivery.person_id, delivery.channel, delivery.kind, delivery.round)
                self.sent[key] += 1
                assert self.sent[key] == 1, "nobody gets the same message twice"
            self.flying.append(Result(delivery, outcome))
        return claimed

    def carry(self, which, who):
        self.land()
        while self.pick_up(50):
            self.land()

    def hold(self, which, who):
        """A worker has some messages in hand while the world goes on."""
        self.pick_up(1 + who % 5)

    def drop(self, which, who):
        """A worker takes some messages and dies; their lease ends by itself."""
        claim(now=self.now, limit=1 + who % 5, channels=["email"])

    def land(self, which=0, who=0):
        flying, self.flying = self.flying, []
        finish(flying, now=self.now, jitter=0.5)
