"""Thirty days from founding to the first public asset evening."""

from datetime import date, timedelta

from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from commons.gatherings.actions import plans
from commons.gatherings.actions.plans import Plan
from commons.gatherings.models import Gathering
from commons.gatherings.queries.produced import lines
from commons.web import today
from sites.actions import assets
from sites.actions.assets import Terms
from sites.models import Neighbourhood
from sites.queries import evening
from sites.rules.evening import DAYS, countdown

DAY = timedelta(days=1)
FOUNDED = date(2026, 3, 1)


def titles(person, now) -> list[str]:
    return [str(card.title) for card in today.cards(person, now)]


@given(st.integers(-3, 400), st.booleans(), st.booleans())
def test_it_counts_until_there_was_one(passed, held, known):
    stands = countdown(founded_on=FOUNDED if known else None, held=held, today=FOUNDED + passed * DAY)
    if held or not known:
        assert stands is None
        return
    assert 0 <= stands.passed <= DAYS
    assert stands.passed + stands.left == DAYS
    assert stands.left > 0 or passed >= DAYS


def hold(by, at, kind="asset_mapping") -> Gathering:
    plan = Plan(kind=kind, title="What we can share", minutes=120, place="Hall", starts_at=at)
    return plans.hold(by=by, plan=plan, time_zone="UTC", now=at - DAY)


def test_it_begins_with_the_founding_and_ends_with_the_evening(as_olga, olga, mina, now):
    Neighbourhood.objects.create(name="Mill Row", founded_on=now.date() - 10 * DAY)
    left = "20 days left for the first asset evening"
    hold(olga, now - 2 * DAY, kind="assembly")
    assert left in titles(mina, now)
    for address in ("/neighbourhood/", "/assets/evening/"):
        assert "20 days left" in as_olga.get(address).content.decode()
    held = hold(olga, now + 5 * DAY)
    assert left not in titles(mina, now), "from now on the gathering itself asks"
    assert "What we can share" in as_olga.get("/assets/evening/").content.decode()
    assert evening.standing(now) is not None
    assert evening.standing(now + 6 * DAY) is None
    plans.cancel(by=olga, gathering=held, now=now)
    assert left in titles(mina, now)
    assert "0 days left for the first asset evening" in titles(mina, now + 40 * DAY)


def test_a_gathering_says_how_much_it_brought(olga, mina, now):
    held = hold(olga, now)
    for number in range(3):
        assets.share(
            person=mina,
            kind="tool",
            skill=None,
            title=f"Tool {number}",
            terms=Terms(),
            now=now + timedelta(hours=number),
        )
    assert [(line.count, str(line.what)) for line in lines(held, now + DAY)] == [(3, "things put on the map")]


def test_its_page_leads_to_the_cards_and_afterwards_to_typing_them_in(as_olga, as_mina, olga, now):
    page = f"/gatherings/{hold(olga, now + DAY).ref}/"
    assert "/assets/cards/" in as_mina.get(page).content.decode()
    assert "/assets/evening/" not in as_olga.get(page).content.decode()
    Gathering.objects.update(starts_at=now - DAY, ends_at=now - DAY + timedelta(hours=2))
    assert "/assets/evening/" in as_olga.get(page).content.decode()
    seen = as_mina.get(page).content.decode()
    assert "/assets/cards/" not in seen
    assert "/assets/evening/" not in seen, "organizers type in"
    other = hold(olga, now + DAY, kind="assembly")
    assert "/assets/cards/" not in as_mina.get(f"/gatherings/{other.ref}/").content.decode()


def test_founding_writes_its_day_once(db, now, capsys):
    for _ in range(2):
        call_command("found", "Mill Row", time_zone="Pacific/Auckland", organizer="rosa@example.org")
    here = Neighbourhood.objects.get()
    assert abs((here.founded_on - now.date()).days) <= 1
    Neighbourhood.objects.update(founded_on=FOUNDED)
    call_command("found", "Mill Row", time_zone="Pacific/Auckland", organizer="rosa@example.org")
    assert Neighbourhood.objects.get().founded_on == FOUNDED


def test_naming_it_again_moves_no_founding_day(as_olga, now):
    said = {"name": "Elsewhere", "time_zone": "UTC", "emergency_number": "112"}
    as_olga.post("/neighbourhood/", said)
    assert Neighbourhood.objects.get().founded_on == now.date()
    Neighbourhood.objects.update(founded_on=FOUNDED)
    as_olga.post("/neighbourhood/", {**said, "name": "Here"})
    assert Neighbourhood.objects.get().founded_on == FOUNDED


def test_where_nobody_knows_the_day_nothing_is_counted(mina, now):
    Neighbourhood.objects.create(name="Mill Row")
    assert evening.standing(now) is None
    assert titles(mina, now) == []
