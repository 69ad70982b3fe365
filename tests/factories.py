"""People with characters, and the pods, blocks and skills around them, for tests."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import factory
from django.apps import apps

from commons.notices.actions.outbox import enqueue_letters, letter
from commons.notices.models import Channel
from commons.notices.states import Urgency
from commons.people.models import OrganizerTerm, Person
from pods.models import CallKind, Membership, Pod
from sites.models import Asset, Block, Skill

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def built_in_rows() -> None:
    """Bring back what migrations laid down: a test with real transactions empties every table behind it."""
    if not CallKind.objects.filter(key="arrest").exists():
        for migration in (
            "sites.migrations.0003_built_in_skills",
            "sites.migrations.0006_built_in_needs",
            "pods.migrations.0003_built_in_kinds",
        ):
            import_module(migration).add(apps, None)


def queue_letters(number: int, *, now: datetime = NOW) -> None:
    """Put so many letters to as many addresses into the outbox."""
    enqueue_letters(
        letter(
            subject=f"test:{n}", to=f"neighbour{n}@example.org", language="en", title="Hello", body=f"Letter {n}",
            urgency=Urgency.SOON, now=now, expires_at=now + timedelta(hours=1),
        )
        for n in range(number)
    )  # fmt: skip


class PersonFactory(factory.django.DjangoModelFactory[Person]):
    """A member with a proven e-mail channel."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    handle = factory.Sequence(lambda n: f"Neighbour {n}")
    email = factory.Sequence(lambda n: f"neighbour{n}@example.org")

    @factory.post_generation
    def channel(self, create: bool, extracted: bool | None, **_: Any) -> None:
        """Prove the e-mail channel, unless `channel=False`."""
        if create and extracted is not False:
            Channel.objects.create(person=self, kind="email", verified_at=NOW, last_proven_at=NOW)


class BlockFactory(factory.django.DjangoModelFactory[Block]):
    """A block on the grid."""

    class Meta:
        model = Block

    name = factory.Sequence(lambda n: f"Block {n}")
    sort_key = factory.LazyAttribute(lambda block: block.name.lower())
    latitude = "39.300"
    longitude = "-76.640"


class SkillFactory(factory.django.DjangoModelFactory[Skill]):
    """A skill of the network's own."""

    class Meta:
        model = Skill
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"skill-{n}")
    sort_key = factory.LazyAttribute(lambda skill: skill.key)


class KindFactory(factory.django.DjangoModelFactory[CallKind]):
    """A kind of call."""

    class Meta:
        model = CallKind
        django_get_or_create = ("key",)

    key = "eviction"
    pace = factory.LazyAttribute(lambda kind: "day" if kind.key == "eviction" else "now")
    needs_second = factory.LazyAttribute(lambda kind: kind.key in ("raid", "arrest"))
    police_likely = factory.LazyAttribute(lambda kind: kind.key in ("raid", "arrest"))
    emergency_first = factory.LazyAttribute(lambda kind: kind.key == "medical")


class PodFactory(factory.django.DjangoModelFactory[Pod]):
    """A pod; `members=7` seats seven fresh people."""

    class Meta:
        model = Pod
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Pod {n}")
    block = factory.SubFactory(BlockFactory)
    founded_at = NOW - timedelta(days=90)

    @factory.post_generation
    def members(self, create: bool, extracted: int | list[Person] | None, **_: Any) -> None:
        """Seat that many fresh people, or these."""
        people = [PersonFactory() for _ in range(extracted)] if isinstance(extracted, int) else extracted or []
        for seat, person in enumerate(people, start=1):
            Membership.objects.create(pod=self, person=person, seat=seat, since=NOW - timedelta(days=60))
        if create and len(people) >= 5:
            self.ready_at = NOW - timedelta(days=60)
            self.save(update_fields=["ready_at"])


def offer(person: Person, key: str, *, limits: tuple[str, ...] = (), now: datetime = NOW) -> Asset:
    """Return a skill that this person has put on the map."""
    return Asset.objects.create(
        person=person,
        kind="skill",
        skill=SkillFactory(key=key),
        limits=list(limits),
        audience="network",
        offered_at=now,
        fresh_until=now + timedelta(days=365),
    )


def organizer(person: Person, *, now: datetime = NOW) -> Person:
    """Give this person a term as organizer that holds from a month ago, for a year."""
    OrganizerTerm.objects.create(
        person=person, starts_on=(now - timedelta(days=30)).date(), ends_on=(now + timedelta(days=335)).date()
    )
    return person
