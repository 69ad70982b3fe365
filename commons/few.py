"""A few at a time: of work that keeps the processor busy, the first is done sooner, and the last no later."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def few_at_once(number: int, *, patience: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that lets so many threads of this process in at once; who comes first is first.

    Threads share one interpreter: twenty at once take turns by the millisecond, and all end last. `patience` is in
    seconds: whoever has waited for so long goes in all the same, so that one that is stuck holds nobody for longer.
    """
    places = threading.BoundedSemaphore(number)

    def limit(work: Callable[P, R]) -> Callable[P, R]:
        @wraps(work)
        def in_turn(*args: P.args, **kwargs: P.kwargs) -> R:
            has_place = places.acquire(timeout=patience)
            try:
                return work(*args, **kwargs)
            finally:
                if has_place:
                    places.release()

        return in_turn

    return limit
