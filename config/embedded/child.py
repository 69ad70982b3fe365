"""A process of ours that never outlives us, not even when we are killed without warning."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT = 5 * 1024 * 1024
# Loaded before any fork: between fork and exec nothing may be imported or allocated at leisure.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, farewell: int = signal.SIGKILL) -> None:
    """Ask the kernel to send `farewell` to this process when its parent dies; leave if it is gone already."""
    _libc.prctl(PR_SET_PDEATHSIG, farewell, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose own parent dies, so that none can slip away."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def open_log(path: Path) -> int:
    """Open a log for appending, with one older part kept beside it once it has grown large."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


class Child:
    """One process: started in a session of its own, so that Ctrl-C reaches only us, and stopped by name of signal.

    `leave` is what ends it politely, `farewell` what the kernel sends it when we are killed.
    Start children from the main thread: the kernel watches the thread that forked, not the process.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        leave: int = signal.SIGTERM,
        farewell: int = signal.SIGKILL,
    ) -> None:
        self.argv = [str(part) for part in argv]
        self.log = log
        self.env = dict(os.environ if env is None else env)
        self.cwd = cwd
        self.leave = leave
        self.farewell = farewell
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; its output goes to the log."""
        parent, farewell = os.getpid(), self.farewell
        log = open_log(self.log)
        try:
            self.process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(parent, farewell),  # noqa: PLW1509 - we have no other threads
            )
        finally:
            os.close(log)

    @property
    def running(self) -> bool:
        """Say whether the process lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """The process's number; only for a child that was started."""
        assert self.process is not None
        return self.process.pid

    def send(self, number: int) -> None:
        """Send a signal, if there still is someone to receive it."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def wait(self, patience: float) -> bool:
        """Wait for the end; False when it has not come within `patience` seconds."""
        if self.process is None:
            return True
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, patience: float = 10) -> None:
        """End the process politely, and by force when `patience` is over."""
        self.send(self.leave)
        if not self.wait(patience):
            self.kill()

    def kill(self) -> None:
        """End the process at once."""
        self.send(signal.SIGKILL)
        self.wait(10)

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log, for telling why it would not start."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8192))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
        return ""
