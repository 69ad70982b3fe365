"""Carrying: claim due deliveries, ask once more whether they are wanted, send, record."""

import contextlib
import random
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection

from commons import clock
from commons.notices import kinds
from commons.notices.actions.addresses import addresses_of
from commons.notices.actions.claims import Result, claim, finish, give_back
from commons.notices.actions.crew import Crew, Job, Load, Noted, Unsent, sort
from commons.notices.actions.fallback import give_way
from commons.notices.channels import CHANNELS, Channel, Parcel
from commons.notices.kinds import Claimed
from commons.notices.states import Outcome


class Carrier:
    """Carries everything that is due, for one process; its connections are kept between runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._again = threading.Event()
        self._crews: dict[str, Crew] = {}
        # Claims and words the next load while this one is sent and recorded, on a connection of its own.
        self._loader: ThreadPoolExecutor | None = None
        # Records every other batch, on a third one: while one commit is awaited, the next is written.
        self._noter: ThreadPoolExecutor | None = None
        # Sent, but PostgreSQL went away before it could be said: told as soon as it is back.
        self._untold: list[Result] = []
        # Claimed and not sent, for the same reason: whoever comes first may have it.
        self._unsent: list[Claimed] = []

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
            crew.close()
        self._crews.clear()
        for beside in (self._loader, self._noter):
            if beside is not None:
                beside.shutdown()
        self._loader = self._noter = None

    def _run(self) -> int:
        sent = self._tell([])
        return sent + sum(self._run_channel(name, channel) for name, channel in CHANNELS.items())

    def _run_channel(self, name: str, channel: Channel) -> int:
        crew = self._crews.get(name)
        if crew is None:
            crew = self._crews[name] = Crew(channel)
        try:
            return self._run_crew(name, crew)
        except BaseException:
            # What can't be recorded must not be sent: it is given back as soon as PostgreSQL hears it.
            self._crews.pop(name)
            for told in crew.halt():
                if isinstance(told, Unsent):
                    self._unsent.append(told.delivery)
                else:
                    self._untold.append(told)
            raise
        finally:
            for beside in (self._loader, self._noter):
                if beside is not None:
                    beside.submit(lambda: connection.close()).result()

    def _run_crew(self, name: str, crew: Crew) -> int:
        """Claim, have it sent and record it, until nothing is due; return how many were handed off."""
        sent = 0
        load = Load()
        while True:
            if not load.empty and crew.loading is None and crew.runs_low():
                if load.full and not connection.in_atomic_block:
                    crew.loading = self._load_ahead(name, crew)
                else:
                    load = self._load_now(name, crew)
            if crew.busy():
                more, newest = self._hear(crew)
                sent += more
                load = newest or load
            elif load.empty:
                return sent

    def _load_now(self, name: str, crew: Crew) -> Load:
        """Claim, word and hand out, while nothing else waits for it."""
        load = self._load(name, crew.claim_size())
        crew.under_way += len(load.jobs)
        crew.hand_out(load.jobs)
        self._untold += load.over
        self._unsent += load.unsent
        if load.error is not None:
            raise load.error
        self._tell([])
        return load

    def _hear(self, crew: Crew) -> tuple[int, Load | None]:
        """Record what became of some; return how many were handed off, and the load that was claimed meanwhile."""
        results, unsent, loads, noted = sort(crew.hear())
        heard = len(results)
        crew.under_way -= heard + len(unsent) - sum(len(load.unsent) for load in loads)
        self._unsent += unsent
        for load in loads:
            crew.loading = None
            crew.under_way += len(load.jobs)
            results += load.over
        sent = self._noted(crew, noted, results)
        if crew.noting is None and crew.under_way and self._can_be_noted_beside(results):
            crew.noting = self._note_beside(crew, results)
        else:
            sent += self._tell(results)
            crew.recorded(heard)
        for load in loads:
            if load.error is not None:
                raise load.error
        return sent, loads[-1] if loads else None

    def _noted(self, crew: Crew, noted: list[Noted], results: list[Result]) -> int:
        """Return how many were recorded beside; keep what could not be, and these `results`, to be told later."""
        for note in noted:
            crew.noting = None
            if note.error is not None:
                self._untold += note.results + results
                raise note.error
        return sum(len(note.results) for note in noted)

    def _can_be_noted_beside(self, results: list[Result]) -> bool:
        """Return whether these say only that all went well, and nothing older has to be said before them."""
        return (
            bool(results)
            and not (self._untold or self._unsent or connection.in_atomic_block)
            and all(result.outcome is Outcome.HANDED_OFF for result in results)
        )

    def _note_beside(self, crew: Crew, results: list[Result]) -> Future[None]:
        """Have these recorded by a thread beside this one, which lets as many more be sent."""

        def run() -> None:
            try:
                finish(results, now=None, jitter=0)
            except BaseException as error:  # noqa: BLE001 - raised by who hears of it
                with contextlib.suppress(Exception):
                    connection.close()
                crew.told.put(Noted(results, error))
                return
            crew.recorded(len(results))
            crew.told.put(Noted(results))

        if self._noter is None:
            self._noter = ThreadPoolExecutor(1, thread_name_prefix="noter")
        return self._noter.submit(run)

    def _load_ahead(self, name: str, crew: Crew) -> Future[None]:
        """Have the next load claimed, worded and handed out by a thread beside this one."""

        def run() -> None:
            load = self._load(name, size)
            if load.error is not None:
                with contextlib.suppress(Exception):
                    connection.close()
            # Told before its jobs can be, so that they are known to be under way.
            crew.told.put(load)
            crew.hand_out(load.jobs)

        size = crew.claim_size()
        if self._loader is None:
            self._loader = ThreadPoolExecutor(1, thread_name_prefix="loader")
        return self._loader.submit(run)

    def _load(self, name: str, size: int) -> Load:
        """Claim and word up to `size` deliveries; what goes wrong is in the load, with what was claimed by then."""
        claimed: list[Claimed] = []
        try:
            now = clock.now()
            claimed_at = time.monotonic()
            claimed = claim(now=now, limit=size, channels=[name])
            if not claimed:
                return Load(empty=True)
            words = kinds.compose(claimed, now)
            addresses = addresses_of(claimed)
        except BaseException as error:  # noqa: BLE001 - raised by who hears of it
            return Load(error=error, unsent=claimed)
        load = Load(full=len(claimed) == size)
        for delivery in claimed:
            said, address = words.get(delivery.pk), addresses.get(delivery.pk)
            if isinstance(said, Exception):
                load.over.append(Result(delivery, Outcome.TRY_AGAIN, f"words:{type(said).__name__}"))
            elif said is None or address is None:
                load.over.append(Result(delivery, Outcome.UNWANTED))
            else:
                load.jobs.append(Job(delivery, Parcel(delivery.ref, address, said), claimed_at))
        return load

    def _tell(self, results: Iterable[Result]) -> int:
        """Record results, kept ones first, and give back what was not sent; return how many were handed off."""
        self._untold += results
        told = self._untold
        if told:
            # Only what failed is due again, by the database's clock; the rest need not ask for it.
            failed = any(result.outcome in (Outcome.TRY_AGAIN, Outcome.REFUSED) for result in told)
            now = clock.now() if failed else None
            ours = finish(told, now=now, jitter=random.random())  # noqa: S311 - spreads waits, hides nothing
            self._untold = []
            if now is not None:
                refused = [one for one in told if one.outcome is Outcome.REFUSED and one.delivery.pk in ours]
                give_way(refused, now=now)
        if self._unsent:
            give_back(self._unsent)
            self._unsent = []
        return sum(result.outcome is Outcome.HANDED_OFF for result in told)


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
