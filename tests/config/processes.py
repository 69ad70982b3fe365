"""Find processes by a mark in their environment, which every child inherits."""

from pathlib import Path


def still_running(name: str, value: str) -> list[str]:
    """Return the command lines of all living processes that carry this environment variable."""
    wanted = f"{name}={value}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "stat").read_text().rsplit(") ", 1)[1].startswith("Z"):
                continue
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
