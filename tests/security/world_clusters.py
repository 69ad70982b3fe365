"""A proposed pod, for every door of the house."""

from datetime import datetime, timedelta

from commons.people.models import Person
from pods.models import Cluster, ClusterMember, Willing
from sites.models import Block


def proposal(people: dict[str, Person], block: Block, now: datetime) -> Cluster:
    """A proposed pod: its people have met, one of them wants it, one has not said."""
    made = Cluster.objects.create(
        kind="pod", block=block, wanted=["first_aid"], computed_at=now, stands_until=now + timedelta(30), met_at=now
    )
    for place, who in enumerate(("newcomer", "invited"), start=1):
        Willing.objects.create(person=people[who], block=block, since=now)
        said = "interested" if who == "newcomer" else ""
        ClusterMember.objects.create(cluster=made, person=people[who], place=place, said=said)
    return made
