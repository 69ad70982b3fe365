"""What can be learned from proposals: names only openly, private things only as numbers, words never."""

import pytest

from commons import clock
from pods.actions import clusters as actions
from pods.models import Cluster
from pods.queries import clusters as queries
from pods.states import ClusterWord
from sites.models import Asset
from tests.factories import PersonFactory, organizer
from tests.pods.capacity_of import neighbour, proposed
from tests.pods.scenes import sign_in
from tests.reading import read_out

pytestmark = pytest.mark.django_db
LIST = "/pods/capacity/"


@pytest.fixture
def now(db):
    return clock.now()


def pages(client, cluster):
    return " ".join(" ".join(read_out(client.get(path).content.decode())) for path in (LIST, f"{LIST}{cluster.ref}/"))


def test_whoever_shares_with_their_pods_alone_is_a_number_and_so_is_what_they_share(now):
    cluster, people = proposed(now, 7, audience="pod")
    block = cluster.block
    reader = people[0]
    said = pages(sign_in(reader), cluster)
    for other in people[1:]:
        assert other.handle not in said
    for skill in ("tenant rights", "legal observer", "de-escalation", "first aid"):
        assert skill not in said.lower()
    assert "And 6 neighbours who share with their pods alone." in said
    assert "And 5 more that are kept for pods." in said
    assert str(block) in said, "about where stands there; the reader said so themselves"


def test_a_named_neighbours_private_skill_is_not_told_either(now):
    _cluster, people = proposed(now, 6)
    hidden = Asset.objects.get(person=people[1])
    neighbour_open = Asset.objects.create(
        person=people[1],
        kind="tool",
        title="Ladder",
        audience="network",
        offered_at=now,
        fresh_until=hidden.fresh_until,
    )
    Asset.objects.filter(pk=hidden.pk).update(audience="pod")
    Asset.objects.filter(person=people[2]).update(audience="pod")
    [view] = queries.views(queries.clusters_for(people[0]), people[0], now)
    [row] = [one for one in view.named if one.handle == people[1].handle]
    assert row.words == str(neighbour_open)
    assert (view.cover.kept, str(hidden.skill) in map(str, view.cover.openly)) == (1, False)


def test_it_is_never_certain_which_private_skill_is_meant(now):
    """What calls needed is no secret: were all of it covered, the one that nobody offers openly would be known."""
    cluster, people = proposed(now, 6)
    cluster.wanted = [asset.skill.key for asset in Asset.objects.filter(person__in=people)]
    cluster.save()
    Asset.objects.filter(person=people[1]).update(audience="pod")
    [view] = queries.views(queries.clusters_for(people[0]), people[0], now)
    assert (len(view.cover.openly), view.cover.kept, view.cover.wanted) == (5, 0, 6)


def test_what_is_said_is_nobodys_to_read_before_five_are_interested(now):
    cluster, people = proposed(now, 8)
    onlooker, boss = people[7], organizer(people[6], now=now)
    clients = [sign_in(onlooker), sign_in(boss)]
    before = [pages(client, cluster) for client in clients]
    for person in people[:4]:
        actions.say(person=person, cluster=cluster, word=ClusterWord.INTERESTED, now=now)
    assert [pages(client, cluster) for client in clients] == before


def test_only_those_who_are_interested_are_told_of_each_other(now):
    cluster, people = proposed(now, 8, audience="pod")
    for person in people[:5]:
        actions.say(person=person, cluster=cluster, word=ClusterWord.INTERESTED, now=now)
    inside, outside = pages(sign_in(people[0]), cluster), pages(sign_in(people[7]), cluster)
    for other in people[1:5]:
        assert other.handle in inside
        assert other.handle not in outside
    assert people[6].handle not in inside
    assert "Enough of you are interested" not in outside


def test_organizers_see_sizes_and_what_is_open_and_no_names(now):
    cluster, people = proposed(now, 7)
    Asset.objects.filter(person=people[0]).update(audience="pod")
    boss = sign_in(organizer(PersonFactory(), now=now))
    said = " ".join(read_out(boss.get(LIST).content.decode()))
    assert "7 neighbours" in said
    assert "legal observer" in said
    assert not any(person.handle in said for person in people)
    assert "kept for pods" not in said
    assert boss.get(f"{LIST}{cluster.ref}/").status_code == 404


def test_strangers_learn_nothing_of_it(now):
    cluster, people = proposed(now)
    stranger = sign_in(neighbour(cluster.block, now, "van"))
    said = " ".join(read_out(stranger.get(LIST).content.decode()))
    assert not any(person.handle in said for person in people)
    for way in ("get", "post"):
        for tail in ("", "say/", "found/"):
            assert getattr(stranger, way)(f"{LIST}{cluster.ref}/{tail}").status_code in (404, 405)


def test_taking_oneself_out_forgets_everything_that_one_said(now):
    cluster, people = proposed(now, 8)
    actions.say(person=people[0], cluster=cluster, word=ClusterWord.INTERESTED, now=now)
    sign_in(people[0]).post(f"{LIST}willing/", {"do": "no"})
    assert not people[0].clusters.exists()
    assert not Cluster.objects.filter(members__said="interested").exists()
