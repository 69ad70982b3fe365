"""One-tap tokens: unguessable, bound to what they are for, stored only as a hash."""

import base64
import hashlib
import hmac
import secrets

from commons import seal


def new_nonce() -> str:
    """Return a fresh random nonce (128 bits) to store beside a token's digest."""
    return secrets.token_urlsafe(16)


def make(purpose: str, nonce: str, *bound_to: str | int) -> str:
    """Return the token (43 characters) for a nonce, bound to a purpose and to what it names.

    Derived, not stored: the same message can be sent again with the same link, while the
    database holds only a nonce and a digest and the key stands in a file outside it.
    """
    said = "\0".join([purpose, nonce, *map(str, bound_to)])
    raw = hmac.new(seal.derive("links"), said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal: what the database stores and looks up."""
    return hashlib.sha256(token.encode()).hexdigest()
