"""What the house consists of: where everything lies, and the command line of each part."""

import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from config.embedded import Child, Postgres, Redis, private
from config.keys import ensure
from config.launcher.service import Service

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sys.executable


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class House:
    """The house's folder and port, and the parts made from them."""

    folder: Path
    port: int
    postgres: Postgres
    redis: Redis
    env: dict[str, str]
    mail_port: int

    @property
    def address(self) -> str:
        """Where people find it: `localhost`, because passkeys never work on a number."""
        return f"http://localhost:{self.port}"

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return private(self.folder / "log") / f"{name}.log"

    def command(self, name: str, *argv: str | Path, leave: int = signal.SIGTERM) -> Service:
        """Return a part that is this Python running a module."""
        child = Child([PYTHON, "-m", *argv], log=self.log(name), env=self.env, cwd=ROOT, leave=leave)
        return Service(name, child)

    def stores(self) -> list[Service]:
        """Return PostgreSQL and Redis: started by their own classes, tended like the rest."""
        return [
            Service("database", self.postgres.child, before=self.postgres.clear_pidfile),
            Service("redis", self.redis.child),
        ]

    def mail(self) -> Service:
        """Return the demo's letter box."""
        return self.command("mail", "config.mailsink", "--port", str(self.mail_port), "--maildir", self.folder / "mail")

    def parts(self) -> list[Service]:
        """Return what runs once the database is ready."""
        app = ("celery", "-A", "config.celery")
        worker = (*app, "worker", "--pool", "threads", "--without-gossip", "--without-mingle")
        schedule = self.folder / "celerybeat-schedule"
        return [
            self.command("web", "gunicorn", "--config", ROOT / "config/gunicorn.conf.py", "config.wsgi"),
            self.command("calls", *worker, "-n", "calls@%h", "-Q", "calls", "--concurrency", "8"),
            self.command("worker", *worker, "-n", "worker@%h", "-Q", "celery", "--concurrency", "2"),
            self.command("beat", *app, "beat", "-s", schedule, "--pidfile", ""),
        ]


def build(folder: Path, port: int) -> House:
    """Lay out a house in the folder; starts nothing yet."""
    folder = private(folder.resolve())
    mail_port = free_port()
    base = {**os.environ, "PYTHONUNBUFFERED": "1"}
    postgres, redis = Postgres(folder, env=base), Redis(folder, env=base)
    env = {
        **base,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": redis.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "DEMO_MAIL_DIR": str(folder / "mail"),
        "SITE_URL": f"http://localhost:{port}",
        "STATIC_ROOT": str(folder / "static"),
        "PORT": str(port),
        "DEMO": "true",
        "DEBUG": os.environ.get("DEBUG", "false"),
        **ensure(folder / "keys"),
    }
    return House(folder, port, postgres, redis, env, mail_port)
