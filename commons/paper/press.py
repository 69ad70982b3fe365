"""Prints in the request: few at once, within ten seconds, and what was printed a moment ago is still there.

Sheets are small: a process that lays one out takes about two seconds of work, most of it to start. Making them in the
request means that a download is a download, with no row, no waiting page and nothing to sweep. What keeps a hostile
sheet from stopping the web: the child's limits, at most two children on a machine (locks that the kernel lifts when
their holder dies), and at most three requests of a process that wait for one of them; everybody else is told at once
to come back. What is long (a report) belongs to the worker, which calls the same function.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.contrib.staticfiles import finders
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused

HOUSE = Path(__file__).resolve().parent.parent.parent
# What Debian calls the libraries that lay text out; `config/bootstrap.py` brings them where it may.
BRING_PANGO = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# One arena: memory is limited by address space, of which each thread would take a share. No secret is handed on.
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
# By the clock: the child is ended then, wherever it is. Its work is limited inside.
SECONDS = 9.0
# To wait for another's sheet.
PATIENCE = 4.0
AT_ONCE = 2
WAITING = 3
IN_BYTES = 1_500_000
KEPT = 24
KEPT_BYTES = 600_000


class Problem(StrEnum):
    """Why nothing was printed; the words of the child, and one of our own."""

    NO_PANGO = "no_pango"
    BUSY = "busy"
    TOO_LONG = "too_long"
    TOO_BIG = "too_big"
    UNREADABLE = "unreadable"


_SENTENCES = {
    Problem.NO_PANGO: _(
        "This server cannot make PDFs yet; all else works. One command brings what is missing, for whoever keeps it: "
        "{command}"
    ),
    Problem.BUSY: _("This server is busy just now. Nothing is lost: print again in a minute."),
    Problem.TOO_LONG: _("This took too long to lay out, and was stopped. A shorter text prints."),
    Problem.TOO_BIG: _("This does not fit on its paper. A shorter text does."),
    Problem.UNREADABLE: _("This could not be laid out for paper."),
}


class Unprinted(Refused):
    """Raised when nothing was printed; its sentence says why and what helps."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(format_lazy(_SENTENCES[problem], command=BRING_PANGO))
        self.problem = problem
        self.status = 503 if problem in (Problem.NO_PANGO, Problem.BUSY) else 409


log = structlog.get_logger(__name__)
_waiting = threading.BoundedSemaphore(AT_ONCE + WAITING)
_kept: OrderedDict[str, bytes] = OrderedDict()
_keeping = threading.Lock()


@dataclass(frozen=True)
class Trial:
    """One of many alike on a paper, by itself: the size of its type is found on it, which is quicker than on all."""

    html: str
    css: str


def pdf(
    html: str,
    *,
    sheets: Sequence[str] = (),
    css: str = "",
    sizes: Sequence[float] = (),
    trial: Trial | None = None,
    pages: int = 20,
    keep: bool = False,
) -> bytes:
    """Return the PDF of a rendered template.

    `sheets` are static files (`css/sign.css`), `css` is added to them. With `sizes`, points of the root's type (what
    `rem` means) from the largest down, the first is taken in which all text lies on at most `pages` pages; without, the
    sheet decides, and more pages are refused. `keep` holds the result in this process's memory by what it is made of:
    only for what is public. Nothing but `data:` addresses is ever fetched (security rule 5). Raises `Unprinted`.
    """
    common = {"sizes": list(sizes), "pages": pages, "trial": None}
    texts = [_sheet(name) for name in sheets]
    job = {**common, "html": html, "css": [*texts, css]}
    if trial is not None:
        job["trial"] = {**common, "html": trial.html, "css": [*texts, trial.css]}
    sent = json.dumps(job).encode()
    if len(sent) > IN_BYTES:
        raise Unprinted(Problem.TOO_BIG)
    key = hashlib.sha256(sent).hexdigest()
    if (known := _known(key)) is not None:
        return known
    if not _waiting.acquire(blocking=False):
        raise Unprinted(Problem.BUSY)
    try:
        with _turn():
            made = _print(sent)
    finally:
        _waiting.release()
    if keep:
        _keep(key, made)
    return made


def _sheet(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def _known(key: str) -> bytes | None:
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(key: str, made: bytes) -> None:
    if len(made) > KEPT_BYTES:
        return
    with _keeping:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def forget() -> None:
    """Let go of what is kept."""
    with _keeping:
        _kept.clear()


@contextmanager
def _turn() -> Iterator[None]:
    """Hold one of the few places at the press of this machine. Raises `Unprinted` when all are taken for long."""
    until = time.monotonic() + PATIENCE
    while (held := _place()) is None:
        if time.monotonic() > until:
            raise Unprinted(Problem.BUSY)
        time.sleep(0.1)
    try:
        yield
    finally:
        os.close(held)


def _place() -> int | None:
    folder = Path(tempfile.gettempdir()) / f"casserole-press-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for place in range(AT_ONCE):
        # Nobody else's link is followed, should somebody have laid one there.
        held = os.open(folder / str(place), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
        else:
            return held
    return None


def _print(sent: bytes) -> bytes:
    with TemporaryDirectory(prefix="casserole-paper-") as name:
        out = Path(name) / "out.pdf"
        try:
            done = subprocess.run(
                [sys.executable, "-m", "commons.paper.child", out],
                cwd=HOUSE,
                env={**ENVIRONMENT, "HOME": name, "TMPDIR": name},
                input=sent,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            # A text that is too much work ends by its own limit before that: here the machine had no time for it.
            raise Unprinted(Problem.BUSY) from None
        # The last line is the child's; what stands before it a library said.
        said = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
        if "error" in said or done.returncode:
            # What sort of error a library died of, and where: never what it was laying out.
            log.warning("unprinted", error=said.get("error"), code=done.returncode)
        if "problem" in said:
            raise Unprinted(Problem(said["problem"]))
        if done.returncode or "pages" not in said:
            raise Unprinted(_ended_by(done.returncode))
        return out.read_bytes()


def _ended_by(code: int) -> Problem:
    """Return what a process died of: its time (SIGXCPU 24, SIGKILL 9), its space (SIGXFSZ 25, SIGABRT 6), the text."""
    return {-24: Problem.TOO_LONG, -9: Problem.TOO_LONG, -25: Problem.TOO_BIG, -6: Problem.TOO_BIG}.get(
        code, Problem.UNREADABLE
    )
