"""One drill, small: a worker is killed midway and nothing is lost. `make drill` runs them all, whole."""

import os
import re
import subprocess
import sys

import pytest

from config.launcher.house import ROOT

# On two cores shared with the rest of the suite; alone it takes some twelve seconds.
PATIENCE = 240


@pytest.mark.slow
def test_a_killed_worker_loses_nothing():
    # A shorter lease than a real server's: what the dead worker held comes due sooner.
    env = {**os.environ, "LEASE_SECONDS": "7"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills", "kill_one_worker", "--due", "40"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    said = re.search(r"^fault=kill_one_worker due=40 lost=0 duplicates=(\d+) last_s=[\d.]+$", done.stdout, re.MULTILINE)
    assert said, done.stdout + done.stderr
    assert "came twice" not in done.stdout
