"""What is installed is installed once, and again when the lock changes."""

import importlib.util
import subprocess
import sys

import pytest

from config.launcher.house import ROOT


@pytest.fixture
def bootstrap(tmp_path):
    """The script, looking at a venv and locks of its own."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "config" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.VENV, module.LOCKS = tmp_path, tmp_path / ".venv", tmp_path / "requirements"
    module.PYTHON = module.VENV / "bin" / "python"
    module.LOCKS.mkdir()
    for name in ("tools", "base", "dev"):
        (module.LOCKS / f"{name}.txt").write_text(f"{name}==1\n")
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.touch()
    return module


def stamp(bootstrap, name: str) -> None:
    (bootstrap.VENV / f".{name}.stamp").write_text(bootstrap.fingerprint(name))


def test_nothing_is_installed_at_first(bootstrap):
    assert not bootstrap.installed("base")
    assert not bootstrap.installed("dev")


def test_what_tests_need_holds_what_running_needs(bootstrap):
    stamp(bootstrap, "dev")
    assert bootstrap.installed("base")
    assert bootstrap.installed("dev")


def test_what_running_needs_is_not_enough_for_tests(bootstrap):
    stamp(bootstrap, "base")
    assert bootstrap.installed("base")
    assert not bootstrap.installed("dev")


def test_a_new_lock_is_installed_again(bootstrap):
    stamp(bootstrap, "base")
    (bootstrap.LOCKS / "base.txt").write_text("base==2\n")
    assert not bootstrap.installed("base")


def test_it_runs_on_a_bare_python():
    done = subprocess.run(
        [sys.executable, "-S", "-I", ROOT / "config" / "bootstrap.py", "everything"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Usage:")


@pytest.mark.parametrize("name", ["tools", "base", "dev"])
def test_locks_name_no_index_and_hash_everything(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    pinned = [line for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)
