"""The key file: one ``id:base64`` line a key, the first in use, the older kept for reading what they once sealed."""

import base64
import binascii
import re
import secrets
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from commons.seal.errors import SealBroken, SealKeysMissing

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


@dataclass(frozen=True, repr=False)
class Ring:
    """The master keys by id, in the order of the file. Has no repr: it would end up in a traceback."""

    keys: dict[str, bytes]

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return next(iter(self.keys))

    def master(self, key_id: str) -> bytes:
        """The key of that id, or ``SealBroken``."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise SealBroken(f"The key file has no key {key_id!r} any more.") from None


def new_key_line() -> str:
    """A fresh line for the top of the key file."""
    key_id = f"k{secrets.token_hex(4)}"
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def ring() -> Ring:
    """The keys as the file has them now.

    The file's state is looked at each time (microseconds) and read again only when it changed: a key put on top is used
    without a restart, and a file that was taken away or opened to others stops everything at once.
    """
    path = getattr(settings, "SEAL_KEYS_FILE", None)
    if not path:
        raise SealKeysMissing("SEAL_KEYS_FILE is not set.")
    try:
        state = Path(path).stat()
    except OSError as error:
        raise SealKeysMissing(f"The key file can't be reached: {error.strerror}.") from None
    if not stat.S_ISREG(state.st_mode):
        raise SealKeysMissing("The key file is not a plain file.")
    if stat.S_IMODE(state.st_mode) & 0o077:
        raise SealKeysMissing("The key file is open to others: it must have mode 0600.")
    return _read(str(path), state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=4)
def _read(path: str, mtime_ns: int, size: int, inode: int) -> Ring:
    try:
        text = Path(path).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise SealKeysMissing("The key file can't be read.") from None
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not (line := line.strip()) or line.startswith("#"):
            continue
        key_id, key = _parse(line, number)
        if key_id in keys or key in keys.values():
            raise SealKeysMissing(f"Line {number} of the key file repeats a key.")
        keys[key_id] = key
    if not keys:
        raise SealKeysMissing("The key file has no key.")
    return Ring(keys)


def _parse(line: str, number: int) -> tuple[str, bytes]:
    """One line; what is wrong with it is told by its number, never by its content."""
    key_id, colon, encoded = line.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not colon or not _KEY_ID.fullmatch(key_id) or len(key) != KEY_BYTES:
        raise SealKeysMissing(f"Line {number} of the key file is not 'id:base64 of {KEY_BYTES} bytes'.")
    return key_id, key


@lru_cache(maxsize=64)
def _expand(master: bytes, purpose: str) -> bytes:
    """A key for one purpose alone: knowing it tells nothing of the master, nor of the other purposes."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"casserole\x00" + purpose.encode()).derive(master)


def sealing_key(key_id: str) -> bytes:
    """The AES key that belongs to a master key."""
    return _expand(ring().master(key_id), "seal")


def derive(purpose: str) -> bytes:
    """32 bytes for keyed hashes ("links", "rate"), from the key in use."""
    keys = ring()
    return _expand(keys.master(keys.current), f"derive:{purpose}")


def derive_all(purpose: str) -> list[bytes]:
    """The same from every key of the file, the one in use first: for comparing with what an older key made."""
    return [_expand(master, f"derive:{purpose}") for master in ring().keys.values()]
