"""Remember what was prepared: a start where nothing changed need not boot Django for it again."""

import hashlib
from pathlib import Path

import psycopg

from config.embedded import Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
# Migrations, static files, translations, the demo: all that preparing looks at lies in here.
SOURCES = ("commons", "config", "locale", "pods", "requirements", "sites", "static", "templates")
LEFT_OUT = {".pyc", ".mo"}


def state_of_sources(root: Path = ROOT) -> str:
    """Tell by names, sizes and times whether any file of ours changed."""
    digest = hashlib.sha256(str(root).encode())
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix not in LEFT_OUT:
                state = path.stat()
                digest.update(f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def applied_migrations(postgres: Postgres) -> int:
    """Return how many migrations the database has; 0 when it is not even begun."""
    try:
        with postgres.connect("casserole") as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    except psycopg.Error:
        return 0
    return int(row[0]) if row else 0


class Memory:
    """What the last preparation left: the state it was made from, and who may sign in."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.file = folder / "prepared"
        self.postgres = postgres

    def _heading(self) -> str:
        return f"{state_of_sources()} {applied_migrations(self.postgres)}"

    def recall(self) -> str | None:
        """Return who to sign in as, if everything still is as it was prepared."""
        try:
            heading, _, who = self.file.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return None
        return who if heading == self._heading() and (self.file.parent / "static").is_dir() else None

    def keep(self, who: str) -> None:
        """Remember that everything is prepared now."""
        self.file.write_text(f"{self._heading()}\n{who}", encoding="utf-8")

    def forget(self) -> None:
        """Forget before preparing anew: what is interrupted midway was not prepared."""
        self.file.unlink(missing_ok=True)
