"""Found the neighbourhood of this server, or name an organizer where none is left."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from commons import clock
from commons.people import queries, rules
from commons.people.actions import invitations, organizers
from commons.people.models import Person
from sites.models import Neighbourhood


class Command(BaseCommand):
    """Make the neighbourhood's row, and a link with which its first organizer joins."""

    help = "Found the neighbourhood: prints a link with which its first organizer joins."

    def add_arguments(self, parser: CommandParser) -> None:
        """A name, a time zone, and who organizes first."""
        parser.add_argument("name", help="what people call the neighbourhood or its network")
        parser.add_argument("--time-zone", required=True, help="such as America/New_York")
        parser.add_argument("--organizer", required=True, help="e-mail of whoever organizes first")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=sorted(dict(settings.LANGUAGES)))

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Write the row and print the link; where an organizer is in office, change nothing."""
        name, zone = " ".join(options["name"].split()), options["time_zone"]
        address = options["organizer"].strip().lower()
        self._check(name, zone, address)
        if queries.organizers().exists():
            raise CommandError("This neighbourhood has organizers already: they can name others in the browser.")
        now = clock.now()
        said = {"name": name, "time_zone": zone}
        first = {**said, "founded_on": now.astimezone(ZoneInfo(zone)).date()}
        Neighbourhood.objects.update_or_create(only=True, defaults=said, create_defaults=first)
        member = Person.objects.filter(email=address, is_active=True).first()
        if member is not None:
            until = now.date() + timedelta(days=rules.TERM_DAYS_MOST - 1)
            organizers.appoint(person=member, until=until, today=now.date())
            self.stdout.write(f"{name}: the member with that address organizes until {until}.")
            return
        invitation = invitations.invite_organizer(address=address, language=options["language"], now=now)
        link = f"{settings.SITE_URL}{reverse('join', args=[invitation.token()])}"
        self.stdout.write(
            f"{name} is founded. The first organizer joins here, within {rules.DAYS_USUAL} days:\n\n  {link}\n"
        )

    def _check(self, name: str, zone: str, address: str) -> None:
        """Refuse what would only be noticed later."""
        if not name or len(name) > 60:
            raise CommandError("A name has 1 to 60 characters.")
        if zone not in available_timezones():
            raise CommandError(f"There is no time zone {zone!r}. They are called like America/New_York.")
        try:
            validate_email(address)
        except ValidationError:
            raise CommandError("That is no e-mail address.") from None
