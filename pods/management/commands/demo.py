"""`manage.py demo`: fill an empty database with an invented neighbourhood, or say who to sign in as there."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from commons import clock
from commons.people.models import Person
from pods.management import demo
from pods.models import Pod
from sites.models import Neighbourhood


class Command(BaseCommand):
    """Make the demo neighbourhood, and never anything beside a real one."""

    help = "Fill an empty database with the demo neighbourhood."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only where nothing is yet; or only say who lives there."""
        parser.add_argument("--if-empty", action="store_true", help="leave a demo that is there already as it is")
        parser.add_argument("--who", action="store_true", help="say who to sign in as, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse wherever somebody real may be."""
        if not settings.DEMO:
            raise CommandError("The demo is for DEMO=true alone: everybody in it has a password that everybody knows.")
        there = Neighbourhood.objects.filter(demo=True).exists()
        if options["who"]:
            if not there:
                raise CommandError("There is no demo neighbourhood in this database.")
            self.stdout.write(demo.who())
            return
        if there:
            if not options["if_empty"]:
                raise CommandError("The demo neighbourhood is in this database already; nothing was changed.")
            return
        if Neighbourhood.objects.exists() or Person.objects.exists() or Pod.objects.exists():
            raise CommandError(
                "This database holds a neighbourhood that is not the demo. Nothing was changed; "
                "give the demo an empty database of its own."
            )
        made = demo.fill(now=clock.now())
        self.stdout.write(f"{made.name} is there: {Person.objects.count()} people, {Pod.objects.count()} pods.")
