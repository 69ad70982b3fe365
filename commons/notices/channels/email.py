"""E-mail: multipart, one link, over kept SMTP connections, with a Message-ID that never changes."""

import contextlib
import re
import smtplib
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from functools import lru_cache
from html import escape

from django.conf import settings

from commons.notices.channels.base import Parcel, Refused, TryAgain

# Four round trips of at most this long stay under the lease.
TIMEOUT = 8.0
# Letters and digits only, so that no transfer encoding touches them while their line is short.
TO, REF, DATE, LINK, HREF = (f"zq9{name}9qz" for name in ("to", "ref", "date", "link", "href"))
# What may stand between the angle brackets of an envelope: nothing that could end them or begin a new line.
MAILBOX = re.compile(r"[!-;=?-~]+")
# RFC 5321: the mailbox is unknown, gone, or not to be mailed.
DEAD_ADDRESS = frozenset({550, 551, 553, 556})


class OutOfStep(smtplib.SMTPException):
    """The connection was prepared for another message than the one it is to send."""


class Line:
    """A kept connection to the server, and the message whose envelope was sent ahead on it.

    Where the server allows it (PIPELINING, RFC 2920) MAIL, RCPT and DATA go in one write, and with the
    content of the message before: its section 3.1 says that content may be the first of a group. That
    makes one round trip a message instead of four.
    """

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self.server = server
        self._pipelines = server.has_extn("pipelining")
        self._sender = sender
        self._ahead: Parcel | None = None

    def hand_over(self, parcel: Parcel, message: bytes, coming: Parcel | None = None) -> None:
        """Send one message, and the envelope of what is coming; raises what smtplib raises, and OutOfStep."""
        server = self.server
        if not self._pipelines:
            server.sendmail(self._sender, [parcel.address], message)
            return
        if self._ahead is None:
            server.send(self._envelope(parcel))
        elif self._ahead is not parcel:
            raise OutOfStep
        self._ahead = None
        self._expect_go_ahead(parcel)
        content = message.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        if coming is not None and MAILBOX.fullmatch(coming.address):
            content += self._envelope(coming)
            self._ahead = coming
        server.send(content)
        reply = server.getreply()
        if reply[0] != 250:
            raise smtplib.SMTPDataError(*reply)

    def _envelope(self, parcel: Parcel) -> bytes:
        return f"MAIL FROM:<{self._sender}>\r\nRCPT TO:<{parcel.address}>\r\nDATA\r\n".encode("ascii")

    def _expect_go_ahead(self, parcel: Parcel) -> None:
        """Read what the server says to an envelope; leave it ready for another one where it refuses this one."""
        server = self.server
        from_reply, to_reply, data_reply = server.getreply(), server.getreply(), server.getreply()
        if from_reply[0] == 250 and to_reply[0] in (250, 251) and data_reply[0] == 354:
            return
        if data_reply[0] == 354:
            # It waits for a message all the same: an empty one to nobody, which it refuses.
            server.send(b".\r\n")
            server.getreply()
        server.rset()
        if from_reply[0] != 250:
            raise smtplib.SMTPSenderRefused(*from_reply, self._sender)
        if to_reply[0] not in (250, 251):
            raise smtplib.SMTPRecipientsRefused({parcel.address: to_reply})
        raise smtplib.SMTPDataError(*data_reply)


class EmailChannel:
    """Hands messages to the server named by EMAIL_URL."""

    @property
    def connections(self) -> int:
        """Return how many connections to keep."""
        return int(settings.MAIL_CONNECTIONS)

    def connect(self) -> Line:
        """Return a connection that is greeted, encrypted and signed in as the settings say; raises TryAgain."""
        try:
            if settings.EMAIL_USE_SSL:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=TIMEOUT, context=ssl.create_default_context()
                )
            else:
                server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=TIMEOUT)
            if settings.EMAIL_USE_TLS:
                server.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            server.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(_class_of(error)) from None
        return Line(server, sender())

    def send(self, connection: Line, parcel: Parcel, coming: Parcel | None = None) -> None:
        """Hand one message over; raises TryAgain or Refused. Says nothing about whether it is read."""
        try:
            connection.hand_over(parcel, render(parcel), coming)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            _raise(code, address_dead=code in DEAD_ADDRESS)
        except smtplib.SMTPResponseException as error:
            _raise(error.smtp_code, address_dead=False)
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(_class_of(error)) from None

    def close(self, connection: Line) -> None:
        """Let the connection go without waiting for the server's goodbye."""
        with contextlib.suppress(Exception):
            connection.server.close()


def _raise(code: int, *, address_dead: bool) -> None:
    if 500 <= code < 600:
        raise Refused(f"smtp_{code}", address_dead=address_dead) from None
    raise TryAgain(f"smtp_{code}") from None


def _class_of(error: Exception) -> str:
    """Return an error's class, never its words: those may hold an address."""
    return type(error).__name__[:60]


def sender() -> str:
    """Return the bare address that messages come from."""
    return _bare(str(settings.DEFAULT_FROM_EMAIL))


@lru_cache(maxsize=8)
def _bare(address: str) -> str:
    return address.rsplit("<", 1)[-1].rstrip(">").strip()


def message_id(ref: str) -> str:
    """Return the Message-ID of a delivery: the same for every attempt."""
    return f"<{ref}@{sender().rpartition('@')[2]}>"


def render(parcel: Parcel) -> bytes:
    """Return the message as it goes over the wire, every line ended by CR and LF.

    The costly part, encoding, is done once for all messages with the same words.
    """
    if not MAILBOX.fullmatch(parcel.address):
        raise Refused("bad_address", address_dead=True)
    words = parcel.words
    skeleton = _skeleton(
        words.title, words.body, words.link_label, bool(words.link), words.line, words.language,
        str(settings.DEFAULT_FROM_EMAIL),
    )  # fmt: skip
    return skeleton % {
        b"to": parcel.address.encode("ascii"),
        b"ref": message_id(parcel.ref).encode(),
        b"date": _date(int(time.time())),
        b"link": _quoted(words.link),
        b"href": _quoted(escape(words.link)),
    }


def _quoted(link: str) -> bytes:
    """Return a link as it stands in quoted-printable text; on a line of its own, which may be long."""
    return link.replace("=", "=3D").encode()


@lru_cache(maxsize=8)
def _date(seconds: int) -> bytes:
    return formatdate(seconds, usegmt=True).encode()


@lru_cache(maxsize=512)
def _skeleton(
    title: str, body: str, link_label: str, has_link: bool, line: str, language: str, from_email: str
) -> bytes:
    """Return the encoded message, to be filled by `%` with what is the single recipient's."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = title
    message["From"] = from_email
    message["To"] = f"{TO}@placeholder"
    message["Message-ID"] = f"<{REF}@placeholder>"
    message["Date"] = DATE
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    paragraphs = [text for text in (body, line) if text]
    plain = "\n\n".join([*paragraphs, *([f"{link_label}\n{LINK}"] if has_link else [])]) + "\n"
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(
        _html(title, paragraphs, link_label if has_link else "", language), "html", cte="quoted-printable"
    )
    # Only now: a message that becomes a multipart gives what is said of its content to its first part.
    message["Content-Language"] = language
    raw = message.as_bytes().replace(b"%", b"%%")
    marks = {f"{TO}@placeholder": "to", f"<{REF}@placeholder>": "ref", DATE: "date", LINK: "link", HREF: "href"}
    for mark, name in marks.items():
        raw = raw.replace(mark.encode(), f"%({name})b".encode())
    return raw


def _html(title: str, paragraphs: list[str], link_label: str, language: str) -> str:
    """Return the HTML part: the same words, one link, nothing fetched from anywhere."""
    text = "".join(f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)
    look = "color:#201C17;font-weight:bold"
    # On a line of its own: quoted-printable cuts long lines wherever they are long, also through the middle of a mark.
    link = f'<p>\n<a href="{HREF}"\nstyle="{look}">{escape(link_label)}</a></p>' if link_label else ""
    ground = "background:#FAF6EC;color:#201C17;font:18px/1.55 sans-serif;padding:20px"
    direction = "rtl" if language.split("-", maxsplit=1)[0] in {"ar", "fa", "he", "ur"} else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>"
        f'<body style="{ground}">{text}{link}</body></html>\n'
    )
