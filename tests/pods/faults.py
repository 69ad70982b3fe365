"""Faults planted in the call engine one at a time, by which the tests of the engine are measured.

Each is a slip that somebody could make: a check left out, a comparison turned round, a message too many. They are
planted where modules meet, in every module that imported the name, so that rewriting the inside of an action leaves
them in place; a name that is gone fails loudly.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

from commons.notices.actions import links, outbox
from commons.web.refusal import Refused
from pods.actions import answers, asking, calls, rows, standing, turn
from pods.models import Call, CallWave, Invite
from pods.queries import messages, reach
from pods.rules import fit, matching, quiet, waves

Plant = Callable[[Any], None]
FAULTS: dict[str, Plant] = {}


def fault(name: str) -> Callable[[Plant], Plant]:
    """Name a fault; planting it takes pytest's monkeypatch."""

    def register(plant: Plant) -> Plant:
        FAULTS[name] = plant
        return plant

    return register


def everywhere(patch: Any, home: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put `make(original)` in the place of a function, in each module that imported it."""
    original = getattr(home, name)
    planted = make(original)
    for module in [module for key, module in sys.modules.items() if key.startswith(("pods.", "commons."))]:
        if getattr(module, name, None) is original:
            patch.setattr(module, name, planted)


def people_seen(patch: Any, **told: Any) -> None:
    """Let the engine believe this of everybody whom it might ask."""
    everywhere(
        patch, reach, "_known",
        lambda original: lambda *args: [replace(person, **told) for person in original(*args)],
    )  # fmt: skip


def queued(patch: Any, unless: Callable[[dict[str, Any]], bool]) -> None:
    """Leave out messages of which `unless` says so."""
    everywhere(patch, outbox, "enqueue", lambda original: lambda **said: 0 if unless(said) else original(**said))


def kept(patch: Any, unless: Callable[[list[str]], bool]) -> None:
    """Withdraw nothing where `unless` says so of the kinds."""

    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *, kinds, **said: set() if unless(list(kinds)) else original(kinds=kinds, **said)

    everywhere(patch, outbox, "suppress", make)


# --- left in peace -------------------------------------------------------------------------------


@fault("rest ignored at the door")
def _(patch: Any) -> None:
    patch.setattr(messages, "_resting", lambda _readers, _now: set())


@fault("rest counted in the server's days")
def _(patch: Any) -> None:
    patch.setattr(messages, "zone", lambda _name: UTC)


@fault("rest ignored when choosing")
def _(patch: Any) -> None:
    people_seen(patch, resting=False)


@fault("the busy are asked")
def _(patch: Any) -> None:
    people_seen(patch, busy=False)


@fault("the busy are asked again")
def _(patch: Any) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def ask_again(*args: Any, **said: Any) -> Any:
            with patch.context() as inner:
                people_seen(inner, busy=False)
                return original(*args, **said)

        return ask_again

    everywhere(patch, asking, "ask_again", make)


@fault("those who gave enough are asked early")
def _(patch: Any) -> None:
    people_seen(patch, carried=-1)


@fault("quiet hours ignored")
def _(patch: Any) -> None:
    everywhere(patch, quiet, "asleep_until", lambda _original: lambda **_said: None)


@fault("the urgent wakes everybody")
def _(patch: Any) -> None:
    everywhere(patch, quiet, "asleep_until", lambda real: lambda **said: real(**{**said, "may_wake": True}))


@fault("the urgent wakes nobody")
def _(patch: Any) -> None:
    everywhere(patch, quiet, "asleep_until", lambda real: lambda **said: real(**{**said, "urgent": False}))


@fault("who said can't is asked once more")
def _(patch: Any) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def enqueue(**said: Any) -> int:
            if said["kind"] == "call.alert" and said.get("round"):
                call = said["subject"].partition(":")[2]
                no = Invite.objects.filter(call=call, state="cant").values_list("person_id", flat=True)
                said["people"] = [*said["people"], *no]
            return int(original(**said))

        return enqueue

    everywhere(patch, outbox, "enqueue", make)


# --- waves ---------------------------------------------------------------------------------------


@fault("waves fire twice")
def _(patch: Any) -> None:
    def make(original: Callable[..., int]) -> Callable[..., int]:
        def fire(call: Call, wave: CallWave, *args: Any, **said: Any) -> int:
            asked = original(call, wave, *args, **said)
            wave.state = "planned"
            return asked

        return fire

    everywhere(patch, asking, "fire", make)


@fault("the next wave comes though somebody was asked")
def _(patch: Any) -> None:
    def make(original: Callable[..., int]) -> Callable[..., int]:
        return lambda *args, **said: original(*args, **said) * 0

    everywhere(patch, asking, "fire", make)


@fault("an unconfirmed raid widens")
def _(patch: Any) -> None:
    patch.setattr(Call, "unconfirmed", property(lambda _call: False))


@fault("sister pods in no order")
def _(patch: Any) -> None:
    people_seen(patch, distance=0.0)


@fault("asks twice as many as it should")
def _(patch: Any) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda needs, lacking, people, here, spread: original(needs, lacking, people, here, spread * 2 + 1)

    everywhere(patch, fit, "best", make)


@fault("nobody is hurried by a can't")
def _(patch: Any) -> None:
    patch.setattr(standing.Standing, "could_still_fill", lambda _standing: True)


@fault("every can't hurries")
def _(patch: Any) -> None:
    patch.setattr(standing.Standing, "could_still_fill", lambda _standing: False)


@fault("more people as often as one likes")
def _(patch: Any) -> None:
    def make(original: Callable[..., bool]) -> Callable[..., bool]:
        def call_more(**said: Any) -> bool:
            did = original(**said)
            Invite.objects.filter(call=said["call_id"], person=said["person_id"]).update(asked_for_more_at=None)
            return did

        return call_more

    everywhere(patch, answers, "call_more", make)


@fault("an alert without a link")
def _(patch: Any) -> None:
    def make(original: Callable[..., None]) -> Callable[..., None]:
        return lambda *, expires_at, **said: original(expires_at=expires_at - timedelta(days=3), **said)

    everywhere(patch, links, "give", make)


# --- counting and the clock ----------------------------------------------------------------------


@fault("enough is one too few")
def _(patch: Any) -> None:
    def enough(needs: Any, matched: dict[int, int]) -> bool:
        return len(matched) >= max(1, sum(need.count for need in needs) - 1)

    patch.setattr(matching, "enough", enough)


@fault("enough is one too many")
def _(patch: Any) -> None:
    patch.setattr(matching, "enough", lambda needs, matched: len(matched) > sum(need.count for need in needs))


@fault("a need with a skill takes anyone")
def _(patch: Any) -> None:
    everywhere(
        patch, matching, "match",
        lambda real: lambda needs, people: real([replace(need, skill=None) for need in needs], people),
    )  # fmt: skip


@fault("the last to come take the places")
def _(patch: Any) -> None:
    everywhere(patch, matching, "match", lambda real: lambda needs, people: real(needs, list(people)[::-1]))


@fault("the first fit and nobody moves over")
def _(patch: Any) -> None:
    def match(needs: Any, people: Any) -> dict[int, int]:
        matched: dict[int, int] = {}
        for person in people:
            for need in sorted(needs, key=lambda need: need.skill is not None):
                fits = need.skill is None or need.skill in person.skills
                if fits and list(matched.values()).count(need.id) < need.count:
                    matched[person.id] = need.id
                    break
        return matched

    everywhere(patch, matching, "match", lambda _real: match)


@fault("the deadline is two hours long")
def _(patch: Any) -> None:
    everywhere(patch, turn, "_next_due", lambda real: lambda call, at: real(call, at) + timedelta(hours=2))


@fault("the deadline turned round")
def _(patch: Any) -> None:
    def make(original: Callable[..., Any]) -> Callable[..., Any]:
        def step(call: Call, *, now: Any, **said: Any) -> Any:
            real, call.deadline_at = call.deadline_at, now if now < call.deadline_at else now + timedelta(minutes=1)
            try:
                return original(call, now=now, **said)
            finally:
                call.deadline_at = real

        return step

    everywhere(patch, turn, "step", make)


@fault("a call never closes by itself")
def _(patch: Any) -> None:
    patch.setattr(waves, "CLOSES_AFTER", timedelta(days=300))


# --- what is told, and what is taken back ----------------------------------------------------------


@fault("stand-down not withdrawn when someone withdraws")
def _(patch: Any) -> None:
    kept(patch, lambda kinds: kinds == ["call.standdown"])


@fault("alerts not withdrawn when enough come")
def _(patch: Any) -> None:
    kept(patch, lambda kinds: "call.alert" in kinds and "call.standdown" not in kinds)


@fault("nothing withdrawn at the end")
def _(patch: Any) -> None:
    kept(patch, lambda kinds: len(kinds) > 2)


@fault("surplus not stood down")
def _(patch: Any) -> None:
    original = standing.Standing.place

    def place(at: standing.Standing) -> None:
        coming = {invite.pk for invite in at.invites if invite.state == "coming"}
        original(at)
        for invite in at.invites:
            if invite.pk in coming and invite.state == "stood_down":
                invite.state = "coming"

    patch.setattr(standing.Standing, "place", place)


@fault("nobody is thanked")
def _(patch: Any) -> None:
    queued(patch, lambda said: said["kind"] == "call.standdown")


@fault("thanks to those who never heard of it")
def _(patch: Any) -> None:
    def everybody(call: Call) -> set[int]:
        return set(Invite.objects.filter(call=call).values_list("person_id", flat=True))

    everywhere(patch, turn, "reached", lambda _real: everybody)


@fault("thanks once only, however often it is covered")
def _(patch: Any) -> None:
    everywhere(
        patch, outbox, "enqueue", lambda real: lambda **said: real(**{**said, "round": min(1, said.get("round", 0))})
    )


@fault("alert under way forgotten")
def _(patch: Any) -> None:
    patch.setattr(messages, "AlertUnderWay", lambda: None)


@fault("the end is not told")
def _(patch: Any) -> None:
    queued(patch, lambda said: said["kind"] == "call.expired")


@fault("the end is told to organizers alone")
def _(patch: Any) -> None:
    def make(original: Callable[..., int]) -> Callable[..., int]:
        def enqueue(**said: Any) -> int:
            if said["kind"] == "call.expired":
                said["people"] = set(said["people"]) & set(turn.organizer_ids(said["now"]))
            return original(**said)

        return enqueue

    everywhere(patch, outbox, "enqueue", make)


@fault("calling off is not told")
def _(patch: Any) -> None:
    queued(patch, lambda said: said["kind"] == "call.cancelled")


@fault("those stood down are not asked again")
def _(patch: Any) -> None:
    everywhere(patch, asking, "ask_again", lambda _real: lambda *_args, **_said: 0)


# --- doors ---------------------------------------------------------------------------------------


@fault("an answer after the end moves something")
def _(patch: Any) -> None:
    patch.setattr(answers, "ENDED", frozenset())


@fault("strangers may run a call, and ended ones")
def _(patch: Any) -> None:
    everywhere(patch, calls, "_locked_for", lambda _real: lambda _by, call: standing.lock(call.pk))


@fault("details shown to those who come and are not counted")
def _(patch: Any) -> None:
    def make(original: Callable[..., str]) -> Callable[..., str]:
        def reveal_details(*, by: Any, call: Call, now: Any) -> str:
            try:
                return original(by=by, call=call, now=now)
            except Refused:
                if not Invite.objects.filter(call=call, person=by, state__in=["coming", "stood_down"]).exists():
                    raise
                return call.details or ""

        return reveal_details

    everywhere(patch, calls, "reveal_details", make)


@fault("no lock")
def _(patch: Any) -> None:
    patch.setattr(rows, "LOCK", rows.LOCK.replace("FOR NO KEY UPDATE OF c", ""))
