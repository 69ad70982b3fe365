"""Faults of waves: whom they ask, when, and how often."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from commons.notices.actions import links
from pods.actions import answers, asking, standing
from pods.models import Call, CallWave, Invite
from pods.rules import fit
from tests.pods.faults.planting import everywhere, fault, people_seen


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
