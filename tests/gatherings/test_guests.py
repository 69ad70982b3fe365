"""Behind the link: what a visitor reads, guests without an account, who changes their mind, and how often."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commons import clock
from commons.gatherings.actions import plans, seats
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.rules import Party
from commons.gatherings.views import links
from tests.gatherings.conftest import over, plan, signed_in
from tests.security.world import fingerprint

pytestmark = pytest.mark.django_db
KEY = "k" * 22


@pytest.fixture
def opened(hold) -> Gathering:
    return hold(open_to="link", childcare=True, childcare_places=5, capacity=10, agenda=((20, "Tea"),))


def door(gathering: Gathering) -> str:
    return reverse("gathering_open", args=[gathering.token()])


def say(gathering: Gathering, **fields) -> str:
    """Say as a guest that one comes; return the address of the guest's own page."""
    answer = Client().post(door(gathering), {"people": "1", "key": KEY, **fields})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_visitor_reads_what_stands_on_a_poster_and_nothing_of_people(opened, amal, now):
    seats.come(by=amal, gathering=opened, party=Party(people=4, note="A ramp"), now=now)
    answer = Client().get(door(opened))
    page = answer.content.decode()
    assert "What we can share" in page
    assert "Church hall on Mill Row" in page
    assert "Tea" in page
    for hidden in ("Rosa", "Amal", "Boyle", "talk.example", "4 people", "A ramp", "seats"):
        assert hidden not in page
    assert "noindex" in page
    assert len(answer.content) < 15_000 * 2
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "session" not in answer.cookies


def test_a_members_gathering_has_no_door(gathering):
    assert Client().get(door(gathering)).status_code == 404
    assert signed_in(gathering.host).get(reverse("gathering_link", args=[gathering.ref])).status_code == 404


def test_looking_changes_nothing(opened):
    guest = say(opened)
    before = fingerprint()
    for path in (door(opened), guest, reverse("gathering_open_file", args=[opened.token()])):
        for _ in range(5):
            assert Client().get(path, {"people": "3", "say": "no", "key": KEY}).status_code == 200
            assert Client().head(path).status_code == 200
    assert fingerprint() == before


def test_a_guest_says_little_and_it_is_sealed(opened, rosa):
    page = Client().get(say(opened, name="Ida", people="3", children="2", needs="step_free", note="A ramp")).content
    assert b"3 seats are kept for you" in page
    said = Coming.objects.get()
    assert (said.person, said.name, said.people, said.children, said.needs, said.note) == (
        None, "Ida", 3, 2, ["step_free"], "A ramp",
    )  # fmt: skip
    who = signed_in(rosa).get(reverse("gathering_who", args=[opened.ref])).content.decode()
    assert "Ida" in who
    assert "A ramp" in who


def test_the_same_press_twice_is_one_guest_and_after_a_no_it_brings_nobody_back(opened):
    first = say(opened, name="Ida")
    assert say(opened, name="Ida") == first
    Client().post(first, {"say": "no"})
    assert say(opened, name="Ida") == first
    said = Coming.objects.get()
    assert (said.said, said.name) == ("no", None)
    assert Gathering.objects.get().taken == 0


def test_a_press_without_a_key_is_asked_to_be_made_again(opened):
    assert Client().post(door(opened), {"people": "1"}).status_code == 422
    assert not Coming.objects.exists()


def test_a_guest_changes_their_mind_by_the_page_of_their_own(opened):
    guest = say(opened, name="Ida", people="2", children="1")
    browser = Client()
    browser.post(guest, {"say": "yes", "people": "4", "children": "0", "name": "Ida"})
    assert (Coming.objects.get().people, Gathering.objects.get().taken) == (4, 4)
    browser.post(guest, {"say": "no"})
    assert "You don't come" in browser.get(guest).content.decode()
    browser.post(guest, {"say": "yes", "people": "1"})
    assert Coming.objects.get().said == "yes"
    refused = browser.post(guest, {"say": "yes", "people": "10", "children": "9"})
    assert (refused.status_code, "no room for so many children" in refused.content.decode()) == (409, True)
    assert Coming.objects.get().people == 1


def test_where_exactly_opens_a_day_before_and_closes_with_the_end(opened):
    guest = say(opened)
    page = Client().get(guest).content.decode()
    assert "Boyle" not in page
    assert "this page says from" in page
    now = clock.now()
    Gathering.objects.update(starts_at=now + timedelta(hours=23), ends_at=now + timedelta(hours=25))
    page = Client().get(guest).content.decode()
    assert "ring at Boyle" in page
    assert "Boyle" not in Client().get(door(opened)).content.decode()
    Client().post(guest, {"say": "no"})
    assert "Boyle" not in Client().get(guest).content.decode()
    Client().post(guest, {"say": "yes", "people": "1"})
    over(Gathering.objects.get(), now)
    assert "Boyle" not in Client().get(guest).content.decode()


def test_a_link_taken_back_opens_nothing_and_guests_keep_their_page(opened, rosa):
    old, guest = door(opened), say(opened)
    signed_in(rosa).post(reverse("gathering_link", args=[opened.ref]))
    assert (Client().get(old).status_code, Client().post(old, {"key": "z" * 22}).status_code) == (404, 404)
    assert Client().get(door(Gathering.objects.get())).status_code == 200
    assert Client().get(guest).status_code == 200


def test_closing_it_to_members_again_closes_the_door(opened, rosa, now):
    closed = plan(now, starts_at=opened.starts_at, childcare=True)
    plans.change(by=rosa, gathering=opened, plan=closed, seen=opened.changed_at, now=now)
    assert Client().get(door(opened)).status_code == 404


def test_called_off_or_over_nobody_says_that_they_come(opened, rosa):
    guest = say(opened)
    plans.cancel(by=rosa, gathering=opened, now=clock.now())
    assert "This gathering was called off" in Client().get(door(opened)).content.decode()
    assert "It was called off" in Client().get(guest).content.decode()
    for path in (door(opened), guest):
        assert Client().post(path, {"people": "1", "key": "y" * 22, "say": "yes"}).status_code == 409
    assert Coming.objects.count() == 1


def test_a_line_that_answers_all_the_time_is_told_to_wait(opened, monkeypatch):
    monkeypatch.setattr(links, "FROM_ONE_LINE", 3)
    for number in range(3):
        say(opened, key=f"{number}" * 22)
    answer = Client().post(door(opened), {"people": "1", "key": "x" * 22, "name": "Ida"})
    page = answer.content.decode()
    assert (answer.status_code, Coming.objects.count()) == (429, 3)
    assert "often in a short time" in page
    assert "Ida" in page


def test_a_gathering_takes_so_many_guests_in_an_hour_wherever_they_come_from(opened, monkeypatch):
    monkeypatch.setattr(links, "FOR_ONE_GATHERING", 2)
    for number in range(2):
        say(opened, key=f"{number}" * 22)
    answer = Client(REMOTE_ADDR="198.51.100.7").post(door(opened), {"people": "1", "key": "x" * 22})
    assert answer.status_code == 429


def test_a_guests_page_tells_nothing_of_other_guests(opened):
    say(opened, name="Ida", key="1" * 22)
    other = say(opened, name="Paz", key="2" * 22)
    assert "Ida" not in Client().get(other).content.decode()


def test_a_visitor_reads_it_in_spanish_by_the_clock_of_the_place(opened):
    page = Client().get(door(opened), headers={"Accept-Language": "es"}).content.decode()
    assert "¿Vienes?" in page
    assert "Según tu reloj" not in page
