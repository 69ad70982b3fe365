"""Sixty people: what they go by, what they speak, what they can do, and when they want to be left in peace."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from commons.notices.actions.proof import prove_email
from commons.notices.models import Channel
from commons.people.actions import invitations, joining, organizers, rest
from commons.people.models import Person
from pods.management.demo.roll import QUIET, RESTING, ROLL, THINGS
from sites.actions.assets import Terms, share
from sites.models import Skill
from sites.rules.words import fold

PASSWORD = "casserole-demo"  # noqa: S105 - everybody may know it
ZONE = "America/New_York"
# As many as joined in the first days.
BEGINNERS = 20
# Whom a visitor may want to be, and why.
SIGN_IN = [
    ("Rosa", "organizes, and raised the call that is going on"),
    ("Marisol", "was asked by it, speaks Spanish, and has not answered"),
    ("Thandi", "can confirm the raid that her pod heard of"),
    ("Lucía", "reads Spanish, and carried calls this week"),
    ("Yusuf", "new here, on the way into a pod"),
]
People = dict[str, Person]


@dataclass(frozen=True)
class Written:
    """One line of the roll."""

    handle: str
    language: str
    skills: list[tuple[str, tuple[str, ...]]]


def address(handle: str) -> str:
    """Return the e-mail under which somebody of the demo signs in."""
    return f"{fold(handle).replace(' ', '.')}@millrow.example"


def roll() -> list[Written]:
    """Read the roll: name, language, skills with their limits."""
    written = []
    for line in ROLL.strip().splitlines():
        handle, language, offers = (part.strip() for part in line.split("|"))
        skills = []
        for offer in filter(None, (part.strip() for part in offers.split(","))):
            key, *limits = offer.split("+")
            skills.append((key, tuple(limits)))
        written.append(Written(handle, language, skills))
    return written


def make(now: datetime) -> People:
    """Let everybody join by a link, prove their address, share what they can, and rest; return them by handle."""
    secret = make_password(PASSWORD)
    founded, lines = now - timedelta(days=300), roll()
    link = invitations.invite_organizer(address=address("Rosa"), language="es", now=founded).token()
    everybody: People = {}
    for number, line in enumerate(lines):
        # Two pods' worth come in the first days, the others one by one until the other day.
        later = (now - timedelta(days=5) - founded) * (number - BEGINNERS) / (len(lines) - BEGINNERS)
        joined = founded + max(later, timedelta(hours=6 * number))
        everybody[line.handle] = _join(line, link, joined, secret, now)
        if number == 0 or (number >= BEGINNERS and number % 8 == 0):
            by = everybody["Thandi" if number + 8 > len(lines) else "Rosa"]
            link = invitations.invite(by=by, seats=25, language="en", days=60, now=joined).token()
    _share(everybody, now)
    _rest(everybody, now)
    organizers.appoint(
        person=everybody["Thandi"], until=(now + timedelta(days=95)).date(), today=(now - timedelta(days=85)).date()
    )
    _open_links(everybody, now)
    return everybody


def _join(line: Written, link: str, joined: datetime, secret: str, now: datetime) -> Person:
    newcomer = joining.Newcomer(line.handle, address(line.handle), None, line.language, ZONE)
    person = joining.join(newcomer=newcomer, token=link, now=joined)
    assert person is not None  # an empty database knows no address
    joining.prove_address(person=person)
    prove_email(person=person, now=joined)
    quiet = QUIET.get(line.handle)
    person.unproven_since = None
    person.joined_on = joined.date()
    person.last_seen_on = now.date()
    # Hashed once for all: scrypt is slow on purpose.
    person.password = secret
    if quiet:
        person.quiet_from, person.quiet_until, person.urgent_may_wake = time(quiet[0]), time(quiet[1]), quiet[2]
    person.calls_per_week = 1 if line.handle in {"Mei", "Ottoline"} else 2
    person.save()
    if line.handle in {"Nuria", "Thandi"}:
        Channel.objects.filter(person=person).update(safe_line_in_message=True)
    return person


def _share(everybody: People, now: datetime) -> None:
    skills = {skill.key: skill for skill in Skill.objects.all()}
    for number, line in enumerate(roll()):
        offered = now - timedelta(days=4 + number * 3)
        for key, limits in line.skills:
            skill = skills.get(key)
            share(
                person=everybody[line.handle],
                kind="skill",
                skill=skill,
                title="" if skill else key.replace("_", " "),
                terms=Terms(limits=limits, audience="network" if number % 4 else "pod"),
                now=offered,
            )
    for handle, kind, title, limits, note in THINGS:
        terms = Terms(limits=limits, note=note, audience="network")
        share(person=everybody[handle], kind=kind, skill=None, title=title, terms=terms, now=now - timedelta(days=40))
    # Nearly a year old: whoever offered it is asked again soon.
    old = everybody["Rosa"].assets.order_by("id").first()
    if old is not None:
        old.offered_at, old.fresh_until = now - timedelta(days=345), now + timedelta(days=20)
        old.save(update_fields=["offered_at", "fresh_until"])


def _rest(everybody: People, now: datetime) -> None:
    for handle, since, until in RESTING:
        first, last = (now + timedelta(days=since)).date(), (now + timedelta(days=until)).date()
        rest.rest(person=everybody[handle], first=first, last=last, today=first)


def _open_links(everybody: People, now: datetime) -> None:
    """Leave some invitations open, and one taken back."""
    for by, seats, language, days, ago in (
        ("Rosa", 6, "es", 30, 9),
        ("Rosa", 1, "en", 14, 2),
        ("Thandi", 12, "en", 30, 4),
    ):
        invitations.invite(by=everybody[by], seats=seats, language=language, days=days, now=now - timedelta(days=ago))
    lost = invitations.invite(by=everybody["Rosa"], seats=5, language="en", days=30, now=now - timedelta(days=3))
    invitations.revoke(invitation=lost, now=now - timedelta(days=2))
