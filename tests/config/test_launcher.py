"""`make run` as a whole: it opens, keeps, mends itself, and leaves nothing running."""

import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from config.launcher.house import ROOT, free_port
from config.launcher.service import pause_before
from tests.config.processes import at_work_in

# On two cores shared with the rest of the suite; alone it is open after 4 s.
PATIENCE = 240


class Keeper:
    """A launcher in a folder of its own, and what it said."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.said = folder.with_name(f"{folder.name}.said")

    def start(self) -> None:
        # As from a plain terminal: nothing of the test session's settings.
        mine = ("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "DEMO_MAIL_DIR", "SECRET_KEY_FILE", "SEAL_KEYS_FILE")
        env = {name: value for name, value in os.environ.items() if name not in mine}
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launcher", "--port", str(self.port), "--folder", str(self.folder)],
                cwd=ROOT, env=env, stdout=said, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait_for(self, words: str) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            text = self.said.read_text()
            if words in text:
                return text
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(f"{words!r} not said:\n{self.said.read_text()}")

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture(scope="module")
def keeper():
    with tempfile.TemporaryDirectory(prefix="casserole-") as place:
        one = Keeper(Path(place) / "var", free_port())
        yield one
        if one.process.poll() is None:
            one.end(signal.SIGTERM)


def left(keeper: Keeper) -> list[str]:
    """Return who is still there of this house: all of them carry its folder in environment, arguments or place."""
    return at_work_in(keeper.folder)


@pytest.mark.slow
def test_a_house_from_first_start_to_last_end(keeper):
    keeper.start()
    said = keeper.wait_for("Ctrl-C stops it all")
    assert f"http://localhost:{keeper.port}" in keeper.wait_for("@")
    with urllib.request.urlopen(f"http://localhost:{keeper.port}/healthz", timeout=10) as answer:
        assert answer.status == 200
    assert len(left(keeper)) >= 9

    # A second one in the same folder goes away and disturbs nothing.
    second = subprocess.run(
        [sys.executable, "-m", "config.launcher", "--folder", str(keeper.folder), "--port", str(free_port())],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"already running here (process {keeper.process.pid}, http://localhost:{keeper.port})" in second.stderr

    # A part that dies comes back.
    workers = [pid for pid in children_of(keeper.process.pid) if b"calls@" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == 1
    os.kill(workers[0], signal.SIGKILL)
    said = keeper.wait_for("calls     ended (signal 9), starts again in 0.5 s")

    assert keeper.end(signal.SIGINT) == 0
    assert "nothing is left running" in keeper.said.read_text()
    assert left(keeper) == []

    # The second start keeps the data, is quick, and a kill of the launcher takes all with it.
    keys = (keeper.folder / "keys" / "seal.keys").read_text()
    keeper.start()
    said = keeper.wait_for("Ctrl-C stops it all")
    seconds = re.search(r"open after ([\d.]+) s", said)
    assert seconds is not None
    assert float(seconds[1]) < 8
    # The web boots once for both its processes; the rest has to be little.
    work, boot = work_until_open(keeper), work_of_a_boot()
    assert work < 3 * boot
    assert "preparing" not in said
    assert (keeper.folder / "keys" / "seal.keys").read_text() == keys
    assert keeper.end(signal.SIGKILL) == -signal.SIGKILL
    time.sleep(2)
    assert left(keeper) == []


def work_until_open(keeper: Keeper) -> float:
    """Return the seconds of processor that the launcher, the stores, the letter box and the web have used.

    The workers and beat are left out: they begin when the house is open.
    """
    used, ticks = 0, os.sysconf("SC_CLK_TCK")
    pids = [keeper.process.pid]
    for pid in pids:
        place = Path(f"/proc/{pid}")
        if b"celery" in (place / "cmdline").read_bytes():
            continue
        pids += children_of(pid)
        # The name of a program may hold spaces: count from behind it. Own and waited-for children's, in and for it.
        used += sum(map(int, (place / "stat").read_text().rpartition(")")[2].split()[11:15]))
    return used / ticks


def work_of_a_boot() -> float:
    """Return the seconds of processor that one process needs until it could answer for the site, at this moment."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    asks = "from config.wsgi import application; from django.urls import get_resolver; get_resolver().url_patterns"
    subprocess.run([sys.executable, "-c", asks], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.slow
def test_a_port_that_is_taken_is_said(tmp_path):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "config.launcher", "--folder", str(tmp_path / "var"), "--port", str(port)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} is taken. Choose another: make run PORT={port + 1}" in done.stderr
    assert at_work_in(tmp_path) == []


def test_pauses_grow_and_stay_bounded():
    assert [pause_before(ends) for ends in (1, 2, 3, 4, 7, 20)] == [0.5, 1, 2, 4, 30, 30]
