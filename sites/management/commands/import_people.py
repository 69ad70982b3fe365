"""Invite people from a spreadsheet's CSV: shows what each row becomes; invites with --commit."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commons import clock
from commons.people.models import Person
from sites.actions.roster import import_rows
from sites.queries import roster as queries
from sites.queries import roster_words as words
from sites.rules import sheet


class Command(BaseCommand):
    """The same list, rules and sentences as the page in the browser."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, who invites, and whether it is meant."""
        parser.add_argument("file", type=Path, help="a CSV file of at most 2 MB and 5,000 rows")
        parser.add_argument("--inviter", metavar="EMAIL", help="the member in whose name people are invited")
        parser.add_argument("--commit", action="store_true", help="invite; without it, only show")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, show, and invite if that is wanted."""
        now = clock.now()
        read = self._read(options["file"])
        inviter = self._inviter(options["inviter"])
        if options["commit"]:
            planned = import_rows(by=inviter, rows=read.rows, now=now)
        else:
            planned = queries.plan(read.rows, now)
        for one in planned:
            offers = " · ".join(words.offer_name(offer) for offer in one.line.offers)
            said = f"{one.line.number:>5}  {words.becomes(one.line, one.outcome)} [{one.language}] {offers}".rstrip()
            self.stdout.write(said)
        for place, sentence in words.problems(planned, read.headings):
            self.stderr.write(f"{place}: {sentence}")
        if read.dropped:
            self.stdout.write(f"Not kept: {', '.join(read.dropped)}")
        tally = queries.counts(planned)
        self.stdout.write(" ".join(f"{which.value}={count}" for which, count in tally.items()))
        if not options["commit"]:
            self.stdout.write("Nothing was written. With --commit, people are invited.")

    def _read(self, path: Path) -> sheet.Sheet:
        try:
            # One byte more than is allowed tells that it is too much.
            with path.open("rb") as file:
                return sheet.read(file.read(sheet.BYTES_MOST + 1))
        except OSError as error:
            raise CommandError(f"The file can't be read: {error.strerror}.") from None
        except sheet.SheetRefused as refused:
            raise CommandError(words.unreadable(refused)) from None

    def _inviter(self, email: str | None) -> Person | None:
        if email is None:
            return None
        person = Person.objects.filter(email=email.lower(), is_active=True).first()
        if person is None:
            raise CommandError("No member signs in with this address.")
        return person
