"""The two key files of a house: Django's signing key and the keys that seal free text.

`python -m config.keys FOLDER` makes what is missing and never touches what is there. They belong
outside the database and its dumps.
"""

import contextlib
import os
import secrets
import sys
from pathlib import Path


def _once(path: Path, content: str) -> None:
    """Write a file that only we can read, whole or not at all, unless it exists."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    # A link fails where the name is taken: two that start at once end up with the same keys.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def ensure(folder: Path) -> dict[str, str]:
    """Make the missing key files in the folder; return the settings that name them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret, seal = folder / "secret.key", folder / "seal.keys"
    if not secret.exists():
        _once(secret, secrets.token_urlsafe(50))
    if not seal.exists():
        # Here and not above: it brings cryptography along, which no later start needs.
        from commons.seal.keys import new_key_line

        _once(seal, new_key_line())
    return {"SECRET_KEY_FILE": str(secret), "SEAL_KEYS_FILE": str(seal)}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m config.keys FOLDER")
    ensure(Path(sys.argv[1]))
