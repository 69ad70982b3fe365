"""Put the database and the files in order before the house opens; one process, Django booted once.

Prints who to sign in as, for the launcher to show when the site answers.
"""

import os
import sys

import django
from django.core.management import call_command

from config.catalogs import compile_catalogs


def main() -> None:
    """Prepare everything; leave with a message when something cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    compile_catalogs()
    django.setup()
    call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", if_empty=True, stdout=sys.stderr)
    call_command("demo", who=True, stdout=sys.stdout)


if __name__ == "__main__":
    main()
