"""Neighbours who let themselves be proposed, near each other, and what they share."""

from datetime import datetime

from commons.people.models import Person
from pods.actions import clusters
from pods.models import Cluster
from sites.models import Asset, Block
from tests.factories import BlockFactory, PersonFactory, offer

# What the built-in kinds of call need, so that a fresh network has needs too.
NEEDED = ("tenant_rights", "van", "legal_observer", "deescalation", "first_aid", "driver")


def neighbour(block: Block, now: datetime, *skills: str, audience: str = "network") -> Person:
    """Somebody who is willing, with skills for these eyes."""
    person = PersonFactory()
    clusters.be_willing(person=person, block=block, now=now)
    for skill in skills:
        offer(person, skill, now=now)
    Asset.objects.filter(person=person).update(audience=audience)
    return person


def street(now: datetime, people: int = 6, *, audience: str = "network") -> list[Person]:
    """So many neighbours of one block; each can do one thing that calls need."""
    block = BlockFactory()
    return [neighbour(block, now, NEEDED[number % len(NEEDED)], audience=audience) for number in range(people)]


def proposed(now: datetime, people: int = 6, **how: str) -> tuple[Cluster, list[Person]]:
    """A street, and the pod that was proposed for it."""
    everybody = street(now, people, **how)
    assert clusters.compute_due(now=now)
    return Cluster.objects.get(kind="pod"), everybody
