"""Requests over kept connections, as lean as can be: what is measured is the server."""

import socket
import threading
import time
from collections.abc import Sequence

PATIENCE = 30.0


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        # The head of the last answer.
        self.head = b""

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Return status and body; once more on a fresh connection where the kept one was closed meanwhile."""
        for _ in range(2):
            kept = self.socket is not None
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.socket.sendall(request)
                return self._answer()
            except ConnectionError:
                self.close()
                if not kept:
                    raise
        raise ConnectionError("the server closes every connection")

    def _answer(self) -> tuple[int, bytes]:
        assert self.socket is not None
        received = b""
        while b"\r\n\r\n" not in received:
            part = self.socket.recv(65536)
            if not part:
                raise ConnectionResetError
            received += part
        head, _blank, body = received.partition(b"\r\n\r\n")
        self.head = head
        fields = head.lower().split(b"\r\n")
        length = next((int(f.partition(b":")[2]) for f in fields if f.startswith(b"content-length:")), 0)
        while len(body) < length:
            part = self.socket.recv(65536)
            if not part:
                raise ConnectionResetError
            body += part
        if b"connection: close" in fields:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def request(method: str, path: str, port: int, body: str = "", **headers: str) -> bytes:
    """Return the bytes of one request."""
    fields = {"Host": f"localhost:{port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if method == "POST":
        fields |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode()


def rate(port: int, requests: Sequence[bytes], status: int, hands: int = 4) -> float:
    """Send all of these over so many connections; return how many a second were answered, each with `status`."""
    waiting, lock = iter(requests), threading.Lock()
    wrong: list[int] = []

    def work() -> None:
        line = Line(port)
        while True:
            with lock:
                mine = next(waiting, None)
            if mine is None:
                line.close()
                return
            got, _body = line.ask(mine)
            if got != status:
                wrong.append(got)

    threads = [threading.Thread(target=work) for _ in range(hands)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert not wrong, f"answered {set(wrong)} instead of {status}"
    return len(requests) / took
