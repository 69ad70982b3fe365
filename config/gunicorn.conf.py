"""How gunicorn serves the site: threads, two processes, and a log that names no visitor."""

import os
import signal
import socket
from importlib import import_module
from typing import Any

from gunicorn.glogging import Logger

from config.embedded.child import die_with_parent


def _addresses(port: str) -> list[str]:
    """Return both spellings of localhost: browsers try either first."""
    found = [f"127.0.0.1:{port}"]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        found.append(f"[::1]:{port}")
    except OSError:
        pass
    return found


class Discreet(Logger):
    """gunicorn's log without visitors' addresses and without the links they follow."""

    def warning(self, message: str, *args: Any, **options: Any) -> None:
        """Drop the address from the one warning that holds it."""
        if "from ip=" in message:
            message = "A request that is no HTTP was refused."
        super().warning(message, *args, **options)

    def exception(self, message: str, *args: Any, **options: Any) -> None:
        """Drop the link: a one-tap link is a key."""
        if message.startswith("Error handling request"):
            message, args = "Error handling a request", ()
        super().exception(message, *args, **options)


bind = os.environ.get("WEB_BIND", "").split() or _addresses(os.environ.get("PORT", "8000"))
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
# The site is booted once and shared: it is open sooner, and two processes take little more memory than one.
preload_app = True
# Heartbeats go to memory, not to a disk that may be slow.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
timeout = 30
graceful_timeout = 5
keepalive = 5
limit_request_line = 4094
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = Discreet
# Which address a request came from is the proxy's to say, and ours to forget (see commons.web.client).
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")


def post_fork(server: Any, _worker: Any) -> None:
    """Tie each worker to its master: none goes on serving after the master was killed."""
    die_with_parent(server.pid, signal.SIGKILL)


def post_worker_init(_worker: Any) -> None:
    """Make the queue's first use ready: a connection is each process's own, and must not be made before the fork."""
    import_module("config.celery").warm()
