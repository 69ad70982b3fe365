"""Folders of ours alone: who holds one, and where sockets go when its path is too long."""

import contextlib
import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The kernel's sockaddr_un holds 108 bytes, the last one zero.
LONGEST_SOCKET = 107
SOCKET = ".s.PGSQL.5432"
# What may stand in a connection address without being quoted differently by each of its readers.
PLAIN = re.compile(r"[A-Za-z0-9/._+-]+")


class Taken(Exception):
    """Another process holds the folder; its text is what that one wrote about itself."""


def private(folder: Path) -> Path:
    """Make a folder that only we may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def alone_in(folder: Path, about_us: str = "") -> Iterator[None]:
    """Hold the folder while the block runs; raises Taken when someone else does.

    The kernel lets the lock go when we die, however that happens; children do not inherit it.
    """
    with (private(folder) / "lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Taken(lock.read().strip()) from None
        lock.truncate(0)
        lock.write(about_us)
        lock.flush()
        yield


def fits(folder: Path) -> bool:
    """Say whether sockets in this folder have a path that the kernel and every client can take."""
    text = str(folder / SOCKET)
    return len(os.fsencode(text)) <= LONGEST_SOCKET and PLAIN.fullmatch(text) is not None


def _ours(folder: Path) -> bool:
    """Make a 0700 folder, or find one that is really ours and no link someone laid there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    state = folder.lstat()
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and stat.S_IMODE(state.st_mode) == 0o700


def socket_folder(home: Path) -> Path:
    """Return where this house's sockets go: its own `run`, or a short private folder in the temp folder.

    The short name follows from the long one, so that the next start finds the same place.
    """
    inside = home.resolve() / "run"
    if fits(inside):
        return private(inside)
    for attempt in range(9):
        # Not ours: someone else was there first, by accident or not. Every part of the house skips it alike.
        name = hashlib.sha256(f"{os.geteuid()} {attempt} {inside}".encode(errors="surrogateescape")).hexdigest()[:12]
        for temp in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - checked to be ours
            short = temp / f"casserole-{name}"
            if fits(short) and _ours(short):
                return short
    raise OSError("No place for sockets: neither this folder's path nor the temp folder's is short and ours.")


def remove_socket_folder(home: Path) -> None:
    """Take the place in the temp folder away again, once the servers have left it."""
    folder = socket_folder(home)
    if folder != home.resolve() / "run":
        with contextlib.suppress(OSError):
            folder.rmdir()
