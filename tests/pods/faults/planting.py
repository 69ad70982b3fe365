"""How a fault is named and planted: in each module that imported what is to go wrong."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from commons.notices.actions import outbox
from pods.queries import reach

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
