"""A mail server that delivers to nobody: the demo's letter box, and what drills and benches send to.

`python -m config.mailsink --port 2525 --maildir var/mail` keeps the last 500 mails as files for
`/demo/mail/`. `--log FILE` writes a line for each accepted mail (Message-ID, recipient, time, apart
by tabs), `--delay SECONDS` waits before saying so. Listens on this machine only.
"""

import argparse
import asyncio
import os
import re
import signal
import time
from collections import deque
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

KEEP = 500
LARGEST = 1024 * 1024
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)


def message_id(content: bytes) -> str:
    """Return a mail's Message-ID, looked for in its head only."""
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    found = MESSAGE_ID.search(head)
    return found.group(1).decode("ascii", "replace") if found else "-"


class Letterbox:
    """A folder of mails, the last `KEEP` of them; names sort by time of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.names = deque(sorted(path.name for path in folder.glob("*.eml")))
        self.numbers = count()

    def keep(self, content: bytes, recipient: str) -> None:
        """Write one mail whole, with its true recipient on top, and drop the oldest."""
        name = f"{time.time_ns():020d}-{next(self.numbers):06d}.eml"
        draft = self.folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"Delivered-To: " + recipient.encode() + b"\r\n" + content)
        draft.rename(self.folder / name)
        self.names.append(name)
        while len(self.names) > KEEP:
            (self.folder / self.names.popleft()).unlink(missing_ok=True)


class Sink:
    """What happens to a mail that arrived whole: noted first, acknowledged after.

    A sender that is killed while it waits for the answer has sent this mail, as with any real server.
    """

    def __init__(self, letterbox: Letterbox | None, log: Path | None, delay: float) -> None:
        self.letterbox = letterbox
        self.delay = delay
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self.log = None if log is None else os.open(log, flags, 0o600)

    # The name is aiosmtpd's.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        for recipient in envelope.rcpt_tos:
            if self.log is not None:
                # One write a line: O_APPEND keeps the lines of several sinks apart.
                os.write(self.log, f"{message_id(content)}\t{recipient}\t{time.time():.6f}\n".encode())
            if self.letterbox is not None:
                self.letterbox.keep(content, recipient)
        if self.delay:
            await asyncio.sleep(self.delay)
        return "250 OK"


async def serve(sink: Sink, port: int) -> None:
    """Answer SMTP on the port until asked to leave."""
    loop = asyncio.get_running_loop()
    leaving = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leaving.set)

    def session() -> SMTP:
        return SMTP(
            sink, loop=loop, hostname="localhost", ident="Casserole", data_size_limit=LARGEST, enable_SMTPUTF8=True
        )

    server = await loop.create_server(session, "127.0.0.1", port, backlog=512)
    await leaving.wait()
    server.close()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m config.mailsink", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--maildir", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--delay", type=float, default=0.0)
    chosen = parser.parse_args()
    letterbox = Letterbox(chosen.maildir) if chosen.maildir else None
    asyncio.run(serve(Sink(letterbox, chosen.log, chosen.delay), chosen.port))


if __name__ == "__main__":
    main()
