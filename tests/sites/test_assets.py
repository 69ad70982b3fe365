"""What people share: no doubles, limits, fresh for a year, taken back and put back."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.web import today
from commons.web.refusal import Refused
from sites.actions import assets as actions
from sites.actions.assets import Terms
from sites.models import Asset, Skill
from sites.models.assets import BUILT_IN_SKILLS
from sites.queries import assets as queries
from tests.factories import PersonFactory
from tests.sites.conftest import signed_in

OWN = {"skill": "", "words": "Knitting", "kind": "skill", "limits": [], "note": "", "audience": "pod"}


def share(person, now, *, kind="skill", skill=None, title="", **terms) -> Asset:
    return actions.share(person=person, kind=kind, skill=skill, title=title, terms=Terms(**terms), now=now)


def test_every_network_begins_with_the_built_in_skills(db):
    assert set(Skill.objects.values_list("key", flat=True)) == set(BUILT_IN_SKILLS)


@pytest.mark.parametrize("words", ["Knitting", " knitting ", "KNITTING", "Kníttìng"])
def test_one_skill_by_whatever_writing(mina, now, words):
    first = share(mina, now, title="Knitting")
    assert actions.skill_named(words) == first.skill
    assert Skill.objects.filter(own_name__gt="").count() == 1
    assert (first.skill.own_name, first.skill.sort_key) == ("Knitting", "knitting")


def test_own_words_that_name_a_built_in_skill_are_that_skill(mina, now):
    assert share(mina, now, title="Primeros Auxilios").skill.key == "first_aid"
    assert Skill.objects.filter(own_name__gt="").count() == 0


@pytest.mark.parametrize("words", ["编织", "вязание", "🧶", "a" * 60, "-- ; drop", "../../etc"])
def test_skills_in_any_script(mina, now, words):
    skill = actions.skill_named(words)
    skill.full_clean()
    assert actions.skill_named(words) == skill


def test_the_same_skill_again_is_brought_up_to_date(mina, now):
    driver = Skill.objects.get(key="driver")
    first = share(mina, now, skill=driver, limits=("not_nights",))
    again = share(mina, now + timedelta(days=9), skill=driver, limits=("no_stairs",), note="a small car")
    assert again.pk == first.pk
    assert (again.limits, again.note) == (["no_stairs"], "a small car")
    assert again.fresh_until == now + timedelta(days=9 + 365)
    share(mina, now, kind="space", title="Garage")
    share(mina, now, kind="space", title="garáge ")
    assert Asset.objects.filter(person=mina).count() == 2


def test_sixty_are_the_most(mina, now):
    for number in range(60):
        share(mina, now, kind="tool", title=f"Tool {number}")
    with pytest.raises(Refused):
        share(mina, now, kind="tool", title="One more")


@pytest.mark.django_db(transaction=True)
def test_two_taps_make_one_asset():
    mina, now = PersonFactory(), clock.now()
    start = threading.Barrier(2)

    def tap() -> None:
        try:
            start.wait()
            share(mina, now, title="Knitting")
        finally:
            connection.close()

    threads = [threading.Thread(target=tap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Asset.objects.filter(person=mina).count() == 1


def test_a_year_and_a_question(mina, now):
    asset = share(mina, now, title="Knitting")
    assert queries.fading_count(mina, now + timedelta(days=300)) == 0
    assert queries.fading_count(mina, now + timedelta(days=340)) == 1
    titles = [str(card.title) for card in today.cards(mina, now + timedelta(days=340))]
    assert "Is this still true?" in titles
    [shown] = queries.shared_by(mina, now + timedelta(days=366))
    assert shown.faded
    actions.still_true(asset=asset, now=now + timedelta(days=366))
    [shown] = queries.shared_by(mina, now + timedelta(days=366))
    assert not shown.faded


def test_taken_back_is_gone_and_can_be_put_back_within_the_hour(mina, now):
    asset = share(mina, now, title="Knitting", limits=("short",), note="not for babies", audience="network")
    undo = actions.take_back(asset=asset, now=now)
    assert not Asset.objects.exists()
    assert "babies" not in undo
    with pytest.raises(Refused):
        actions.put_back(person=PersonFactory(), undo=undo, now=now)
    with pytest.raises(Refused):
        actions.put_back(person=mina, undo=undo, now=now + timedelta(hours=2))
    for broken in ("", "x", undo[:-4], "ñ" * 40):
        with pytest.raises(Refused):
            actions.put_back(person=mina, undo=broken, now=now)
    back = actions.put_back(person=mina, undo=undo, now=now)
    assert (str(back), back.limits, back.note, back.audience) == ("Knitting", ["short"], "not for babies", "network")


# --- in the browser ---------------------------------------------------------------------------


def test_adding_changing_and_keeping_true(as_mina, mina):
    nurse = Skill.objects.get(key="nurse")
    as_mina.post("/share/", {**OWN, "words": "", "skill": nurse.pk, "limits": ["no_police", "short"]})
    as_mina.post("/share/", {**OWN, "words": "Garage with a ramp", "kind": "space", "note": "ring twice"})
    page = as_mina.get("/share/").content.decode()
    for words in ("nurse", "not with police present", "Garage with a ramp", "ring twice"):
        assert words in page
    garage = Asset.objects.get(kind="space")
    as_mina.post(f"/share/{garage.ref}/", {"limits": ["no_stairs"], "note": "", "audience": "network"})
    garage.refresh_from_db()
    assert (garage.limits, garage.note, garage.audience) == (["no_stairs"], None, "network")
    Asset.objects.update(fresh_until=garage.offered_at)
    assert "Still true" in as_mina.get("/share/").content.decode()
    assert as_mina.post(f"/share/{garage.ref}/still-true/").status_code == 302
    garage.refresh_from_db()
    assert garage.fresh_until > garage.offered_at


def test_take_back_and_undo(as_mina, mina):
    as_mina.post("/share/", {**OWN, "note": "only socks"})
    as_mina.post(f"/share/{Asset.objects.get().ref}/take-back/")
    page = as_mina.get("/share/").content.decode()
    undo = page.split('name="undo" value="')[1].split('"')[0]
    assert "only socks" not in page
    assert "Undo" not in as_mina.get("/share/").content.decode()
    as_mina.post("/share/put-back/", {"undo": undo})
    assert Asset.objects.get().note == "only socks"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"words": ""}, "Choose a skill, or say it in your own words."),
        ({"words": "x" * 61}, "at most 60"),
        ({"limits": ["never"]}, "Select a valid choice"),
        ({"audience": "world"}, "Select a valid choice"),
        ({"kind": "person"}, "Select a valid choice"),
        ({"skill": "999999"}, "Select a valid choice"),
        ({"note": "x" * 501}, "at most 500"),
    ],
)
def test_what_is_refused(as_mina, change, sentence):
    answer = as_mina.post("/share/", {**OWN, **change})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Asset.objects.exists()


def test_what_looks_like_a_name_is_asked_about_once_and_nothing_typed_is_lost(as_mina, olga):
    said = {**OWN, "words": "Introduce you to Olga", "kind": "relationship", "note": "at 14 Mill Row"}
    page = as_mina.post("/share/", said).content.decode()
    for words in (
        "“Olga” is what a member goes by.",
        "looks like a house number",
        "Introduce you to Olga",
        "Keep it as",
    ):
        assert words in page
    assert not Asset.objects.exists()
    asked = page.split('name="asked" value="')[1].split('"')[0]
    as_mina.post("/share/", {**said, "keep": "on", "asked": asked})
    thing = Asset.objects.get()
    assert (str(thing), thing.note) == ("Introduce you to Olga", "at 14 Mill Row")
    change = {"limits": [], "note": "ask Olga at 14 Mill Row", "audience": "pod"}
    assert "is what a member goes by" in as_mina.post(f"/share/{thing.ref}/", change).content.decode()


def test_a_skill_and_own_words_at_once_are_unclear(as_mina):
    answer = as_mina.post("/share/", {**OWN, "skill": Skill.objects.get(key="nurse").pk})
    assert "one at a time" in answer.content.decode()


def test_things_of_others_do_not_exist(as_mina, olga, now):
    theirs = share(olga, now, title="Knitting")
    assert as_mina.get(f"/share/{theirs.ref}/").status_code == 404
    for verb in ("", "still-true/", "take-back/"):
        assert as_mina.post(f"/share/{theirs.ref}/{verb}", OWN).status_code == 404
    assert Asset.objects.get().pk == theirs.pk


def test_markup_is_shown_and_never_run(as_mina, mina, now):
    share(mina, now, title="<img src=x onerror=alert(1)>", note="<script>alert(2)</script>")
    page = as_mina.get("/share/").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page


def test_notes_are_sealed(mina, now):
    share(mina, now, title="Knitting", note="behind the laundry")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(note, 'escape') FROM casserole_sites_asset")
        assert "laundry" not in cursor.fetchone()[0]


def test_as_many_statements_for_thirty_things_as_for_one(mina, now):
    client = signed_in(mina)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/share/").status_code == 200
        return len(seen)

    share(mina, now, title="Skill 0")
    one = count()
    for number in range(1, 30):
        share(mina, now, title=f"Skill {number}")
    assert count() == one


def test_visitors_are_asked_to_sign_in(client, db):
    assert client.get("/share/").status_code == 302
    assert client.post("/share/put-back/").status_code == 302
