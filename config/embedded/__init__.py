"""PostgreSQL and Redis as children of ours, on Unix sockets: for `make run`, tests, drills and benches.

A real server brings its own PostgreSQL and Redis and uses nothing of this.
"""

from config.embedded.child import Child, die_with_parent
from config.embedded.folders import Taken, alone_in, private, socket_folder
from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from config.embedded.throwaway import Throwaway, throwaway

__all__ = [
    "Child",
    "Postgres",
    "Redis",
    "Taken",
    "Throwaway",
    "alone_in",
    "die_with_parent",
    "private",
    "socket_folder",
    "throwaway",
]
