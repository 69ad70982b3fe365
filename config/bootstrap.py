"""Make `.venv` with the locked requirements: runs on a bare Python 3.11, before anything is installed.

`python3 config/bootstrap.py base` is what running needs, `dev` what tests and checks need on top.
uv installs in seconds what takes pip most of a minute, so uv is fetched first; pip does it all where
uv cannot be had. Every file comes with the hash that the lock names.
"""

import contextlib
import ctypes.util
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
# Libraries that lay text out for paper, by the names that the loader and Debian know them by.
PANGO = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
LETTERS = ["fonts-dejavu-core", "fonts-noto-core"]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PATIENCE = 300


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one bootstrap work at a time: `make run` and `make test` may start side by side."""
    folder = ROOT / "var"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint(which_lock: str) -> str:
    """Tell whether the requirements, or the Python below them, changed since they were installed."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("tools.txt", f"{which_lock}.txt"):
        digest.update((LOCKS / name).read_bytes())
    return digest.hexdigest()


def installed(which_lock: str) -> bool:
    """Say whether this lock is in the venv already; what `dev` brings includes `base`."""
    stamps = {"base": ("base", "dev"), "dev": ("dev",)}[which_lock]
    return PYTHON.exists() and any(
        (VENV / f".{name}.stamp").is_file()
        and (VENV / f".{name}.stamp").read_text(encoding="ascii") == fingerprint(name)
        for name in stamps
    )


def as_root_on_debian() -> bool:
    """Say whether this machine lets us install Debian packages."""
    return os.geteuid() == 0 and which("apt-get") is not None


def apt(*packages: str) -> bool:
    """Install Debian packages; True when that worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update", "-qq"], install):
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(command, env=quiet, capture_output=True, timeout=PATIENCE, check=False)
            if command is install and done.returncode == 0:
                return True
    return False


def make_venv() -> None:
    """Create the virtual environment, with Debian's python3-venv fetched where it is missing."""
    with contextlib.suppress(OSError):
        if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:
            return
    print("Making .venv …", flush=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if as_root_on_debian() and apt(version) and subprocess.run(command, check=False).returncode == 0:
        return
    sys.exit(f"Python can make no virtual environment here. One command mends that:\n  sudo apt-get install {version}")


def settings_for_uv() -> dict[str, str]:
    """Let uv trust whom this machine trusts and ask the index that pip is set up for: it reads no pip settings."""
    trust = {"UV_SYSTEM_CERTS": "true"} if CERTIFICATES.exists() else {}
    if any(name in os.environ for name in ("UV_INDEX_URL", "UV_DEFAULT_INDEX")):
        return trust
    found = subprocess.run(
        [PYTHON, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = os.environ.get("PIP_INDEX_URL", found.stdout.strip())
    return {**trust, "UV_DEFAULT_INDEX": index} if index else trust


def install(which_lock: str) -> None:
    """Install one lock into the venv. Nothing is removed: a house may be running out of this venv."""
    wanted = ["--require-hashes", "-r", str(LOCKS / f"{which_lock}.txt")]
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    print(f"Installing requirements/{which_lock}.txt …", flush=True)
    if subprocess.run([*pip, "--require-hashes", "-r", str(LOCKS / "tools.txt")], check=False).returncode == 0:
        quick = [str(PYTHON), "-m", "uv", "pip", "install", "-q", "--python", str(PYTHON), *wanted]
        if subprocess.run(quick, env={**os.environ, **settings_for_uv()}, check=False).returncode == 0:
            return
    print("uv could not do it; pip does, which takes a minute …", flush=True)
    if subprocess.run([*pip, *wanted], check=False).returncode != 0:
        sys.exit("The requirements could not be installed: see above. Is there a way to the package index?")


def pango() -> None:
    """Bring the libraries that PDFs are laid out with, where that is allowed; otherwise name the command."""
    if all(ctypes.util.find_library(name) for name in PANGO):
        return
    packages = list(PANGO.values())
    if not (as_root_on_debian() and apt(*packages, *LETTERS)):
        print(f"All works but PDFs. One command brings those:\n  sudo apt-get install {' '.join(packages)}", flush=True)


def main() -> None:
    """Bring the venv up to the lock that the command line names."""
    which_lock = sys.argv[1] if len(sys.argv) > 1 else "base"
    if which_lock not in ("base", "dev"):
        sys.exit("Usage: python3 config/bootstrap.py [base|dev]")
    with alone():
        if installed(which_lock):
            return
        make_venv()
        install(which_lock)
        pango()
        (VENV / f".{which_lock}.stamp").write_text(fingerprint(which_lock), encoding="ascii")


if __name__ == "__main__":
    main()
