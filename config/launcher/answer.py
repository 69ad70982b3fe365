"""Wait until the site answers over HTTP. `python -m config.launcher.answer ADDRESS` asks once, for health checks."""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

# Straight to this machine: a proxy named in the environment is not asked.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def status_of(address: str, host: str = "") -> int:
    """Return the HTTP status of an address, asked for under the name `host`; 0 when nobody answers."""
    question = urllib.request.Request(address, headers={"Host": host} if host else {})  # noqa: S310 - ours
    try:
        with _direct.open(question, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


def wait_for(site: str, patience: float, meanwhile: Callable[[], None]) -> int:
    """Ask /healthz until all is well or patience ends; return the last status heard.

    503 means: I am here, but a part of me is not yet.
    """
    end = time.monotonic() + patience
    status = 0
    while time.monotonic() < end:
        status = status_of(f"{site}/healthz")
        if 200 <= status < 500:
            break
        meanwhile()
        time.sleep(0.05)
    return status


if __name__ == "__main__":
    # The site answers only to its own name, whichever number it is reached by.
    sys.exit(status_of(sys.argv[1], urlsplit(os.environ.get("SITE_URL", "")).netloc) != 200)
