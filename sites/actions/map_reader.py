"""Starts the process that reads a map file, listens to it, and ends it when it takes too long."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sites.rules.shapes import Area, Box
from sites.states import Unusable

HOUSE = Path(__file__).resolve().parent.parent.parent
# Of the clock; how much it may work is limited inside.
SECONDS = 300
BYTES_MOST = 300_000_000
# Told how many objects were read so far, and which share of the file in percent, if that is known.
Listen = Callable[[int, int | None], None]


def nobody(_read: int, _share: int | None) -> None:
    """Listen to nothing."""


class FileUnusable(Exception):
    """Nothing was imported, and why."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class MapRead:
    """What was understood: lines of JSON in a file, and about the whole."""

    lines: Path
    objects: int
    # Where a place that is not in the file has vanished; and which kinds the file would have shown (None: all).
    scope: Box | None
    kinds: frozenset[str] | None


@contextmanager
def reading(path: Path, area: Area | None, listen: Listen) -> Iterator[MapRead]:
    """Yield what stands in a file, within an area if one is given. Raises `FileUnusable`."""
    try:
        if path.stat().st_size > BYTES_MOST:
            raise FileUnusable(Unusable.TOO_BIG)
        if not path.is_file():
            raise FileUnusable(Unusable.AWAY)
        with path.open("rb"):
            pass
    except OSError:
        raise FileUnusable(Unusable.AWAY) from None
    with TemporaryDirectory(prefix="casserole-map-") as folder:
        lines = Path(folder) / "lines"
        command = [sys.executable, "-m", "sites.actions.map_child", str(path.resolve()), str(lines)]
        said = _listen_to(command + ([json.dumps(area.as_json())] if area else []), listen)
        scope = area.box if area else Box(*said["scope"]) if said["scope"] else None
        yield MapRead(lines, said["read"], scope, None if said["whole"] else frozenset(said["kinds"]))


def _listen_to(command: list[str], listen: Listen) -> dict[str, Any]:
    # One arena: memory is limited by address space, of which each thread of the reader would take a share.
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OSMIUM_POOL_THREADS": "1"}
    child = subprocess.Popen(
        command,
        cwd=HOUSE,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    alarm = threading.Timer(SECONDS, child.kill)
    alarm.start()
    said: dict[str, Any] = {}
    try:
        assert child.stdout is not None
        for line in child.stdout:
            said = json.loads(line)
            if set(said) == {"read", "share"}:
                listen(said["read"], said["share"])
        code = child.wait()
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    if "unusable" in said:
        raise FileUnusable(Unusable(said["unusable"]))
    if code or "done" not in said:
        raise FileUnusable(_ended_by(code))
    return said


def _ended_by(code: int) -> Unusable:
    """Return what a process died of: its time (SIGXCPU 24, SIGKILL 9), its space (SIGXFSZ 25), or the file."""
    return {-24: Unusable.TOO_LONG, -9: Unusable.TOO_LONG, -25: Unusable.TOO_BIG, -6: Unusable.TOO_BIG}.get(
        code, Unusable.BROKEN
    )
