"""The pages of proposals: empty, full, for organizers, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from pods.actions import clusters as actions
from pods.models import Cluster, ClusterMember, ClusterRun, Pod, Willing
from pods.queries import cluster_words
from pods.states import ClusterWord
from sites.states import ClusterKind, Work
from tests.factories import BlockFactory, PersonFactory, offer, organizer
from tests.pods.capacity_of import neighbour, proposed, street
from tests.pods.scenes import sign_in
from tests.reading import english_in, read_out

pytestmark = pytest.mark.django_db
LIST = "/pods/capacity/"


@pytest.fixture
def now(db):
    return clock.now()


def said(answer):
    return " ".join(read_out(answer.content.decode()))


def test_the_empty_page_teaches_and_the_form_makes_one_willing(now):
    block, person = BlockFactory(), PersonFactory()
    client = sign_in(person)
    assert "Nobody is proposed without wanting to be." in said(client.get(LIST))
    assert client.post(f"{LIST}willing/", {"block": ""}).status_code == 200
    assert not Willing.objects.exists()
    assert client.post(f"{LIST}willing/", {"block": block.pk}).status_code == 302
    assert Willing.objects.get().block == block
    assert f"Near {block}." in said(client.get(LIST))
    client.post(f"{LIST}willing/", {"do": "no"})
    assert not Willing.objects.exists()


def test_saying_it_in_the_browser_from_interest_to_a_pod(now):
    cluster, people = proposed(now, 7)
    page = f"{LIST}{cluster.ref}/"
    for person in people[:5]:
        client = sign_in(person)
        assert client.post(f"{page}say/", {"say": "interested"}).status_code == 302
    seen = client.get(page)
    assert "Form this pod" in said(seen)
    answer = client.post(f"{page}found/", {"name": "Linden", "block": cluster.block.pk})
    assert answer.headers["Location"] == f"/pods/{Pod.objects.get().ref}/"
    again = sign_in(people[0]).post(f"{page}found/", {"name": "Linden Two", "block": cluster.block.pk})
    assert again.status_code == 404, "it is a pod now, and the others find the question on Today"


def test_a_word_that_is_none_changes_nothing(now):
    cluster, people = proposed(now)
    sign_in(people[0]).post(f"{LIST}{cluster.ref}/say/", {"say": "maybe"})
    assert set(ClusterMember.objects.values_list("said", flat=True)) == {""}


def test_an_organizer_has_it_computed_and_the_page_asks_until_it_is(now):
    street(now)
    boss = sign_in(organizer(PersonFactory(), now=now))
    assert boss.post(f"{LIST}ask/").status_code == 302
    page = boss.get(LIST).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "A worker is looking just now." in page
    assert "Somebody has asked already" in said(boss.post(f"{LIST}ask/", follow=True))
    actions.compute_due(now=clock.now())
    part = boss.get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<div")
    assert "hx-trigger" not in part
    assert "6 neighbours" in part
    assert ClusterRun.objects.get().asked_at is None


def many(now, reader, count):
    """So many proposals with the reader in them, each with four others."""
    block = reader.willing.block
    for number in range(count):
        made = Cluster.objects.create(
            kind="sprint", work="homes", block=block, wanted=["tenant_rights"], computed_at=now, stands_until=now
        )
        others = [neighbour(block, now, "tenant_rights", f"own-{number}") for _ in range(4)]
        for place, person in enumerate([reader, *others], start=1):
            ClusterMember.objects.create(cluster=made, person=person, place=place)


def cost(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_the_pages_cost_the_same_for_one_proposal_and_for_thirty(now):
    reader = organizer(neighbour(BlockFactory(), now, "van"), now=now)
    client = sign_in(reader)
    many(now, reader, 1)
    one = cost(client, LIST), cost(client, f"{LIST}{Cluster.objects.get().ref}/"), cost(client, "/today/")
    many(now, reader, 29)
    first = Cluster.objects.earliest("id")
    assert (cost(client, LIST), cost(client, f"{LIST}{first.ref}/"), cost(client, "/today/")) == one


def test_computing_costs_a_fixed_number_of_questions_however_many_people(now):
    street(now, 6)
    with CaptureQueriesContext(connection) as few:
        actions.compute_due(now=now)
    asked = [one["sql"] for one in few if one["sql"].startswith("SELECT")]
    for _ in range(5):
        street(now, 6)
    Cluster.objects.all().delete()
    ClusterRun.objects.all().delete()
    with CaptureQueriesContext(connection) as lots:
        actions.compute_due(now=now)
    assert len([one["sql"] for one in lots if one["sql"].startswith("SELECT")]) == len(asked)


def test_the_pages_speak_spanish(now):
    cluster, people = proposed(now, 7)
    reader = organizer(people[0], now=now)
    reader.language = "es"
    reader.save()
    offer(reader, "van")
    client = sign_in(reader)
    client.cookies["language"] = "es"
    for path in (LIST, f"{LIST}{cluster.ref}/"):
        assert english_in(client.get(path).content.decode()) == []


def test_a_gathering_is_called_with_what_the_proposal_knows_and_names_nobody(now):
    cluster, people = proposed(now, 7)
    page = f"{LIST}{cluster.ref}/gather/"
    assert sign_in(people[0]).get(page).status_code == 403, "nobody knows yet who else is interested"
    for person in people[:5]:
        actions.say(person=person, cluster=cluster, word=ClusterWord.INTERESTED, now=now)
    client = sign_in(people[0])
    page = client.get(page).content.decode()
    for said in ('value="asset_mapping" selected', 'value="What we can share"', f'value="Around {cluster.block.name}"'):
        assert said in page
    assert not [person.handle for person in people[1:] if person.handle in read_out(page)]
    assert 'action="/gatherings/new/"' in page
    assert sign_in(people[6]).get(f"{LIST}{cluster.ref}/gather/").status_code == 403


def test_each_proposal_meets_in_its_own_way(now):
    cluster, _people = proposed(now)
    kept = cluster_words.gathering_for(cluster)
    assert (kept["kind"], kept["title"]) == ("asset_mapping", "What we can share")
    cluster.kind, cluster.work = ClusterKind.SPRINT.value, Work.FOOD.value
    assert cluster_words.gathering_for(cluster) == {
        "kind": "mini_assembly",
        "title": "Feeding each other: what do we do first?",
        "purpose": f"Neighbours around {cluster.block.name} begin it together.",
        "place": f"Around {cluster.block.name}",
    }
