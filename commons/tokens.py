"""One-tap tokens: unguessable, bound to what they are for, stored only as a hash."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from commons import seal


def new_nonce() -> str:
    """Return a fresh random nonce (128 bits) to store beside a token's digest."""
    return secrets.token_urlsafe(16)


def keys() -> list[bytes]:
    """Return the keys that tokens are made from, the one in use first: for making many with one look at the file."""
    return seal.derive_all("links")


def make(
    purpose: str, nonce: str, *bound_to: str | int, known: str = "", made_from: Sequence[bytes] | None = None
) -> str:
    """Return the token (43 characters) for a nonce, bound to a purpose and to what it names.

    Derived, not stored: the same message can be sent again with the same link, while the
    database holds only a nonce and a digest and the key stands in a file outside it.
    `known` is the digest of a token made earlier: after a new key was put on top, the token is
    still made from the key that it was first made from. `made_from` are the `keys`, where they are at hand.
    """
    said = "\0".join([purpose, nonce, *map(str, bound_to)])
    tokens = [_encode(key, said) for key in (keys() if made_from is None else made_from)]
    if len(tokens) == 1:
        return tokens[0]
    return next((token for token in tokens if digest(token) == known), tokens[0])


def _encode(key: bytes, said: str) -> str:
    raw = hmac.digest(key, said.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal: what the database stores and looks up."""
    return hashlib.sha256(token.encode()).hexdigest()
