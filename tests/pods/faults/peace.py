"""Faults by which people are not left in peace."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

from commons.notices.actions import outbox
from pods.actions import asking
from pods.models import Invite
from pods.queries import messages
from pods.rules import quiet
from tests.pods.faults.planting import everywhere, fault, people_seen


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
