"""Stop the house: the parts that work first, then what they work on; then whoever is left."""

import contextlib
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from config.launcher.service import Service

POLITE = 8.0
LAST = 2.0


def stop_together(services: Sequence[Service], patience: float = POLITE) -> None:
    """Ask all to leave at once, then wait for each; by force when the time is over."""
    end = time.monotonic() + patience
    for service in services:
        service.child.send(service.child.leave)
    for service in services:
        if not service.child.wait(max(0.0, end - time.monotonic())):
            service.child.kill()


def children() -> list[int]:
    """Return the numbers of our children: orphaned grandchildren come to us, so this is everyone in the end."""
    us = str(os.getpid())
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = (folder / "stat").read_text(encoding="utf-8", errors="replace").rsplit(") ", 1)[1].split()[1]
            if parent == us:
                found.append(int(folder.name))
    return found


def reap(known: Sequence[Service] = ()) -> None:
    """Take note of adopted grandchildren that ended; children of our own are left to who started them."""
    ours = {service.child.process.pid for service in known if service.child.process}
    for pid in children():
        if pid not in ours:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def sweep() -> None:
    """End every process below us that is still there: asked once, then by force."""
    for number, patience in ((signal.SIGTERM, LAST), (signal.SIGKILL, LAST)):
        for pid in children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            reap()
            if not children():
                return
            time.sleep(0.05)
