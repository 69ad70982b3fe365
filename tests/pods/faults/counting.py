"""Faults of counting, and of the clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pods.actions import turn
from pods.models import Call
from pods.rules import matching, waves
from tests.pods.faults.planting import everywhere, fault


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
