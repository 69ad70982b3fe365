"""Faults of what is told, and of what is taken back."""

from collections.abc import Callable
from typing import Any

from commons.notices.actions import outbox
from pods.actions import asking, standing, turn
from pods.models import Call, Invite
from pods.queries import messages
from tests.pods.faults.planting import everywhere, fault, kept, queued


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
