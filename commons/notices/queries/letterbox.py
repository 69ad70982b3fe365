"""The demo's letter box: mails that were really sent, to nobody, as files in a folder."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[0-9]{19,20}-[0-9]{6}")
NEWEST = 60
LARGEST = 512 * 1024


@dataclass(frozen=True)
class Letter:
    """One mail; `text` only where it was opened."""

    name: str
    to: str
    title: str
    at: datetime
    text: str = ""


def newest(to: str = "") -> list[Letter]:
    """Return the newest mails, or the newest to one address; heads only."""
    names = sorted((path.stem for path in Path(settings.DEMO_MAIL_DIR).glob("*.eml")), reverse=True)
    found: list[Letter] = []
    for name in filter(NAME.fullmatch, names):
        letter = _letter(name, BytesHeaderParser(policy=policy.default))
        if letter is not None and to.lower() in ("", letter.to.lower()):
            found.append(letter)
        if len(found) == NEWEST:
            break
    return found


def read(name: str) -> Letter | None:
    """Return one mail with its text, or None where there is no such mail (any more)."""
    return _letter(name, None) if NAME.fullmatch(name) else None


def _letter(name: str, heads: BytesHeaderParser | None) -> Letter | None:
    try:
        with (Path(settings.DEMO_MAIL_DIR) / f"{name}.eml").open("rb") as file:
            content = file.read(LARGEST)
    except OSError:  # the letter box keeps only the last ones
        return None
    message = message_from_bytes(content, policy=policy.default) if heads is None else heads.parsebytes(content)
    at = datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, UTC)
    text = _text(message) if heads is None and isinstance(message, EmailMessage) else ""
    return Letter(name, _head(message, "Delivered-To"), _head(message, "Subject"), at, text)


def _head(message: object, name: str) -> str:
    """Return a header, whatever stands in it: a mail can be as broken as it likes."""
    try:
        return str(message[name] or "")  # type: ignore[index]
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _text(message: EmailMessage) -> str:
    """Return the plain part. What a mail has in HTML is never run, and shown only as the text it is."""
    try:
        part = message.get_body(("plain", "html")) or message
        return str(part.get_content())
    except (KeyError, LookupError, ValueError, AttributeError):
        payload = message.get_payload(decode=True)
        return payload.decode("latin-1") if isinstance(payload, bytes) else ""
