"""A mail server whose every answer a test decides, and which tells what came in which write."""

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

HANG_UP = "hang up"
NOTHING = ""
USUAL = {"MAIL": "250 OK", "RCPT": "250 OK", "RSET": "250 OK", "DATA": "354 Go on", ".": "250 Taken"}


@dataclass
class MailHost:
    """What the server says, where it isn't the usual (one answer each time), and what it got."""

    port: int
    pipelining: bool = True
    # Seconds until a mail is taken.
    delay: float = 0.0
    answers: dict[str, list[str]] = field(default_factory=dict)
    # Recipient and content of each mail taken, dots unstuffed.
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    # The verbs of each write, "." for the end of a mail; all connections together.
    writes: list[list[str]] = field(default_factory=list)
    connections: int = 0

    def answer(self, verb: str) -> str:
        """Return what to say to this verb now."""
        waiting = self.answers.get(verb)
        return waiting.pop(0) if waiting else USUAL.get(verb, "502 Not here")

    @property
    def recipients(self) -> list[str]:
        return [to for to, _content in self.taken]


class _Talk:
    """One connection."""

    def __init__(self, host: MailHost, sock: socket.socket) -> None:
        self.host, self.sock = host, sock
        self.content: list[bytes] | None = None
        self.to = ""
        self.refused = False

    def run(self) -> None:
        """Answer until somebody hangs up."""
        with contextlib.suppress(OSError), self.sock:
            self.sock.sendall(b"220 here\r\n")
            rest = b""
            while data := self.sock.recv(65536):
                *lines, rest = (rest + data).split(b"\r\n")
                verbs: list[str] = []
                answers = deque(answer for line in lines if (answer := self._line(line, verbs)) is not None)
                self.host.writes.append(verbs)
                if not self._say(answers):
                    return

    def _say(self, answers: "deque[str]") -> bool:
        said = b""
        while answers:
            answer = answers.popleft()
            if answer == HANG_UP:
                self.sock.sendall(said)
                return False
            said += answer.encode() + b"\r\n" if answer else b""
        self.sock.sendall(said)
        return True

    def _line(self, line: bytes, verbs: list[str]) -> str | None:
        if self.content is not None:
            if line != b".":
                self.content.append(line[1:] if line.startswith(b".") else line)
                return None
            verbs.append(".")
            mail, self.content = b"".join(one + b"\r\n" for one in self.content), None
            if self.refused:
                return "554 Nobody to take it to"
            answer = self.host.answer(".")
            time.sleep(self.host.delay)
            if answer.startswith("250") or answer == HANG_UP:
                self.host.taken.append((self.to, mail))
            return answer
        verb = line[:4].decode().upper()
        verbs.append(verb)
        if verb == "EHLO":
            return "250-here\r\n250-PIPELINING\r\n250 8BITMIME" if self.host.pipelining else "250 here"
        if verb == "RCPT":
            self.to = line.decode().partition("<")[2].rstrip(">")
        answer = self.host.answer(verb)
        if verb == "MAIL":
            self.refused = False
        if verb in ("MAIL", "RCPT"):
            self.refused |= answer[:3] not in ("250", "251")
        if verb == "DATA" and answer.startswith("354"):
            self.content = []
        return answer


@contextlib.contextmanager
def mail_host() -> Iterator[MailHost]:
    """Run such a server on a port of this machine."""
    talks: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        host = MailHost(listening.getsockname()[1])

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    sock, _address = listening.accept()
                    host.connections += 1
                    talks.append(sock)
                    threading.Thread(target=_Talk(host, sock).run, daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield host
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
            for sock in talks:
                sock.close()
