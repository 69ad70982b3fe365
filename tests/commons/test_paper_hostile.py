"""S-4: nothing printed reads a file or reaches another machine, and what would use everything up ends in a sentence."""

import ctypes
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pypdfium2
import pytest

from commons.paper import child, press
from config.launcher.house import ROOT
from tests.commons.paper_corpus import BOMBS, WOULD_READ, attacks

# As in production; other tests give a busy machine more time.
PATIENT = 9.0
CANARY = "canary-in-the-coal-mine"
# One process loads the libraries and forks for each job what the press would start: the child's own limits and locks.
MANY = """
import json, os, pathlib, sys
import weasyprint
from commons.paper import child
if sys.argv[1] == "open":  # as the library would do it, left to itself
    from weasyprint.urls import URLFetcher
    child._fetcher, child.lock = URLFetcher, lambda folder: None
for number, line in enumerate(sys.stdin):
    out = pathlib.Path(sys.argv[2]) / f"{number}.pdf"
    sys.stdout.flush()
    if (pid := os.fork()) == 0:
        try:
            said = {"pages": child.print_to(out, json.loads(line))}
        except child.Unprinted as unprinted:
            said = {"problem": str(unprinted)}
        except Exception as error:
            said = {"problem": "unreadable"}
        print(json.dumps(said), flush=True)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        print(json.dumps({"problem": "died"}), flush=True)
"""


class Watch:
    """Tells whether a file was opened, by anybody: the kernel says so."""

    def __init__(self, path):
        self.libc = ctypes.CDLL(None)
        self.inbox = self.libc.inotify_init1(os.O_NONBLOCK)
        assert self.libc.inotify_add_watch(self.inbox, os.fsencode(path), 0x20) >= 0

    def opened(self) -> bool:
        try:
            return bool(os.read(self.inbox, 4096))
        except BlockingIOError:
            return False


@pytest.fixture
def canaries(tmp_path):
    """A server and a file that nobody may ask for, and those who did."""
    asked = []
    path = tmp_path / "canary.css"
    path.write_text(f"/* {CANARY} */ p {{ color: red }}")

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302 if self.path in ("/redirect", "/to-file") else 200)
            self.send_header("Location", "/landed" if self.path == "/redirect" else f"file://{path}")
            self.send_header("Content-Type", "text/css")
            self.end_headers()
            self.wfile.write(CANARY.encode())

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", path, asked
    server.shutdown()
    server.server_close()


@contextmanager
def printer(how, folder):
    """A function that prints a document and returns what the child said."""
    with subprocess.Popen(
        [sys.executable, "-c", MANY, how, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:

        def run(html):
            process.stdin.write(json.dumps({"html": html, "css": [], "sizes": [], "pages": 5, "trial": None}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


def readers(how, canaries, folder, enough=1_000):
    """Return by which attacks something was read, and what the child said to each; stops when enough have read."""
    web, path, asked = canaries
    watch, read, said = Watch(path), set(), {}
    with printer(how, folder) as run:
        for name, document in attacks(web, f"file://{path}").items():
            if len(read) < enough:
                before = len(asked)
                said[name] = run(document)
                if len(asked) > before or watch.opened():
                    read.add(name)
    return read, said


@pytest.mark.slow
def test_nothing_is_read(canaries, tmp_path):
    read, said = readers("closed", canaries, tmp_path)
    assert read == set()
    assert len(said) >= 16
    assert {name for name, one in said.items() if one.get("problem") not in (None, child.UNREADABLE)} == set()
    for made in tmp_path.glob("*.pdf"):
        assert CANARY.encode() not in made.read_bytes()
        with pypdfium2.PdfDocument(made) as document:
            assert document.count_attachments() == 0


@pytest.mark.slow
def test_a_press_left_to_itself_would_have_read(canaries, tmp_path):
    """The attacks are attacks: the same library without our fetcher and locks falls for them."""
    read, _said = readers("open", canaries, tmp_path, enough=WOULD_READ)
    assert len(read) == WOULD_READ


def ends(document):
    """Return why a document was not printed; it has to be told in time."""
    began = time.monotonic()
    with pytest.raises(press.Unprinted) as refused:
        press.pdf(document, pages=5)
    assert time.monotonic() - began <= 10
    assert str(refused.value)
    return refused.value.problem


@pytest.mark.slow
def test_a_bomb_ends_within_ten_seconds(monkeypatch):
    """By its own limit of work; on a machine that has no time for it, by ours of patience."""
    monkeypatch.setattr(press, "SECONDS", PATIENT)
    assert ends(BOMBS["endless pages"]) in (press.Problem.TOO_LONG, press.Problem.BUSY)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_every_bomb_ends_in_a_sentence(name, monkeypatch):
    """The same road with less patience: what takes forever would be waited for as long as it is given."""
    monkeypatch.setattr(press, "SECONDS", 5.0)
    assert ends(BOMBS[name]) in set(press.Problem) - {press.Problem.NO_PANGO}
