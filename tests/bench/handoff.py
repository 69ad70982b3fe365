"""How quickly an outbox empties, against a bare loop of smtplib to the same mail server."""

from tests.bench.figures import children_of, cpu_of, median, spread
from tests.bench.helper import helpers
from tests.drills.house import House
from tests.drills.people import raise_one, turns

ALERTS, ROUNDS, CALLS = 5000, 5, 500
AGAIN = """UPDATE notices_delivery SET state = 'queued', attempts = 0, due_at = made_at, handed_off_at = NULL,
           expires_at = now() + interval '1 hour', lease_token = NULL WHERE kind = 'call.alert'"""


def handoff(house: House) -> list[str]:
    """Carry 5,000 alerts and hand 5,000 ready-made mails over, in turn: how many a second against how many a second."""
    for n, (pod, member) in enumerate(turns(CALLS)):
        raise_one(pod, member, f"handoff-{n}")
    sink = house.start_sink(0, "tests.bench.sink")
    ratios, shares = [], []
    with helpers(house, 2) as (carrier, plain):
        for round_ in range(ROUNDS + 1):
            _put_back(house)
            before = cpu_of([sink.pid]), cpu_of(children_of(house.postgres.child.pid))
            carried = carrier.do("carry")
            after = cpu_of([sink.pid]), cpu_of(children_of(house.postgres.child.pid))
            bare = plain.do("bare", ALERTS)
            assert carried["sent"] == ALERTS, f"{carried['sent']} were carried"
            if round_ == 0:
                continue  # the first one warms both up
            ratios.append(bare["seconds"] / carried["seconds"])
            sink_after = cpu_of([sink.pid])
            shares.append((carried, bare, after[0] - before[0], after[1] - before[1], sink_after - after[0]))
    carried, bare, sink_cpu, pg_cpu, bare_sink_cpu = shares[len(shares) // 2]
    sink.stop()
    house.others.remove(sink)
    return [
        f"# handoff: {spread(ratios)}; carried {_pace(carried)}/s, bare {_pace(bare)}/s",
        f"# handoff: processors while carrying: carrier {_share(carried['cpu'], carried)}, "
        f"sink {_share(sink_cpu, carried)}, database {_share(pg_cpu, carried)}; "
        f"while bare: loop {_share(bare['cpu'], bare)}, sink {_share(bare_sink_cpu, bare)}",
        f"measure=handoff ratio={median(ratios):.2f}",
    ]


def _pace(run: dict[str, float]) -> str:
    return f"{ALERTS / run['seconds']:.0f}"


def _share(used: float, run: dict[str, float]) -> str:
    return f"{100 * used / run['seconds']:.0f} %"


def _put_back(house: House) -> None:
    """Put all that was handed off back into the outbox, and the table in order."""
    with house.postgres.connect("casserole") as connection:
        connection.execute(AGAIN)
        connection.execute("VACUUM ANALYZE notices_delivery")
