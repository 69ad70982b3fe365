"""Processes at the bench's side, asked line by line."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from config.launcher.house import ROOT
from tests.drills.house import House


class Helper:
    """One such process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, *words: object) -> None:
        """Have it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """Wait for what it tells."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process at the bench's side has ended")
        return json.loads(line)

    def do(self, *words: object) -> Any:
        """Have it work, and return what it tells."""
        self.ask(*words)
        return self.hear()


@contextlib.contextmanager
def helpers(house: House, number: int) -> Iterator[list[Helper]]:
    """Run so many processes, booted and ready."""
    started: list[Helper] = []
    try:
        for _ in range(number):
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.side"], cwd=ROOT, env=house.env, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
            started.append(Helper(process))
        for helper in started:
            assert helper.process.stdout is not None
            assert helper.process.stdout.readline() == "ready\n"
        yield started
    finally:
        for helper in started:
            assert helper.process.stdin is not None
            helper.process.stdin.close()
            try:
                helper.process.wait(5)
            except subprocess.TimeoutExpired:
                helper.process.kill()
                helper.process.wait(5)
