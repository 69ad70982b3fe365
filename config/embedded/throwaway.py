"""A private PostgreSQL and Redis for one test session, drill or command, gone afterwards."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.embedded.folders import Taken, alone_in, remove_socket_folder, socket_folder
from config.embedded.postgres import FORGETFUL, Postgres
from config.embedded.redis import Redis
from config.keys import ensure

PREFIX = "casserole-try-"
YOUNG = 60


@dataclass(frozen=True)
class Throwaway:
    """The servers, their folder, and the environment in which Django finds them."""

    folder: Path
    postgres: Postgres
    redis: Redis
    env: dict[str, str]


def environment(folder: Path) -> dict[str, str]:
    """Return the settings of a throwaway house in this folder, known before anything is started."""
    sockets = socket_folder(folder)
    static = folder / "static"
    static.mkdir(exist_ok=True)
    return {
        "DATABASE_URL": f"postgres://casserole@/casserole?host={sockets}",
        "REDIS_URL": f"redis+socket://{sockets}/redis.sock",
        "STATIC_ROOT": str(static),
        "DEMO_MAIL_DIR": str(folder / "mail"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **ensure(folder / "keys"),
    }


def sweep_leftovers() -> None:
    """Remove the folders of sessions that were killed: nobody holds their lock any more.

    A young folder is left alone: its owner may be about to take the lock.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(Taken, OSError):
            if time.time() - folder.stat().st_mtime > YOUNG:
                with alone_in(folder):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def throwaway(*, settings: Iterable[str] = FORGETFUL, database: bool = True) -> Iterator[Throwaway]:
    """Run both servers in a fresh private folder. Durable servers, for drills: `settings=()`."""
    sweep_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(remove_socket_folder, folder)
        stack.enter_context(alone_in(folder))
        env = environment(folder)
        whole = {**os.environ, **env}
        postgres, redis = Postgres(folder, settings=settings, env=whole), Redis(folder, env=whole)
        stack.callback(postgres.stop)
        postgres.start()
        if database:
            postgres.create_database()
        stack.callback(redis.stop)
        redis.start()
        yield Throwaway(folder, postgres, redis, env)
