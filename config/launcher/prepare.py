"""Put the database and the files in order before the house opens; one process, Django booted once.

Prints who to sign in as, for the launcher to show when the site answers.
"""

import hashlib
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from config.catalogs import compile_catalogs

ROOT = Path(__file__).resolve().parent.parent.parent


def static_state() -> str:
    """Tell by names, sizes and times whether any static file changed, in our folders or a package's."""
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    digest.update(str(settings.STORAGES["staticfiles"]).encode())
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    folders += [Path(app.path) / "static" for app in apps.get_app_configs()]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            state = path.stat()
            digest.update(f"{path.relative_to(folder)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    """Collect and compress the static files when any changed since the last time."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    state = static_state()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state, encoding="ascii")


def main() -> None:
    """Prepare everything; leave with a message when something cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    compile_catalogs()
    django.setup()
    call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
    collect_static()
    call_command("demo", if_empty=True, stdout=sys.stderr)
    call_command("demo", who=True, stdout=sys.stdout)


if __name__ == "__main__":
    main()
