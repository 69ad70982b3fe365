"""Find the processes that belong to a folder."""

import os
from pathlib import Path


def at_work_in(place: Path) -> list[str]:
    """Return the command lines of all living processes that name this folder or stand in it.

    PostgreSQL and Redis write their titles over their environment and arguments; the folder they work
    in still tells.
    """
    wanted = os.fsencode(place)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            traces = (line, (folder / "environ").read_bytes(), os.fsencode((folder / "cwd").readlink()))
            if folder.name != str(os.getpid()) and any(wanted in trace for trace in traces):
                found.append(line.replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
