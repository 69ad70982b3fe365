"""``manage.py purge``: carry the retention policy out now (the worker does it by itself, each hour)."""

from typing import Any

from django.core.management.base import BaseCommand

from commons import clock
from commons.people.actions import retention


class Command(BaseCommand):
    """Delete and empty what the retention policy no longer keeps."""

    help = "Delete and empty what the retention policy no longer keeps."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done, rule by rule; counts only."""
        done = retention.purge(clock.now())
        for words, count in done.items():
            self.stdout.write(f"{count:>7}  {words}")
        self.stdout.write(self.style.SUCCESS(f"{done.total()} rows."))
