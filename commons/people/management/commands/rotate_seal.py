"""``manage.py rotate_seal``: after a new key was put on top of the key file, move every sealed value to it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commons.people.actions import rotation
from commons.seal.keys import ring


class Command(BaseCommand):
    """Seal everything anew under the first key of the file."""

    help = "Seal everything anew under the first key of the key file; older keys can be thrown away afterwards."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what moved; fail while anything doesn't open, since its key must not be thrown away then."""
        outcome = rotation.rotate()
        for column, count in sorted(outcome.moved.items()):
            self.stdout.write(f"{count:>7}  {column}")
        if outcome.broken:
            said = ", ".join(f"{column} ({count})" for column, count in sorted(outcome.broken.items()))
            raise CommandError(f"These do not open under any key of the file: {said}. Throw no key away.")
        self.stdout.write(self.style.SUCCESS(f"Everything is sealed under {ring().current}."))
