"""Who of the demo lets themselves be proposed, what came of it last night, and what some of them said."""

from datetime import datetime, timedelta

from commons.people.models import Person
from pods.actions import clusters
from pods.management.demo.people import People
from pods.models import Cluster, ClusterMember
from pods.rules.clusters import last_night
from pods.states import ClusterWord
from sites.models import Asset, Block
from sites.rules.clusters import HELD_DAYS
from sites.states import ClusterKind

# Near which block; those who are left out have not said that they may be proposed.
NEAR = {
    "Mill Row": "Nuria Terrence Wei Linh Marisol Inés Ezra Graciela Hollis Ifeoma Jamal Lamar Itzel Dolores",
    "Franklin & 4th": "Rosa Kofi Amina Magda Tamar Pablo Ulises Winston Ottoline Aaliyah Solomon Eun-ji",
    "Cannery Yard": "Thandi Mei Rafael Bogdan Farid Nadia Rukhsana Ximena Yaw Cyrus Fiamma Hyacinth",
    "Orchard Street": "Samir Delia Desta Keiko Quyên Adaeze",
    "Rail Yard": "Zofia Birgit Gil",
}
# They have held for long what they offer, and said so again.
STOOD = "Rosa Nuria Terrence Marisol Inés Ezra Thandi Rafael Magda Tamar Graciela Hollis Kofi"
FEW_ANSWERS = 3


def make(everybody: People, blocks: dict[str, Block], now: datetime) -> None:
    """Let people be willing, compute as last night did, and let some say what they think of it."""
    night = last_night(now)
    for name, handles in NEAR.items():
        for handle in handles.split():
            clusters.be_willing(person=everybody[handle], block=blocks[name], now=night - timedelta(days=20))
    _stand([everybody[handle] for handle in STOOD.split()], now)
    clusters.compute_due(now=night)
    pods = Cluster.objects.filter(kind=ClusterKind.POD.value).order_by("id")
    for number, cluster in enumerate(pods):
        _answer(cluster, None if number == 0 else FEW_ANSWERS, min(night + timedelta(hours=1), now))


def _stand(people: list[Person], now: datetime) -> None:
    """Let what these people offer be half a year old."""
    held = now - timedelta(days=HELD_DAYS + 8)
    for asset in Asset.objects.filter(person__in=people, kind="skill").order_by("id"):
        asset.first_offered_at = held
        asset.save(update_fields=["first_offered_at"])


def _answer(cluster: Cluster, few: int | None, at: datetime) -> None:
    """Let so many be interested, or all but one who says that it is not for them."""
    places = list(ClusterMember.objects.filter(cluster=cluster).select_related("person"))
    last = places[-1]
    for place in places[: few or len(places) - 2]:
        clusters.say(person=place.person, cluster=cluster, word=ClusterWord.INTERESTED, now=at)
    if few is None:
        clusters.say(person=last.person, cluster=cluster, word=ClusterWord.NOT_FOR_ME, now=at)
