"""Compile the translations beside their .po files: `python -m config.catalogs`. No .mo is committed."""

import io
import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogs(folder: Path = LOCALE) -> list[Path]:
    """Compile each catalog that is newer than what it was compiled to; return those.

    Each is put in place in one step: a house that runs meanwhile reads the old or the new, never half.
    """
    done = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_bytes(compiled.getvalue())
        draft.replace(target)
        done.append(source)
    return done


if __name__ == "__main__":
    for path in compile_catalogs():
        sys.stdout.write(f"compiled {path.parent.parent.name}/{path.name}\n")
