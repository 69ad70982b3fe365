"""Faults of the doors: who may, and after the end."""

from collections.abc import Callable
from typing import Any

from commons.web.refusal import Refused
from pods.actions import answers, calls, rows, standing
from pods.models import Call, Invite
from tests.pods.faults.planting import everywhere, fault


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
