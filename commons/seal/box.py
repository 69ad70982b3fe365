"""The box: AES-256-GCM over a context that says where the content belongs.

Layout: one byte of form, one byte for the length of the key's id, the id, 12 bytes of nonce, ciphertext with its tag.
All of it and the context are authenticated, so that no byte can change and nothing opens in another place.
"""

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from commons.seal.errors import SealBroken, SealError
from commons.seal.keys import KEY_BYTES, ring, sealing_key

MASTER = b"\x01"
ROW = b"\x02"
_NONCE = 12
_TAG = 16


def _bound(header: bytes, context: Sequence[str]) -> bytes:
    """The context as bytes that can be read in one way only: each part with its length before it."""
    parts = [part.encode() for part in context]
    return header + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _lock(header: bytes, key: bytes, content: bytes, context: Sequence[str]) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return header + nonce + AESGCM(key).encrypt(nonce, content, _bound(header, context))


def _unlock(blob: bytes, header: bytes, key: bytes, context: Sequence[str]) -> bytes:
    body = blob[len(header) :]
    if len(body) < _NONCE + _TAG:
        raise SealBroken("A sealed value is cut short.")
    try:
        return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], _bound(header, context))
    except InvalidTag:
        raise SealBroken("A sealed value does not open here.") from None


def close(content: bytes, context: Sequence[str], row_key: bytes | None = None) -> bytes:
    """Seal under the master key in use, or under a row's own key."""
    if row_key is not None:
        return _lock(ROW + b"\x00", _checked(row_key), content, context)
    key_id = ring().current
    header = MASTER + bytes([len(key_id)]) + key_id.encode()
    return _lock(header, sealing_key(key_id), content, context)


def open_(blob: bytes, context: Sequence[str], row_key: bytes | None = None) -> bytes:
    """What was sealed for exactly this context, or ``SealBroken``."""
    if row_key is not None:
        if blob[:2] != ROW + b"\x00":
            raise SealBroken("A value that should be sealed under its row's key is not.")
        return _unlock(blob, blob[:2], _checked(row_key), context)
    key_id = key_id_of(blob)
    return _unlock(blob, blob[: 2 + len(key_id)], sealing_key(key_id), context)


def key_id_of(blob: bytes) -> str:
    """Which master key sealed it."""
    if len(blob) < 2 or blob[:1] != MASTER or len(blob) < 2 + blob[1]:
        raise SealBroken("A value that should be sealed is not.")
    try:
        return blob[2 : 2 + blob[1]].decode("ascii")
    except UnicodeDecodeError:
        raise SealBroken("A sealed value does not open here.") from None


def _checked(row_key: bytes) -> bytes:
    if len(row_key) != KEY_BYTES:
        raise SealError(f"A row's key has {KEY_BYTES} bytes.")
    return row_key


def wrap(key_bytes: bytes, context: str) -> bytes:
    """A row's key, sealed under the master key in use and bound to ``context`` (say, the row's table and ref)."""
    return close(_checked(key_bytes), ("wrap", context))


def unwrap(blob: bytes, context: str) -> bytes:
    """The row's key again, or ``SealBroken``."""
    return open_(blob, ("wrap", context))
