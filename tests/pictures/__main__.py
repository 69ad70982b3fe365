"""`python -m tests.pictures [words …]`: photograph the demo into var/pictures/; words choose pages by their names."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.launcher.house import PYTHON, ROOT, build, free_port

ALBUM = ROOT / "var" / "pictures"
# On a machine that is busy with other things.
PATIENCE = 600


@contextmanager
def demo_house() -> Iterator[str]:
    """Run the whole house with the demo in a folder of its own; its settings become ours."""
    folder, port = Path(tempfile.mkdtemp(prefix="casserole-pictures-")), free_port()
    said = folder / "said"
    with said.open("w") as file:
        process = subprocess.Popen(
            [PYTHON, "-m", "config.launcher", "--port", str(port), "--folder", str(folder / "var"), "--with-parent"],
            cwd=ROOT, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while "open after" not in said.read_text():
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(said.read_text())
            time.sleep(0.1)
        house = build(folder / "var", port)
        os.environ.update({name: value for name, value in house.env.items() if not name.startswith("EMAIL")})
        yield house.address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Photograph, write the contact sheet, and leave with 1 when a page shuts somebody out."""
    began = time.monotonic()
    with demo_house() as address:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        import django

        django.setup()
        from tests.pictures.album import photograph

        wrong, count = photograph(address, ALBUM, sys.argv[1:])
    for line in wrong:
        print(line)
    print(f"{count} pictures in {ALBUM / 'index.html'}, {time.monotonic() - began:.0f} s, {len(wrong)} violations")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
