"""The hands of one channel: threads that send, each over a connection that it keeps between claims."""

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from django.conf import settings

from commons.notices.actions.claims import Result
from commons.notices.channels import Channel, Parcel, Refused, TryAgain
from commons.notices.kinds import Claimed
from commons.notices.states import Outcome

logger = logging.getLogger(__name__)

# A claim holds as much work as a channel does in this time: a slow provider gets small claims, so
# that other workers can share the rest, and what a crash sends twice stays small.
WORK_PER_CLAIM = 0.15
MOST_PER_CONNECTION = 48
# So long do claiming and wording take: the next claim begins when that much work is left.
AHEAD = 0.06
# No send may begin so late that its lease could end before it does.
MARGIN = 5.0
# What fails sooner than this was not sent; what took longer may have been, and its lease is not for two tries.
AT_ONCE = 1.0
# So long a result waits for others, that one commit may record them all; a commit costs about as much.
GATHER = 0.001
# A message waits behind another on one connection only where a send takes less than this.
BRISK = 0.05
# So many of each connection may be sent and not yet recorded: what a crash at its worst sends twice.
WINDOW = 2


class Job(NamedTuple):
    """One delivery, worded and addressed, under a lease."""

    delivery: Claimed
    parcel: Parcel
    claimed_at: float


class Unsent(NamedTuple):
    """A delivery that was claimed and then not tried: its lease is given back."""

    delivery: Claimed


@dataclass
class Load:
    """What one claim brought."""

    jobs: list[Job] = field(default_factory=list)
    # Those that end here: nobody wants them any more, or they can't be said yet.
    over: list[Result] = field(default_factory=list)
    # As many as were asked for: more may be due.
    full: bool = False
    # Nothing is due.
    empty: bool = False
    # What went wrong, and what had been claimed by then.
    error: BaseException | None = None
    unsent: list[Claimed] = field(default_factory=list)


class Noted(NamedTuple):
    """Results that were recorded by the thread beside the main one, or could not be."""

    results: list[Result]
    error: BaseException | None = None


Told = Result | Unsent | Load | Noted


class Crew:
    """The threads of one channel, and what they have to do and have done."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.hands = channel.connections
        self.todo: SimpleQueue[Job | None] = SimpleQueue()
        self.told: SimpleQueue[Told] = SimpleQueue()
        # Seconds that one send takes, of late.
        self.pace = 0.02
        # Handed out, and not yet heard of.
        self.under_way = 0
        # Claiming for this crew, in a thread of its own.
        self.loading: Future[None] | None = None
        # Recording for this crew, in another.
        self.noting: Future[None] | None = None
        self._threads: list[threading.Thread] = []
        self._window: SimpleQueue[None] = SimpleQueue()
        self._halted = False

    def busy(self) -> bool:
        """Return whether anything is still to be heard of."""
        return bool(self.under_way) or self.loading is not None or self.noting is not None

    def runs_low(self) -> bool:
        """Return whether it is time to claim again."""
        waiting = self.todo.qsize()
        return waiting < self.hands or waiting * self.pace < AHEAD * self.hands

    def claim_size(self) -> int:
        """Return how many to claim at once."""
        each = int(WORK_PER_CLAIM / max(self.pace, 0.001))
        return self.hands * max(1, min(MOST_PER_CONNECTION, each))

    def hand_out(self, jobs: Sequence[Job]) -> None:
        """Have these sent; whoever calls it counts them as under way."""
        while len(self._threads) < min(self.hands, len(jobs)):
            thread = threading.Thread(target=self._work, name="carrier", daemon=True)
            self._threads.append(thread)
            self._allow(WINDOW)
            thread.start()
        for job in jobs:
            self.todo.put(job)

    def hear(self) -> list[Told]:
        """Wait for one thing that is told, then a moment for more, to be recorded in one commit."""
        heard = [self.told.get(), *_empty(self.told)]
        if len(heard) < min(self.hands, self.under_way) and not all(isinstance(one, Noted) for one in heard):
            time.sleep(GATHER)
            heard += _empty(self.told)
        return heard

    def recorded(self, results: int) -> None:
        """Let as many more be sent as were just recorded."""
        self._allow(results)

    def halt(self) -> list[Result | Unsent]:
        """Send nothing more of what was handed out; return what became of it, to be recorded later."""
        self._halted = True
        for beside in (self.loading, self.noting):
            if beside is not None:
                beside.exception(timeout=30)
        heard: list[Result | Unsent] = [Unsent(job.delivery) for job in _empty(self.todo) if job is not None]
        left = self.under_way - len(heard)
        self._allow(self.under_way + len(self._threads))
        early = _empty(self.told)
        while early or left > 0:
            told = early.pop() if early else self.told.get(timeout=30)
            if isinstance(told, Load):
                left += len(told.jobs)
                heard += told.over
                heard += [Unsent(delivery) for delivery in told.unsent]
            elif isinstance(told, Noted):
                heard += told.results if told.error is not None else []
            else:
                left -= 1
                heard.append(told)
        self._leave()
        return heard

    def close(self) -> None:
        """Let threads and connections go."""
        self._leave()
        for thread in self._threads:
            thread.join(timeout=1)

    def _leave(self) -> None:
        for _ in self._threads:
            self.todo.put(None)

    def _allow(self, more: int) -> None:
        for _ in range(more):
            self._window.put(None)

    # --- in each thread

    def _work(self) -> None:
        connection: Any = None
        job = self.todo.get()
        while job is not None:
            self._window.get()
            if self._halted or time.monotonic() - job.claimed_at > settings.LEASE_SECONDS - MARGIN:
                # Its lease may end while it is being sent: leave it to whoever claims it next.
                self.told.put(Unsent(job.delivery))
                if not self._halted:
                    self._window.put(None)
                self._let_go(connection)
                connection = None
                job = self.todo.get()
                continue
            coming = self._next()
            began = time.monotonic()
            connection, result = self._send(connection, job, coming)
            self.pace += ((time.monotonic() - began) - self.pace) * 0.1
            self.told.put(result)
            job = self.todo.get() if coming is None else coming
        self._let_go(connection)

    def _next(self) -> Job | None:
        """Return what this thread sends next, where that is known: not while another hand might be free for it."""
        if self.pace > BRISK or self.todo.qsize() < 2 * self.hands:
            return None
        try:
            job = self.todo.get_nowait()
        except Empty:
            return None
        if job is None:
            self.todo.put(None)
        return job

    def _send(self, connection: Any, job: Job, coming: Job | None) -> tuple[Any, Result]:
        """Send one parcel, on a fresh connection if the kept one has gone; return what to keep."""
        kept, began = connection is not None, time.monotonic()
        try:
            connection = connection if kept else self.channel.connect()
            self.channel.send(connection, job.parcel, None if coming is None else coming.parcel)
            return connection, Result(job.delivery, Outcome.HANDED_OFF)
        except Refused as refused:
            return connection, Result(job.delivery, Outcome.REFUSED, str(refused), refused.address_dead)
        except TryAgain as again:
            self._let_go(connection)
            if kept and time.monotonic() - began < AT_ONCE:
                # The server may have let an idle connection go: that says nothing about the message.
                return self._send(None, job, coming)
            return None, Result(job.delivery, Outcome.TRY_AGAIN, str(again))
        except Exception as error:
            logger.exception("send_broke", extra={"kind": job.delivery.kind})
            self._let_go(connection)
            return None, Result(job.delivery, Outcome.TRY_AGAIN, type(error).__name__)

    def _let_go(self, connection: Any) -> None:
        if connection is not None:
            self.channel.close(connection)


def _empty(items: "SimpleQueue[Any]") -> list[Any]:
    taken = []
    while True:
        try:
            taken.append(items.get_nowait())
        except Empty:
            return taken


def sort(told: Iterable[Told]) -> tuple[list[Result], list[Claimed], list[Load], list[Noted]]:
    """Return the results, those left unsent, the loads, and what was noted among what was told."""
    results: list[Result] = []
    unsent: list[Claimed] = []
    loads: list[Load] = []
    noted: list[Noted] = []
    for one in told:
        if isinstance(one, Result):
            results.append(one)
        elif isinstance(one, Unsent):
            unsent.append(one.delivery)
        elif isinstance(one, Noted):
            noted.append(one)
        else:
            loads.append(one)
            unsent += one.unsent
    return results, unsent, loads, noted
