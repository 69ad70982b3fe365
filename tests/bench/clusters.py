"""Proposals: two thousand neighbours on a hundred blocks, six thousand things they share, computed in one go."""

import random
import time
from datetime import timedelta

from tests.bench.figures import children_of, cpu_of, median, spread
from tests.drills.house import House

PEOPLE, ASSETS, SIDE, ROUNDS = 2_000, 6_000, 10, 3
BATCH = 1_000


def clusters(house: House) -> list[str]:
    """Have proposals computed as the nightly task does, a few times anew; the slowest is what counts."""
    from commons import clock
    from pods.actions.clusters import compute_due
    from pods.models import Cluster, ClusterRun

    _street()
    waits, used, kinds = [], [], ""
    for _ in range(ROUNDS):
        Cluster.objects.all().delete()
        ClusterRun.objects.all().delete()
        began, cpu = time.monotonic(), time.process_time()
        base = cpu_of(children_of(house.postgres.child.pid))
        assert compute_due(now=clock.now())
        waits.append(time.monotonic() - began)
        used.append(time.process_time() - cpu + cpu_of(children_of(house.postgres.child.pid)) - base)
        counted = {kind: Cluster.objects.filter(kind=kind).count() for kind in ("pod", "sprint", "institution")}
        kinds = ", ".join(f"{count} of {kind}" for kind, count in counted.items())
    return [
        f"# clusters: {spread(waits)}; proposals: {kinds}",
        f"measure=clusters seconds={max(waits):.2f} cpu_seconds={median(used):.2f}",
    ]


def _street() -> None:
    """Lay down a square of blocks, people who are willing, what they share, and calls that were covered."""
    from commons import clock
    from commons.people.models import Person
    from pods.models import Call, CallKind, CallNeed, Pod, Willing
    from sites.models import Asset, Block, Skill

    now, rnd = clock.now(), random.Random(10)
    blocks = Block.objects.bulk_create(
        Block(
            name=f"Block {n}", sort_key=f"{n:03}", latitude=f"{39.3 + 0.005 * (n // SIDE):.3f}",
            longitude=f"{-76.7 + 0.005 * (n % SIDE):.3f}",
        )
        for n in range(SIDE * SIDE)
    )  # fmt: skip
    people = Person.objects.bulk_create(
        (Person(email=f"willing{n}@example.org", handle=f"Willing {n}", password="!") for n in range(PEOPLE)),
        batch_size=BATCH,
    )
    Willing.objects.bulk_create(Willing(person=person, block=rnd.choice(blocks), since=now) for person in people)
    skills, since = list(Skill.objects.order_by("key")), now - timedelta(days=300)
    shared = [(person, what) for person in people for what in rnd.sample([*skills, "space", "tool"], ASSETS // PEOPLE)]
    Asset.objects.bulk_create([
        Asset(
            person=person, kind="skill" if isinstance(what, Skill) else what, audience="network",
            title="" if isinstance(what, Skill) else "Shed", skill=what if isinstance(what, Skill) else None,
            offered_at=since if n % 2 else now, fresh_until=now + timedelta(days=60),
        )
        for n, (person, what) in enumerate(shared)
    ], batch_size=BATCH)  # fmt: skip
    pod, kind, at = Pod.objects.earliest("id"), CallKind.objects.get(key="eviction"), now - timedelta(days=90)
    calls = Call.objects.bulk_create(
        Call(
            pod=pod, kind=kind, block=rnd.choice(blocks), state="closed", pace="day", opened_at=at, needed_at=at,
            deadline_at=at, closes_at=at, covered_at=at, ended_at=at,
        )
        for _ in range(200)
    )  # fmt: skip
    CallNeed.objects.bulk_create(
        CallNeed(call=call, skill=skill, count=1) for call in calls for skill in rnd.sample(skills, 2)
    )
