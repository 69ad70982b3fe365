"""Sessions, sealed: whoever reads the database learns neither who is signed in, nor what was typed to do so."""

import base64
import binascii
from typing import Any

from django.contrib.sessions.backends import db

from commons.seal import SealBroken, box

# Not bound to the session's key: Django encodes a new session before it has one.
CONTEXT = ("session",)


class SessionStore(db.SessionStore):
    """Django's sessions in PostgreSQL, with the content sealed under the key that lies outside of it."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Seal what is to be kept."""
        return base64.b64encode(box.close(self.serializer().dumps(session_dict), CONTEXT)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Open it; what doesn't open, after a key was taken away, is an empty session: one signs in again."""
        try:
            opened: dict[str, Any] = self.serializer().loads(box.open_(base64.b64decode(session_data), CONTEXT))
        except (SealBroken, binascii.Error, ValueError):
            return {}
        return opened
