"""How soon a raised call is with the mail server: the first alert, all ten, and two hundred calls at once."""

import time
from collections.abc import Iterable, Iterator

from tests.bench.figures import children_of, cpu_of, median, percentile, spread
from tests.bench.helper import Helper, helpers
from tests.drills import count
from tests.drills.house import House, wait_until
from tests.drills.people import ASKED, turns

# As many processes raise as the web has.
WEB = 2
AT_ONCE, FIRST_ROUNDS = 20, 5
SINGLE = 30
BURST, BURST_ROUNDS = 200, 3
# So that everybody stands ready when it begins: so many seconds, and for each call more.
RUN_UP, RUN_UP_EACH = 1.0, 0.02


class _Scene:
    """A running worker, a mail server, two processes that raise, and members taking turns."""

    def __init__(self, house: House, sides: list[Helper], calls: int) -> None:
        self.house, self.sides = house, sides
        self.whose: Iterator[str] = iter([f"{pod.ref}:{member}" for pod, member in turns(calls)])
        self.rounds = 0
        self.due = 0

    def raise_together(self, number: int) -> dict[int, tuple[float, float]]:
        """Raise so many calls at one moment; return when each began and how long raising took."""
        at = time.time() + RUN_UP + RUN_UP_EACH * number
        self.rounds += 1
        self.due += number * ASKED
        asked = []
        for n, side in enumerate(self.sides[: min(number, len(self.sides))]):
            mine = [next(self.whose) for _ in range(number * n // len(self.sides), number * (n + 1) // len(self.sides))]
            mine = mine or [next(self.whose)]
            side.ask("raise", at, f"round-{self.rounds}-{n}", *mine)
            asked.append(side)
            if number == 1:
                break
        told = [row for side in asked for row in side.hear()]
        return {int(call): (began, took) for call, began, took in told}

    def until_all_arrived(self) -> None:
        """Wait for every mail that was due so far."""
        wait_until(lambda: count.distinct(self.house.mails) >= self.due, 120, f"{self.due} mails arrive")

    def arrivals(self, calls: Iterable[int]) -> dict[int, list[float]]:
        """Return when each call's mails reached the server."""
        from commons.notices.channels.email import message_id
        from commons.notices.models import Delivery

        rows = Delivery.objects.filter(subject__in=[f"call:{call}" for call in calls]).values_list("ref", "subject")
        call_of = {message_id(ref): int(subject.partition(":")[2]) for ref, subject in rows}
        found: dict[int, list[float]] = {}
        for mail in count.mails_in(self.house.mails):
            if (call := call_of.get(mail.message_id)) is not None:
                found.setdefault(call, []).append(mail.at)
        return found


def _open(house: House) -> None:
    house.start_sink(0, "tests.bench.sink")
    house.start_worker()
    house.start_beat()
    house.wait_listening()


def first_alert(house: House) -> list[str]:
    """Twenty calls raised at one moment: from the raising of each to its first mail at the server."""
    _open(house)
    waits, raising = [], []
    with helpers(house, WEB) as sides:
        scene = _Scene(house, sides, AT_ONCE * (FIRST_ROUNDS + 1))
        for round_ in range(FIRST_ROUNDS + 1):
            begun = scene.raise_together(AT_ONCE)
            scene.until_all_arrived()
            if round_ == 0:
                continue  # warms caches and connections up
            arrived = scene.arrivals(begun)
            waits += [min(arrived[call]) - began for call, (began, _took) in begun.items()]
            raising += [took for _began, took in begun.values()]
    return [
        f"# first_alert: {spread(waits)}; of it raising, p50 {median(raising):.3f} s",
        f"measure=first_alert p50_s={median(waits):.3f} p95_s={percentile(waits, 0.95):.3f}",
    ]


def call_of_ten(house: House) -> list[str]:
    """One call of ten, by itself: from raising it until all ten mails are at the server."""
    _open(house)
    waits, raising = [], []
    with helpers(house, 1) as sides:
        scene = _Scene(house, sides, SINGLE + 2)
        for round_ in range(SINGLE + 2):
            begun = scene.raise_together(1)
            scene.until_all_arrived()
            if round_ < 2:
                continue
            arrived = scene.arrivals(begun)
            waits += [max(arrived[call]) - began for call, (began, _took) in begun.items()]
            raising += [took for _began, took in begun.values()]
    return [
        f"# call_of_ten: {spread(waits)}; of it raising, p50 {median(raising):.3f} s",
        f"measure=call_of_ten p50_s={median(waits):.3f} p95_s={percentile(waits, 0.95):.3f}",
    ]


def burst(house: House) -> list[str]:
    """Two hundred calls of ten at one moment: until the last of two thousand mails is at the server."""
    _open(house)
    lasted, raising, used = [], [], []
    with helpers(house, WEB) as sides:
        scene = _Scene(house, sides, BURST * BURST_ROUNDS + AT_ONCE)
        scene.raise_together(AT_ONCE)
        scene.until_all_arrived()
        for _ in range(BURST_ROUNDS):
            before = _cpu(house, sides)
            begun = scene.raise_together(BURST)
            scene.until_all_arrived()
            used.append([b - a for a, b in zip(before, _cpu(house, sides), strict=True)])
            first = min(began for began, _took in begun.values())
            raising.append(max(began + took for began, took in begun.values()) - first)
            lasted.append(max(at for arrived in scene.arrivals(begun).values() for at in arrived) - first)
    names = ("raising", "worker", "database", "sink")
    shares = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in zip(names, used[-1], strict=True))
    return [
        f"# burst: {spread(lasted)}; of it raising {median(raising):.1f} s; processor time in the last run: {shares}",
        f"measure=burst s={median(lasted):.1f}",
    ]


def _cpu(house: House, sides: list[Helper]) -> list[float]:
    """Return processor seconds so far of those who raise, of the workers, the database and the mail server."""
    return [
        cpu_of(side.pid for side in sides),
        cpu_of(worker.pid for worker in house.workers),
        cpu_of(children_of(house.postgres.child.pid)),
        cpu_of(other.pid for other in house.others),
    ]
