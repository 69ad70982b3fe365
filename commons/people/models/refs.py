"""Short public names for rows, so that no address tells how many there are."""

import secrets

# No vowels, so no words; no look-alikes, so it can be read out over the telephone.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 10


def new_ref() -> str:
    """Return ten random characters (47 bits) that name a row in addresses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
