"""Sealed fields: text that the database carries and cannot read.

A model says ``note = SealedTextField(null=True)``; what is stored is AES-256-GCM, bound to its table, column and row,
so that a value copied elsewhere opens nothing. Keys live in a file outside the database (``settings.SEAL_KEYS_FILE``).
Whatever is wrong (no key, another key, a truncated or moved value) raises: neither ciphertext nor plaintext ever slips
through in its place. ``python -m commons.seal new-key`` prints a line for the key file.
"""

from commons.seal.box import unwrap, wrap
from commons.seal.errors import SealBroken, SealError, SealKeysMissing, SealShredded
from commons.seal.fields import SealedBytes, SealedTextField
from commons.seal.keys import derive, derive_all, new_key_line

__all__ = [
    "SealBroken",
    "SealError",
    "SealKeysMissing",
    "SealShredded",
    "SealedBytes",
    "SealedTextField",
    "derive",
    "derive_all",
    "new_key_line",
    "unwrap",
    "wrap",
]
