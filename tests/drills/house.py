"""A house of real processes in a private folder: durable PostgreSQL, Redis, a mail sink, workers, beats, a web.

Everything listens on Unix sockets or on this machine's loopback; only processes started here are ever stopped.
"""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from config.embedded import Child, Postgres, Redis, throwaway
from config.embedded.postgres import CannotStart
from config.launcher.answer import status_of
from config.launcher.house import ROOT, free_port

WORKER = ("-m", "celery", "-A", "config", "worker", "-P", "threads", "-Q", "calls", "--concurrency", "4")
QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "warning")
EARS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
# Django and Celery need some seconds to boot, and many where other work shares the machine.
BOOT = 120.0


class TooLate(Exception):
    """Something that had to happen did not, within its time."""


def wait_until(
    true: Callable[[], object], patience: float, what: str, meanwhile: Callable[[], object] = lambda: 0
) -> None:
    """Wait until `true` says so; raises TooLate when `patience` seconds are over."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            raise TooLate(f"not within {patience:.0f} s: {what}")
        meanwhile()
        time.sleep(0.02)


class House:
    """The processes of one drill; `fresh` puts the stores back to how they were kept by `keep`."""

    def __init__(self, folder: Path, postgres: Postgres, redis: Redis, env: dict[str, str]) -> None:
        self.folder, self.postgres, self.redis, self.env = folder, postgres, redis, env
        self.mail_port, self.web_port = free_port(), free_port()
        self.env["EMAIL_URL"] = f"smtp://127.0.0.1:{self.mail_port}"
        self.env.update({"SITE_URL": f"http://localhost:{self.web_port}", "PORT": str(self.web_port)})
        self.workers: list[Child] = []
        self.beats: list[Child] = []
        self.others: list[Child] = []
        self.mails = folder / "mails"
        self.started = 0
        # Seconds until a dead worker is started again; None leaves it dead.
        self.restart: float | None = None
        self._dead_since: dict[int, float] = {}

    # --- stores

    def keep(self) -> None:
        """Remember the database as it is now, for `fresh`."""
        self.postgres.stop()
        shutil.copytree(self.postgres.data, self.folder / "kept", symlinks=True)
        self.postgres.start()

    def fresh(self) -> None:
        """Start over: nothing runs but the stores, and they hold what was kept."""
        self.stop()
        self.postgres.stop()
        shutil.rmtree(self.postgres.data)
        shutil.copytree(self.folder / "kept", self.postgres.data, symlinks=True)
        self.postgres.start()
        if not self.redis.child.running:
            self.redis.start()
        self.mails.unlink(missing_ok=True)

    def start_postgres(self, patience: float = 30) -> None:
        """Start PostgreSQL after a fault; the last backends of a killed one may need a moment to leave."""
        end = time.monotonic() + patience
        while True:
            try:
                self.postgres.start(patience)
            except CannotStart:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
            else:
                return

    # --- processes

    def _child(self, name: str, *argv: str | Path, **more: str) -> Child:
        self.started += 1
        log = self.folder / "log" / f"{self.started:03d}-{name}.log"
        child = Child([sys.executable, *argv], log=log, env={**self.env, **more}, cwd=ROOT)
        child.start()
        return child

    def start_sink(self, delay: float, module: str = "config.mailsink") -> Child:
        """Start the mail server that notes each mail before it says yes, `delay` seconds later."""
        sink = self._child(
            "sink",
            "-m",
            module,
            "--port",
            str(self.mail_port),
            "--log",
            self.mails,
            *(("--delay", str(delay)) if delay else ()),
        )
        self.others.append(sink)
        wait_until(lambda: _listens(self.mail_port), BOOT, "the mail sink answers")
        return sink

    def start_worker(self) -> Child:
        """Start one worker for calls."""
        worker = self._child("worker", *WORKER, *QUIET, "-n", f"drill{self.started}@%h")
        self.workers.append(worker)
        return worker

    def start_beat(self) -> Child:
        """Start one beat."""
        schedule = self.folder / f"schedule-{self.started}"
        beat = self._child("beat", "-m", "celery", "-A", "config", "beat", "-s", schedule, "--pidfile", "")
        self.beats.append(beat)
        return beat

    def start_web(self, settings: str = "config.settings") -> Child:
        """Start gunicorn as production does and wait until it answers."""
        config = ROOT / "config/gunicorn.conf.py"
        web = self._child("web", "-m", "gunicorn", "--config", config, "config.wsgi", DJANGO_SETTINGS_MODULE=settings)
        self.others.append(web)
        # /healthz may say that a part is not well: that is an answer.
        wait_until(lambda: status_of(f"{self.env['SITE_URL']}/healthz"), BOOT, "the web answers")
        return web

    def wait_listening(self, patience: float = BOOT) -> None:
        """Wait until every living worker hears PostgreSQL ring."""
        wanted = sum(worker.running for worker in self.workers)
        wait_until(lambda: self._ears() >= wanted, patience, f"{wanted} workers listen")

    def _ears(self) -> int:
        with contextlib.suppress(psycopg.OperationalError), self.postgres.connect() as connection:
            return int(connection.execute(EARS).fetchone()[0])
        return -1

    def tend(self) -> None:
        """Start dead workers again, as a supervisor would."""
        if self.restart is None:
            return
        now = time.monotonic()
        for worker in [worker for worker in self.workers if not worker.running]:
            died = self._dead_since.setdefault(id(worker), now)
            if now - died >= self.restart:
                self.workers.remove(worker)
                self._dead_since.pop(id(worker))
                self.start_worker()

    def stop(self) -> None:
        """Stop all but the stores, side by side."""
        self.restart = None
        everyone = [*self.workers, *self.beats, *self.others]
        for child in everyone:
            child.send(signal.SIGTERM)
        for child in everyone:
            child.stop(8)
        for group in (self.workers, self.beats, self.others):
            group.clear()


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def house(*, static: bool = False) -> Iterator[House]:
    """Open a house with an empty, migrated, durable database, and Django set up in this process on it."""
    with throwaway(settings=()) as stores:
        env = {**os.environ, **stores.env, "DEBUG": "false", "DEMO": "false", "PYTHONUNBUFFERED": "1"}
        opened = House(stores.folder, stores.postgres, stores.redis, env)
        os.environ.update(opened.env)
        try:
            _prepare(static)
            yield opened
        finally:
            opened.stop()


def _prepare(static: bool) -> None:
    import django
    from django.core.management import call_command

    from config.catalogs import compile_catalogs

    compile_catalogs()
    django.setup()
    # Rings for workers as the web does.
    import config.celery  # noqa: F401

    call_command("migrate", interactive=False, verbosity=0)
    if static:
        call_command("collectstatic", interactive=False, verbosity=0)
