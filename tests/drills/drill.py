"""One drill: calls go out, something breaks midway, and at the end every mail is counted."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connections

from tests.drills import count
from tests.drills.faults import Fault, in_flight
from tests.drills.house import House, TooLate, wait_until
from tests.drills.people import ASKED, raise_one, turns
from tests.drills.web import Browser, Browsing

# what a request may take while Redis is away. R-7: how soon the web is well again.
REQUEST_WITHIN, BACK_WITHIN = 2.0, 5.0
IN_THE_WEB = 3
LIMIT = 150.0


@dataclass
class Report:
    """What one fault did."""

    fault: Fault
    tally: count.Tally
    last_s: float
    allowed: int
    request_s: float | None = None
    back_s: float | None = None
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the one line that is printed for a fault."""
        said = (
            f"fault={self.fault.name} due={self.tally.due} lost={self.tally.lost} "
            f"duplicates={self.tally.duplicates} last_s={self.last_s:.1f}"
        )
        if self.request_s is not None:
            said += f" request_s={self.request_s:.2f}"
        if self.back_s is not None:
            said += f" back_s={self.back_s:.1f}"
        return said


class Drill:
    """Runs one fault in a house that was made fresh for it."""

    def __init__(self, house: House, fault: Fault, due: int) -> None:
        self.house, self.fault = house, fault
        self.calls = due // ASKED
        self.struck_at = 0.0
        self.back_from = 0.0
        self.browsing: Browsing | None = None

    def run(self) -> Report:
        """Open, raise, strike, wait for the end, count."""
        self._open()
        whose = turns(self.calls)
        by_web = IN_THE_WEB if self.fault.web == "raise" else 0
        first = whose[: self.calls - by_web - self.fault.trickle]
        trickled = whose[len(first) : self.calls - by_web]
        with ThreadPoolExecutor(3) as hands:
            raised = [hands.submit(_raise, first[n::2], n) for n in range(2)]
            self._until_a_quarter(raised)
            asking = hands.submit(self._raise_in_web, whose[self.calls - by_web :])
            slowly = threading.Thread(target=self._trickle, args=(trickled,), daemon=True)
            slowly.start()
            self.struck_at = self.fault.strike(self.house)
            self.back_from = time.monotonic()
            while not all(future.done() for future in (*raised, asking)) or slowly.is_alive():
                self.house.tend()
                time.sleep(0.02)
            request_s = asking.result()
            for future in raised:
                future.result()
        self._until_carried()
        return self._report(request_s)

    def _open(self) -> None:
        house, fault = self.house, self.fault
        house.start_sink(fault.delay)
        if fault.web:
            house.start_web()
        if fault.before:
            fault.before(house)
        for _ in range(fault.workers):
            house.start_worker()
        for _ in range(fault.beats):
            house.start_beat()
        house.wait_listening()
        house.restart = fault.restart
        if fault.web:
            # The first request of a process is slow by itself: that is not the fault's.
            pod, member = turns(1)[0]
            self.browser = Browser(house.web_port, pod.memberships.order_by("seat")[member].person_id)
            for _ in range(6):
                self.browser.ask("GET", f"/pods/{pod.ref}/call/")
        if fault.web == "browse":
            self.browsing = Browsing(self.browser, f"/pods/{pod.ref}/")
            self.browsing.start()

    def _until_a_quarter(self, raised: "Sequence[Future[None]]") -> None:
        """Wait until a quarter of the alerts has arrived: the fault falls into the midst of it."""
        quarter = self.calls * ASKED // 4

        def far_enough() -> bool:
            for future in raised:
                if future.done():
                    future.result()
            return count.distinct(self.house.mails) >= quarter

        wait_until(far_enough, LIMIT, "a quarter is delivered", self.house.tend)

    def _raise_in_web(self, whose: "Sequence[tuple[object, int]]") -> float | None:
        """Raise the last calls in the web while the fault lasts; return the slowest request's seconds."""
        time.sleep(0.3)
        slowest = None
        for pod, member in whose:
            person_id = pod.memberships.order_by("seat")[member].person_id  # type: ignore[attr-defined]
            took = Browser(self.house.web_port, person_id).raise_call(pod.ref)  # type: ignore[attr-defined]
            slowest = max(took, slowest or 0.0)
        return slowest

    def _trickle(self, whose: "Sequence[tuple[object, int]]") -> None:
        for n, (pod, member) in enumerate(whose):
            time.sleep(self.fault.trickle_s / len(whose))
            raise_one(pod, member, f"trickle-{n}")  # type: ignore[arg-type]
        connections.close_all()

    def _until_carried(self) -> None:
        """Wait until every alert is recorded as handed off: a copy sent twice has come by then too."""
        due = self.calls * ASKED
        # The fault may have cut our own connection too.
        connections.close_all()
        try:
            wait_until(
                lambda: count.distinct(self.house.mails) >= due and count.still_pending() == 0,
                LIMIT, "everything is handed off", self.house.tend,
            )  # fmt: skip
        except TooLate as late:  # counted below: what did not come is lost
            print(f"# {late}", flush=True)

    def _report(self, request_s: float | None) -> Report:
        if self.browsing:
            wait_until(lambda: len(self.browsing.seen) > 10, 10, "browsing")  # type: ignore[union-attr]
            time.sleep(1)
            self.browsing.enough.set()
            self.browsing.join(25)
        tally = count.tally(self.house.mails)
        report = Report(
            self.fault,
            tally,
            last_s=tally.last_at - self.struck_at,
            allowed=in_flight(self.fault.struck),
            request_s=request_s,
            back_s=self.browsing.back_after(self.back_from) if self.browsing else None,
        )
        report.wrong = list(self._wrong(report))
        return report

    def _wrong(self, report: Report) -> "list[str]":
        """Return what broke a promise."""
        tally, fault = report.tally, self.fault
        statuses = self.browsing.statuses() if self.browsing else set()
        checks = {
            f"{self.calls * ASKED} alerts were raised, {tally.due} are in the outbox": tally.due != self.calls * ASKED,
            f"{tally.lost} lost": tally.lost > 0,
            f"{tally.duplicates} came twice, {report.allowed} could be in flight": tally.duplicates > report.allowed,
            f"{tally.strange} mails nobody had queued": tally.strange > 0,
            f"{tally.twice_queued} queued twice": tally.twice_queued > 0,
            f"the last came after {report.last_s:.1f} s": report.last_s > fault.last_within,
            f"a request took {report.request_s} s": (report.request_s or 0) > REQUEST_WITHIN,
            f"the web was back after {report.back_s} s": (report.back_s or 0) > BACK_WITHIN,
            f"the web answered {sorted(statuses)}": not statuses <= {200, 503},
            "the web never said that the database was away": fault.name == "pg_away_10s" and 503 not in statuses,
        }
        return [said for said, broken in checks.items() if broken]


def _raise(whose: "Sequence[tuple[object, int]]", hand: int) -> None:
    for n, (pod, member) in enumerate(whose):
        raise_one(pod, member, f"drill-{hand}-{n}")  # type: ignore[arg-type]
    connections.close_all()
