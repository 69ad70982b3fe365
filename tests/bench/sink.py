"""A quick mail server that delivers to nobody, so that a bench measures the sender and not the receiver.

Real SMTP with PIPELINING (RFC 2920), as Postfix and its like speak it. `--log FILE` writes a line for each
mail taken (Message-ID, recipient, time, apart by tabs), as `config.mailsink` does.
"""

import argparse
import asyncio
import os
import re
import signal
import time
from pathlib import Path

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
GREETING = b"250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": GREETING,
    b"HELO": b"250 localhost\r\n",
    b"MAIL": b"250 OK\r\n",
    b"RCPT": b"250 OK\r\n",
    b"RSET": b"250 OK\r\n",
    b"NOOP": b"250 OK\r\n",
    b"DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    b"QUIT": b"221 Bye\r\n",
}


class Session(asyncio.Protocol):
    """One connection."""

    def __init__(self, log: int | None) -> None:
        self.log = log
        self.buffer = bytearray()
        self.in_data = False
        self.recipient = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(b"220 localhost ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer all that came, in one write."""
        self.buffer += data
        answers = []
        while (answer := self._next()) is not None:
            answers.append(answer)
        if answers:
            self.transport.write(b"".join(answers))

    def _next(self) -> bytes | None:
        end = END if self.in_data else b"\r\n"
        at = self.buffer.find(end)
        if at < 0:
            return None
        part = bytes(self.buffer[:at])
        del self.buffer[: at + len(end)]
        if self.in_data:
            self.in_data = False
            self._take(part)
            return b"250 OK\r\n"
        verb = part[:4].upper()
        if verb == b"RCPT":
            self.recipient = part.partition(b"<")[2].partition(b">")[0]
        self.in_data = verb == b"DATA"
        return ANSWERS.get(verb, b"502 Not here\r\n")

    def _take(self, mail: bytes) -> None:
        if self.log is not None:
            found = MESSAGE_ID.search(mail)
            name = found.group(1) if found else b"-"
            os.write(self.log, b"%s\t%s\t%.6f\n" % (name, self.recipient, time.time()))


async def serve(port: int, log: Path | None) -> None:
    """Answer SMTP on the port until asked to leave."""
    loop, leaving = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leaving.set)
    file = None if log is None else os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    server = await loop.create_server(lambda: Session(file), "127.0.0.1", port, backlog=512)
    await leaving.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sink", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.log))


if __name__ == "__main__":
    main()
