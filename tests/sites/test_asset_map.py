"""The asset map: who sees what, found by word, kind and distance; quick with a hundred thousand things."""

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commons import clock
from pods.actions import pods as pod_actions
from sites.actions import assets as actions
from sites.actions.assets import Terms
from sites.models import Asset, Home, Skill
from sites.queries import asset_map as queries
from sites.queries.asset_map import Wanted
from sites.rules.nearness import coarse, metres, within
from tests.factories import BlockFactory, PersonFactory, PodFactory
from tests.sites.conftest import signed_in

MIDDLE = ("39.300", "-76.640")


def share(person, now, *, kind="tool", title="", skill=None, **terms) -> Asset:
    skill = Skill.objects.get(key=skill) if skill else None
    terms = Terms(**{"audience": "network", **terms})
    return actions.share(person=person, kind=kind, skill=skill, title=title, terms=terms, now=now)


def names(person, now, **wanted) -> list[str]:
    return [str(one) for one in queries.found(person, Wanted(**wanted), queries.home_of(person), now)]


def live(person, name, latitude, longitude="-76.640"):
    Home.objects.create(person=person, block=BlockFactory(name=name, latitude=latitude, longitude=longitude))


# --- who sees what ----------------------------------------------------------------------------


@pytest.fixture
def two_pods(db):
    """Two full pods, and somebody in neither."""
    return PodFactory(members=5), PodFactory(members=5), PersonFactory(handle="Alone")


def seated(pod) -> list:
    return [seat.person for seat in pod.memberships.filter(left_at=None).order_by("seat")]


def test_for_my_pods_means_those_who_sit_with_me_now(two_pods, now):
    here, there, alone = two_pods
    owner, mate, leaver, *_ = seated(here)
    share(owner, now, title="Ladder", audience="pod")
    share(owner, now, title="Tent", audience="network")
    assert names(mate, now) == names(leaver, now) == names(owner, now) == ["Tent", "Ladder"]
    assert names(seated(there)[0], now) == names(alone, now) == ["Tent"]
    pod_actions.leave_pod(by=leaver, pod=here, now=now)
    assert names(leaver, now) == ["Tent"]
    here.dissolved_at = now
    here.save()
    assert names(mate, now) == ["Tent"]


def test_swapped_refs_open_nothing_of_the_other_pod(two_pods, now):
    """Each thing of each side, tried by everybody of the other (S-2)."""
    here, there, alone = two_pods
    for ours, theirs in ((here, there), (there, here)):
        thing = share(seated(theirs)[0], now, title=f"Ladder {theirs.pk}", audience="pod", note="under the stairs")
        for person in (*seated(ours), alone):
            browser = signed_in(person)
            assert browser.get(f"/assets/{thing.ref}/").status_code == 404
            said = {"text": "Could I?", "until": clock.now().date() + timedelta(days=3)}
            assert browser.post(f"/assets/{thing.ref}/", said).status_code == 404
            assert thing.ref not in browser.get("/assets/?q=ladder").content.decode()
        assert "under the stairs" in signed_in(seated(theirs)[1]).get(f"/assets/{thing.ref}/").content.decode()
    assert not Asset.objects.filter(asks__isnull=False).exists()


def test_what_faded_is_on_nobodys_map(mina, olga, now):
    share(olga, now - timedelta(days=366), title="Ladder")
    assert names(mina, now) == []


@pytest.mark.parametrize("gone", [{"is_active": False}, {"unproven_since": "2026-01-01"}])
def test_whoever_is_not_here_shares_nothing(mina, olga, now, gone):
    thing = share(olga, now, title="Ladder")
    type(olga).objects.filter(pk=olga.pk).update(**gone)
    assert names(mina, now) == []
    assert signed_in(mina).get(f"/assets/{thing.ref}/").status_code == 404


def test_without_anybody_who_knows_circles_only_what_is_everybodys_is_seen(two_pods, now, monkeypatch):
    owner, mate, *_ = seated(two_pods[0])
    share(owner, now, title="Ladder", audience="pod")
    monkeypatch.setattr("sites.queries.audience._circles", [])
    assert names(mate, now) == []


def test_no_address_stands_on_the_map(mina, olga, now):
    thing = share(olga, now, title="Ladder")
    for page in ("/assets/", f"/assets/{thing.ref}/"):
        assert olga.email not in signed_in(mina).get(page).content.decode()


# --- finding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ladder", ["Ladder, four metres"]),
        ("LADD", ["Ladder, four metres"]),
        ("four ladder", ["Ladder, four metres"]),
        ("jardin", ["Jardín con sombra"]),
        ("jardín", ["Jardín con sombra"]),
        ("nurse", ["nurse"]),
        ("enfermera", ["nurse"]),
        ("urse", []),
        ("spanish interpreter", ["Spanish interpreter"]),
        ("' & | ! :*", ["Spanish interpreter", "nurse", "Jardín con sombra", "Ladder, four metres"]),
        ("nothing-like-it", []),
    ],
)
def test_found_by_the_beginnings_of_words_in_any_writing(mina, olga, now, words, found):
    share(olga, now, title="Ladder, four metres")
    share(olga, now, kind="space", title="Jardín con sombra")
    share(olga, now, kind="skill", skill="nurse")
    share(olga, now, kind="skill", skill="interpreter_es")
    assert names(mina, now, words=words) == found


def test_found_by_kind(mina, olga, now):
    share(olga, now, title="Ladder")
    share(olga, now, kind="space", title="Hall")
    assert names(mina, now, kind="space") == ["Hall"]


def test_found_by_distance_from_my_own_block_nearest_first(mina, olga, now):
    live(mina, "Mill Row", "39.300")
    for name, latitude in (("Far", "39.330"), ("Near", "39.305"), ("Next", "39.310"), ("Same", "39.300")):
        person = PersonFactory()
        live(person, name, latitude)
        share(person, now, title=f"{name} thing")
    share(olga, now, title="Nowhere thing")
    assert names(mina, now, reach=0) == ["Same thing"]
    assert names(mina, now, reach=1000) == ["Same thing", "Near thing", "Next thing"]
    assert len(names(mina, now)) == 5
    page = signed_in(mina).get("/assets/?reach=1000").content.decode()
    for words in ("close by", "about 500 m", "about 1 km"):
        assert words in page


def test_distance_is_not_offered_to_whoever_named_no_block(mina, olga, now):
    share(olga, now, title="Ladder")
    page = signed_in(mina).get("/assets/?reach=0").content.decode()
    assert "Ladder" in page
    assert 'name="reach"' not in page


@given(
    st.tuples(st.floats(-60, 60), st.floats(-170, 170)),
    st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)),
)
def test_distances_are_coarse_alike_in_both_directions_and_nothing_to_oneself(here, step):
    there = (here[0] + step[0], here[1] + step[1])
    assert metres(here, there) == pytest.approx(metres(there, here))
    far = coarse(metres(here, there))
    assert far % 500 == 0
    assert abs(far - metres(here, there)) <= 250.001
    assert within(here, [(7, here), (8, there)], far)[0] == (0, 7)


def test_saying_where_one_lives_and_forgetting_it(as_mina, mina):
    block = BlockFactory(name="Mill Row")
    assert as_mina.post("/share/block/", {"block": block.pk}).status_code == 302
    assert Home.objects.get(person=mina).block == block
    assert "Distances count from Mill Row" in as_mina.get("/assets/").content.decode()
    as_mina.post("/share/block/", {"block": ""})
    assert not Home.objects.exists()
    assert as_mina.post("/share/block/", {"block": "999999"}).status_code == 200


def test_what_was_offered_before_is_found_as_what_is_offered_now(mina, olga, now):
    """The migration's words are those of the rules."""
    share(olga, now, title="Jardín (con sombra), 3 mesas")
    share(olga, now, kind="skill", skill="deescalation")
    share(olga, now, kind="skill", title="Knítting & sewing")
    wanted = dict(Asset.objects.values_list("pk", "words"))
    assert "jardin con sombra 3 mesas" in wanted.values()
    Asset.objects.update(words="")
    with connection.cursor() as cursor:
        cursor.execute(import_module("sites.migrations.0009_asset_map").WORDS)
    assert dict(Asset.objects.values_list("pk", "words")) == wanted


# --- how much it costs -----------------------------------------------------------------------------


def test_as_many_statements_for_thirty_things_as_for_one(mina, now):
    live(mina, "Mill Row", "39.300")
    client = signed_in(mina)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    addresses = ("/assets/", "/assets/?q=thing&kind=tool&reach=1000")
    one_home = BlockFactory(name="Next", latitude="39.305")

    def more(number: int) -> None:
        person = PersonFactory()
        Home.objects.create(person=person, block=one_home)
        share(person, now, title=f"Thing {number}", limits=("short",))

    more(0)
    before = [count(address) for address in addresses]
    for number in range(1, 30):
        more(number)
    assert [count(address) for address in addresses] == before


MANY = """
INSERT INTO casserole_sites_asset (ref, person_id, kind, title, limits, audience, offered_at, fresh_until, words)
SELECT lpad(n::text, 10, '0'), (%(people)s::bigint[])[1 + n %% 200], 'tool', 'Tool ' || n, '{}',
       CASE WHEN n %% 3 = 0 THEN 'pod' ELSE 'network' END, %(now)s - n * interval '1 minute', %(later)s,
       CASE WHEN n %% 997 = 0 THEN 'ladder ' ELSE 'tool ' END || n
FROM generate_series(1, 100000) AS n
"""


def test_quick_among_a_hundred_thousand(mina, now):
    """What is looked at for a page doesn't grow with what there is: an index leads to it, whatever is asked."""
    live(mina, "Mill Row", "39.300")
    people = [PersonFactory(channel=False).pk for _ in range(200)]
    blocks = [BlockFactory(name=f"Block {n}", latitude=f"{39.3 + n * 0.005:.3f}") for n in range(50)]
    Home.objects.bulk_create([Home(person_id=person, block=blocks[place % 50]) for place, person in enumerate(people)])
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"people": people, "now": now, "later": now + timedelta(days=300)})
        cursor.execute("ANALYZE casserole_sites_asset, casserole_sites_home, people_person")
    home = queries.home_of(mina)
    asked = (
        (Wanted(), 2_000),
        (Wanted("ladder"), 2_000),
        (Wanted("ladd", "tool", 1000), 10_000),
        (Wanted(reach=1000), 10_000),
    )
    for wanted, most in asked:
        found = queries.found(mina, wanted, home, now)[:30]
        plan = json.loads(found.explain(format="json", analyze=True))[0]["Plan"]
        assert looked_at(plan) < most, wanted
        assert 0 < len(found) <= 30
    assert queries.found(mina, Wanted(), home, now).count() == queries.FOUND_MOST


def looked_at(plan) -> int:
    """Rows of the table of things that were read for a plan, kept or not."""
    own = 0
    if plan.get("Relation Name") == "casserole_sites_asset":
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return own + sum(looked_at(part) for part in plan.get("Plans", ()))
