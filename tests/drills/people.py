"""Full pods of members, and calls raised among them through the engine."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commons.people.models import Person
    from pods.models import Call, CallKind, Pod

# One call asks ten of its pod: five are needed, and two are asked first for each.
NEEDED, ASKED = 5, 10
RAISERS, CALLS_A_POD = 6, 6
TRIES_FOR = 60.0


def settle(pods: int) -> None:
    """Fill that many pods of twelve, all reachable by e-mail, none asleep or resting."""
    from commons import clock
    from commons.notices.models import Channel
    from commons.people.models import Person
    from pods.models import Membership, Pod
    from sites.models import Block

    now = clock.now()
    block = Block.objects.create(name="The corner", sort_key="corner", latitude="39.300", longitude="-76.640")
    people = Person.objects.bulk_create(
        Person(email=f"neighbour{n}@example.org", handle=f"Neighbour {n}", language="es" if n % 4 == 0 else "en",
               password="!")
        for n in range(pods * 12)
    )  # fmt: skip
    Channel.objects.bulk_create(Channel(person=person, kind="email", verified_at=now) for person in people)
    made = Pod.objects.bulk_create(
        Pod(name=f"Pod {n}", block=block, founded_at=now - timedelta(days=90)) for n in range(pods)
    )
    Membership.objects.bulk_create(
        Membership(pod=pod, person=people[12 * n + seat], seat=seat + 1, since=now - timedelta(days=60))
        for n, pod in enumerate(made)
        for seat in range(12)
    )


def turns(calls: int) -> "Sequence[tuple[Pod, int]]":
    """Return who raises each call: pods in turn, and in each pod its members in turn."""
    from pods.models import Pod

    pods = list(Pod.objects.order_by("id"))
    assert calls <= len(pods) * CALLS_A_POD, "more calls than pods may have going on"
    return list(islice(_endless(pods), calls))


def _endless(pods: "list[Pod]") -> "Iterator[tuple[Pod, int]]":
    for n, pod in enumerate(cycle(pods)):
        yield pod, n // len(pods) % RAISERS


@dataclass(frozen=True)
class Ready:
    """Who raises what, looked up beforehand."""

    by: "Person"
    pod: "Pod"
    kind: "CallKind"


def ready(pod: "Pod", member: int) -> Ready:
    """Look up what raising a call needs."""
    from pods.models import CallKind

    by = pod.memberships.select_related("person").order_by("seat")[member].person
    assert pod.block
    return Ready(by, pod, CallKind.objects.get(key="eviction"))


def raise_one(pod: "Pod", member: int, key: str) -> "Call":
    """Raise a call for ten; where the database is away, try again with the same key, as a person would."""
    from django.db import InterfaceError, OperationalError, connection

    end = time.monotonic() + TRIES_FOR
    while True:
        try:
            return raise_now(ready(pod, member), key)
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def raise_now(what: Ready, key: str) -> "Call":
    """Raise a call for ten."""
    from commons import clock
    from pods.actions.calls import raise_call

    now = clock.now()
    return raise_call(
        by=what.by, pod=what.pod, kind=what.kind, block=what.pod.block, cross_street="Franklin & 4th",
        details="Third floor", needed_at=now + timedelta(hours=5), needs=[(None, NEEDED)], now=now, key=key,
    )  # fmt: skip
