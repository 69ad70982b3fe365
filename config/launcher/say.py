"""One readable line to whoever watches the terminal."""

import os
import sys
import time
from pathlib import Path


def say(who: str, what: str) -> None:
    """Print a line with the time and the part of the house that it is about.

    The terminal may be gone by the time we stop; that must not keep us from stopping.
    """
    try:
        sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {who:<9} {what}\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - ours until we end
