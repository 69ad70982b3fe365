"""Gatherings in the browser: found, announced, answered, changed, called off, printed."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons.gatherings.models import Coming, Gathering
from commons.gatherings.states import Kind
from tests.factories import PersonFactory
from tests.gatherings.conftest import over, signed_in

pytestmark = pytest.mark.django_db


def form(**fields):
    day = fields.pop("day", "2027-06-04")
    return {
        "kind": "assembly", "title": "Autumn assembly", "purpose": "", "on_date": day, "at_time": "18:30",
        "minutes": "120", "place": "School on Oak", "agenda": "10 Welcome\n60 Proposals",
        "open_to": "members", **fields,
    }  # fmt: skip


def test_every_kind_leads_to_a_form_with_its_agenda(now, rosa):
    browser = signed_in(rosa)
    page = browser.get("/gatherings/new/").content.decode()
    for kind in Kind:
        assert f"?kind={kind.value}" in page
        assert browser.get("/gatherings/new/", {"kind": kind.value}).status_code == 200
    assert "10 Welcome, food, names or none" in browser.get("/gatherings/new/?kind=asset_mapping").content.decode()


def test_a_gathering_is_announced_by_the_wall_clock_of_the_place(now, rosa):
    answer = signed_in(rosa).post("/gatherings/new/", form())
    made = Gathering.objects.get()
    assert answer.headers["Location"] == reverse("gathering", args=[made.ref])
    assert made.starts_at.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") == "18:30"
    assert (made.minutes, made.agenda, made.host) == (120, [[10, "Welcome"], [60, "Proposals"]], rosa)
    page = signed_in(rosa).get(answer.headers["Location"]).content.decode()
    assert "Friday, June 4, 2027" in page
    assert "18:30 to 20:30" in page
    assert "18:40" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "2020-01-01"}, "That moment has passed"),
        ({"day": "2999-01-01"}, "more than a year and a half"),
        ({"minutes": "5"}, "greater than or equal to 15"),
        ({"agenda": "Welcome"}, "Each line begins with its minutes"),
        ({"agenda": "200 Talking"}, "longer than the gathering lasts"),
        ({"title": "Ask Rosa"}, "is what a member goes by"),
        ({"place": "12 Mill Row"}, "looks like a house number"),
        ({"day": "2027-03-14", "at_time": "02:30"}, "there is no such time"),
    ],
)
def test_what_can_not_be_is_said_beside_its_field_and_nothing_typed_is_lost(now, rosa, fields, said):
    answer = signed_in(rosa).post("/gatherings/new/", form(**fields))
    page = answer.content.decode()
    assert answer.status_code in (200, 409)
    assert said in page
    assert "School on Oak" in page or "place" in fields
    assert not Gathering.objects.exists()


def test_what_looks_like_a_name_can_be_kept(now, rosa):
    signed_in(rosa).post("/gatherings/new/", form(place="12 Mill Row", keep="on"))
    assert Gathering.objects.get().place == "12 Mill Row"


def test_lists_show_what_is_to_come_mine_and_past_in_a_fixed_number_of_queries(hold, rosa, amal, now):
    browser = signed_in(amal)
    hold(title="First one")

    def look(show: str) -> tuple[int, str]:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page = browser.get("/gatherings/", {"show": show}).content.decode()
        return len(seen), page

    browser.get("/gatherings/")
    few = {show: look(show)[0] for show in ("coming",)}
    for number in range(14):
        hold(title=f"Another {number}", starts_at=now + timedelta(days=4, hours=number))
    other = PersonFactory()
    for number in range(15):
        over(hold(by=other, title=f"Old {number}"), now, timedelta(days=number + 1))
    assert look("coming")[0] == few["coming"]
    past = look("past")
    assert past[0] == few["coming"]
    assert "Old 3" in past[1]
    assert "Another 3" not in past[1]
    assert "You have said yes to none" in look("mine")[1]
    browser.post(reverse("gathering_come", args=[Gathering.objects.get(title="First one").ref]), {"say": "yes"})
    mine = look("mine")[1]
    assert "First one" in mine
    assert "Another 3" not in mine


def test_one_tap_says_that_one_comes_and_the_address_opens(gathering, amal):
    browser, path = signed_in(amal), reverse("gathering", args=[gathering.ref])
    assert "ring at Boyle" not in browser.get(path).content.decode()
    assert browser.post(reverse("gathering_come", args=[gathering.ref]), {"say": "yes"}).headers["Location"] == path
    page = browser.get(path).content.decode()
    assert "ring at Boyle" in page
    assert "talk.example" in page
    assert "1 person comes so far" in page
    browser.post(reverse("gathering_come", args=[gathering.ref]), {"say": "no"})
    assert "ring at Boyle" not in browser.get(path).content.decode()
    assert Coming.objects.get().said == "no"


def test_members_read_numbers_and_the_host_reads_names(gathering, amal, rosa):
    signed_in(amal).post(
        reverse("gathering_come", args=[gathering.ref]),
        {"say": "yes", "people": "3", "needs": ["step_free"], "note": "A table by the door", "language": "es"},
    )
    member = signed_in(PersonFactory())
    page = member.get(reverse("gathering", args=[gathering.ref])).content.decode()
    assert "3 people come so far" in page
    assert "Amal" not in page
    assert member.get(reverse("gathering_who", args=[gathering.ref])).status_code == 403
    who = signed_in(rosa).get(reverse("gathering_who", args=[gathering.ref])).content.decode()
    assert "Amal" in who
    assert "A table by the door" in who
    assert "no steps" in who
    assert "Spanish" in who


def test_only_who_holds_it_and_organizers_change_it(gathering, amal, rosa, olga):
    path = reverse("gathering_change", args=[gathering.ref])
    assert [signed_in(one).get(path).status_code for one in (amal, rosa, olga)] == [403, 200, 200]
    assert Client().get(path).status_code == 302


def test_a_change_keeps_what_was_not_touched(gathering, rosa):
    browser, path = signed_in(rosa), reverse("gathering_change", args=[gathering.ref])
    seen = gathering.changed_at.isoformat()
    said = form(
        kind="asset_mapping", title="Another title", place=gathering.place, address=gathering.address, seen=seen
    )
    assert browser.post(path, said).status_code == 302
    after = Gathering.objects.get()
    assert (after.title, after.address, after.sequence) == ("Another title", "12 Mill Row, ring at Boyle", 1)
    answer = browser.post(path, said)
    assert (answer.status_code, "Somebody changed this gathering meanwhile" in answer.content.decode()) == (409, True)


def test_the_sheet_names_nobody_and_no_exact_address(gathering, amal):
    signed_in(amal).post(reverse("gathering_come", args=[gathering.ref]), {"say": "yes"})
    page = signed_in(amal).get(reverse("gathering_sheet", args=[gathering.ref])).content.decode()
    sheet = page.partition("<main")[2].partition("</main>")[0]
    assert "Nobody signs in" in sheet
    assert "Boyle" not in sheet
    assert "Rosa" not in sheet
    assert "Amal" not in sheet
