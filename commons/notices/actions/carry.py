"""Carrying: claim due deliveries, ask once more whether they are wanted, send, record."""

import logging
import queue
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from commons import clock
from commons.notices import kinds
from commons.notices.actions.addresses import addresses_of
from commons.notices.actions.claims import Result, claim, finish
from commons.notices.actions.fallback import give_way
from commons.notices.channels import CHANNELS, Channel, Parcel, Refused, TryAgain
from commons.notices.models import Delivery
from commons.notices.states import Outcome

logger = logging.getLogger(__name__)

# A claim holds as much work as a channel does in this time: a slow provider gets small claims, so
# that other workers can share the rest, and what a crash sends twice stays small.
WORK_PER_CLAIM = 0.25
MOST_PER_CONNECTION = 48
# No send may begin so late that its lease could end before it does.
MARGIN = 5.0
LET_GO = "let_go"
# What fails sooner than this was not sent; what took longer may have been, and its lease is not for two tries.
AT_ONCE = 1.0
# So long a result waits for others, that one commit may record them all; a commit costs about as much.
GATHER = 0.003


@dataclass
class _Job:
    delivery: Delivery
    parcel: Parcel
    claimed_at: float


@dataclass
class _Crew:
    """The threads of one channel, each with a connection it keeps between claims."""

    channel: Channel
    todo: "queue.Queue[_Job | None]" = field(default_factory=queue.Queue)
    done: "queue.Queue[Result]" = field(default_factory=queue.Queue)
    threads: list[threading.Thread] = field(default_factory=list)
    pace: float = 0.02
    # So many may be sent and not yet recorded: what a crash at its worst sends twice.
    window: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    halted: threading.Event = field(default_factory=threading.Event)

    def start(self, hands: int) -> None:
        """Have that many threads at work."""
        while len(self.threads) < hands:
            thread = threading.Thread(target=self._work, name="carrier", daemon=True)
            self.threads.append(thread)
            self.window.release(2)
            thread.start()

    def recorded(self, results: int) -> None:
        """Let as many more be sent as were just recorded."""
        if results:
            self.window.release(results)

    def halt(self, under_way: int) -> list[Result]:
        """Send nothing more of what was handed out; return what had been sent, to be recorded later."""
        self.halted.set()
        under_way -= len(_empty(self.todo))
        self.window.release(under_way + 1)
        results = [self.done.get(timeout=30) for _ in range(under_way)]
        for _ in self.threads:
            self.todo.put(None)
        return [result for result in results if result.error != LET_GO]

    def _work(self) -> None:
        connection: Any = None
        window, halted = self.window, self.halted
        while (job := self.todo.get()) is not None:
            window.acquire()
            if halted.is_set() or time.monotonic() - job.claimed_at > settings.LEASE_SECONDS - MARGIN:
                # Its lease may end while it is being sent: leave it to whoever claims it next.
                self.done.put(Result(job.delivery, Outcome.TRY_AGAIN, LET_GO))
                continue
            began = time.monotonic()
            connection, result = self._send(connection, job)
            self.pace += ((time.monotonic() - began) - self.pace) * 0.1
            self.done.put(result)
        if connection is not None:
            self.channel.close(connection)

    def _send(self, connection: Any, job: _Job) -> tuple[Any, Result]:
        """Send one parcel, on a fresh connection if the kept one has gone; return what to keep."""
        kept, began = connection is not None, time.monotonic()
        try:
            connection = connection if kept else self.channel.connect()
            self.channel.send(connection, job.parcel)
            return connection, Result(job.delivery, Outcome.HANDED_OFF)
        except Refused as refused:
            return connection, Result(job.delivery, Outcome.REFUSED, str(refused), refused.address_dead)
        except TryAgain as again:
            if connection is not None:
                self.channel.close(connection)
            if kept and time.monotonic() - began < AT_ONCE:
                # The server may have let an idle connection go: that says nothing about the message.
                return self._send(None, job)
            return None, Result(job.delivery, Outcome.TRY_AGAIN, str(again))
        except Exception as error:
            logger.exception("send_broke", extra={"kind": job.delivery.kind})
            if connection is not None:
                self.channel.close(connection)
            return None, Result(job.delivery, Outcome.TRY_AGAIN, type(error).__name__)


class Carrier:
    """Carries everything that is due, for one process; its connections are kept between runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._again = threading.Event()
        self._crews: dict[str, _Crew] = {}
        # Sent, but PostgreSQL went away before it could be said: told as soon as it is back.
        self._untold: list[Result] = []

    def carry(self) -> int:
        """Send all that is due and return how many messages were handed off.

        If this process is at it already, it is told to look once more, and 0 is returned.
        """
        self._again.set()
        sent = 0
        while self._again.is_set() and self._lock.acquire(blocking=False):
            try:
                self._again.clear()
                sent += self._run()
            finally:
                self._lock.release()
        return sent

    def close(self) -> None:
        """Let threads and connections go."""
        for crew in self._crews.values():
            for _ in crew.threads:
                crew.todo.put(None)
            for thread in crew.threads:
                thread.join(timeout=1)
        self._crews.clear()

    def _run(self) -> int:
        sent = self._tell([])
        return sent + sum(self._run_channel(name, channel) for name, channel in CHANNELS.items())

    def _run_channel(self, name: str, channel: Channel) -> int:
        crew = self._crews.setdefault(name, _Crew(channel))
        hands = channel.connections
        sent = under_way = 0
        exhausted = False
        try:
            while True:
                if not exhausted and crew.todo.qsize() < hands:
                    jobs = self._prepare(name, self._claim_size(crew, hands))
                    exhausted = jobs is None
                    under_way += self._hand_out(crew, jobs or [], hands)
                if under_way == 0 and exhausted:
                    return sent
                if under_way:
                    results = _drain(crew.done, min(hands, under_way))
                    under_way -= len(results)
                    sent += self._tell(results)
                    crew.recorded(len(results))
        except BaseException:
            # What can't be recorded must not be sent: leave the rest to the end of its lease.
            self._crews.pop(name)
            self._untold += crew.halt(under_way)
            raise

    @staticmethod
    def _claim_size(crew: _Crew, hands: int) -> int:
        return hands * max(1, min(MOST_PER_CONNECTION, int(WORK_PER_CLAIM / max(crew.pace, 0.001))))

    def _prepare(self, name: str, size: int) -> list[_Job] | None:
        """Claim and word up to `size` deliveries; None when nothing is due."""
        now = clock.now()
        claimed_at = time.monotonic()
        claimed = claim(now=now, limit=size, channels=[name])
        if not claimed:
            return None
        words = kinds.compose(claimed, now)
        addresses = addresses_of(claimed)
        jobs, over = [], []
        for delivery in claimed:
            said, address = words.get(delivery.pk), addresses.get(delivery.pk)
            if isinstance(said, Exception):
                over.append(Result(delivery, Outcome.TRY_AGAIN, f"words:{type(said).__name__}"))
            elif said is None or address is None:
                over.append(Result(delivery, Outcome.UNWANTED))
            else:
                jobs.append(_Job(delivery, Parcel(delivery.ref, address, said), claimed_at))
        self._tell(over)
        return jobs

    @staticmethod
    def _hand_out(crew: _Crew, jobs: list[_Job], hands: int) -> int:
        crew.start(min(hands, len(jobs)))
        for job in jobs:
            crew.todo.put(job)
        return len(jobs)

    def _tell(self, results: Iterable[Result]) -> int:
        """Record results, kept ones first; return how many of them were handed off."""
        self._untold += results
        if not self._untold:
            return 0
        told = self._untold
        # Only what failed is due again, by the database's clock; the rest need not ask for it.
        failed = any(result.outcome in (Outcome.TRY_AGAIN, Outcome.REFUSED) for result in told)
        now = clock.now() if failed else told[0].delivery.due_at
        ours = finish(told, now=now, jitter=random.random())  # noqa: S311 - spreads waits, hides nothing
        self._untold = []
        refused = [result for result in told if result.outcome is Outcome.REFUSED and result.delivery.pk in ours]
        give_way(refused, now=now)
        return sum(result.outcome is Outcome.HANDED_OFF for result in told)


def _drain(results: "queue.Queue[Result]", enough: int) -> list[Result]:
    """Wait for one result, then a moment for enough others, to be recorded in one commit."""
    taken = [results.get()]
    end = time.monotonic() + GATHER
    while len(taken) < enough and (left := end - time.monotonic()) > 0:
        try:
            taken.append(results.get(timeout=left))
        except queue.Empty:
            break
    return [*taken, *_empty(results)]


def _empty(items: "queue.Queue[Any]") -> list[Any]:
    taken = []
    while True:
        try:
            taken.append(items.get_nowait())
        except queue.Empty:
            return taken


_carrier: Carrier | None = None


def carry_due() -> int:
    """Send all that is due from this process and return how many messages were handed off."""
    global _carrier
    if _carrier is None:
        _carrier = Carrier()
    return _carrier.carry()


def let_go() -> None:
    """Close this process's kept connections (at the end of a worker or of a test)."""
    global _carrier
    if _carrier is not None:
        _carrier.close()
    _carrier = None
