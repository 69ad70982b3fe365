"""The faults: what is done to the house when about a hundred of its alerts have gone out."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.drills.house import House

LEASE = float(os.environ.get("LEASE_SECONDS", "15"))
GRACE = 5.0


@dataclass(frozen=True)
class Fault:
    """One fault; `strike` returns the moment from which recovering is timed."""

    name: str
    strike: Callable[[House], float]
    # Done before anything is raised.
    before: Callable[[House], None] | None = None
    workers: int = 2
    beats: int = 1
    restart: float | None = None
    # The mail server's slowness: it decides how long the fan-out lasts.
    delay: float = 0.25
    # A mail may come twice only if a crash fell between hand-off and commit, in one of so many workers.
    struck: int = 0
    last_within: float = LEASE + GRACE
    # "raise": calls are raised in the web during the fault; "browse": a page is looked at throughout.
    web: str = ""
    # Calls that come one by one while the fault lasts, and over how many seconds.
    trickle: int = 0
    trickle_s: float = 0.0


def _kill_one(house: House) -> float:
    house.workers[0].send(signal.SIGKILL)
    return time.time()


def _kill_all(house: House) -> float:
    for worker in house.workers:
        worker.send(signal.SIGKILL)
    return time.time()


def _kill_ten(house: House) -> float:
    """Kill ten workers, each at a random time; the supervisor keeps bringing new ones."""
    chance = random.Random()
    struck = time.time()
    for _ in range(10):
        _tended(house, chance.uniform(0.2, 1.5))
        while not (living := [worker for worker in house.workers if worker.running]):
            _tended(house, 0.1)
        chance.choice(living).send(signal.SIGKILL)
        struck = time.time()
    return struck


def _tended(house: House, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        house.tend()
        time.sleep(0.02)


def _redis_flushall(house: House) -> float:
    import redis

    with redis.Redis(unix_socket_path=str(house.redis.socket)) as client:
        client.flushall()
    return time.time()


def _redis_killed(house: House) -> float:
    house.redis.child.kill()
    return time.time()


def _no_redis(house: House) -> None:
    house.redis.stop()


def _nothing_more(_house: House) -> float:
    return time.time()


def _redis_silent(house: House) -> float:
    """Let Redis hold its connections open and say nothing for 12 s."""
    house.redis.child.send(signal.SIGSTOP)
    struck = time.time()
    try:
        _tended(house, 12)
    finally:
        house.redis.child.send(signal.SIGCONT)
    return struck


def _pg_fast_restart(house: House) -> float:
    struck = time.time()
    house.postgres.stop()
    house.start_postgres()
    return struck


def _pg_crash(house: House) -> float:
    """Kill the postmaster: its backends leave in a hurry, and the next start recovers from the log."""
    struck = time.time()
    house.postgres.child.kill()
    house.start_postgres()
    return struck


def _pg_away(house: House) -> float:
    struck = time.time()
    house.postgres.stop()
    _tended(house, 10)
    house.start_postgres()
    return struck


def _beat_away(house: House) -> float:
    house.beats[0].send(signal.SIGKILL)
    struck = time.time()
    _tended(house, 60)
    house.start_beat()
    return struck


FAULTS = {
    fault.name: fault
    for fault in (
        Fault("kill_one_worker", _kill_one, struck=1),
        Fault("kill_all_workers", _kill_all, restart=1.0, struck=2),
        Fault("kill_ten_random", _kill_ten, workers=3, restart=1.0, delay=0.4, struck=10),
        Fault("redis_flushall", _redis_flushall, web="raise"),
        Fault("redis_killed", _redis_killed, web="raise"),
        Fault("redis_absent", _nothing_more, before=_no_redis, web="raise"),
        Fault("redis_silent_12s", _redis_silent, web="raise"),
        Fault("pg_fast_restart", _pg_fast_restart, struck=2, web="browse"),
        Fault("pg_crash_restart", _pg_crash, struck=2, web="browse"),
        Fault("pg_away_10s", _pg_away, struck=2, web="browse", last_within=10 + LEASE + GRACE),
        Fault("beat_away_60s", _beat_away, trickle=12, trickle_s=55, last_within=60 + GRACE),
        Fault("two_beats", _nothing_more, beats=2),
    )
}


def in_flight(workers: int) -> int:
    """Return how many mails may have been sent and not yet recorded, by the engine's own window."""
    return workers * 2 * int(os.environ.get("MAIL_CONNECTIONS", "8"))
