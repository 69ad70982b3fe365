"""Changing a station in the browser: who may, what the form keeps, what it says; and the link in the message."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.notices.actions.carry import carry_due, let_go
from sites.actions import popups, shifts
from sites.actions.popups import Said
from sites.models import Popup, SignUp, StageOverride
from sites.states import Role
from tests.factories import PersonFactory
from tests.sites.conftest import signed_in
from tests.sites.stations import DAY, laundry, link_of, need, role, running, willing

pytestmark = pytest.mark.django_db


@pytest.fixture
def popup(mina, now) -> Popup:
    """Mina planned it."""
    return running(now, by=mina)


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(popup: Popup, **other) -> dict:
    """What the form posts when only `other` was changed."""
    popup.refresh_from_db()
    said = {
        "weekday": popup.weekday, "starts": "18:00", "minutes": "120", "leads": "1", "servers_least": "1",
        "servers_most": "3", "greeters_least": "0", "greeters_most": "0", "own_name": "Sits with children",
        "own_least": "0", "own_most": "1", "place": popup.place.ref, "version": popup.version,
    }  # fmt: skip
    return {**said, **other}


def test_the_form_stands_as_the_station_does_and_pressed_unchanged_changes_nothing(as_mina, popup):
    path = f"/popups/{popup.ref}/move/"
    assert path in shown(as_mina, f"/popups/{popup.ref}/")
    text = shown(as_mina, path)
    assert 'value="18:00"' in text
    assert 'value="Sits with children"' in text
    before = list(popup.shifts.values())
    answer = as_mina.post(path, form_of(popup), follow=True)
    assert "Kept." in answer.content.decode()
    assert list(popup.shifts.values()) == before


def test_a_keeper_moves_it_and_whoever_is_on_it_says_by_link_whether_they_can(as_mina, popup, olga, smtp_sink, client):
    shift = popup.shifts.last()
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=olga, now=clock.now())
    path = f"/popups/{popup.ref}/move/"
    assert "1 place is taken in the weeks ahead" in shown(as_mina, path)
    day = (popup.weekday + 1) % 7
    answer = as_mina.post(path, form_of(popup, weekday=day, first=shift.day.isoformat()), follow=True)
    text = answer.content.decode()
    assert "1 week has moved" in text
    assert "1 neighbour is asked whether they can still come." in text
    carry_due()
    let_go()
    [mail] = smtp_sink.mails
    assert (mail["To"], mail["Subject"]) == (olga.email, "Something has changed")
    link = link_of(shift, olga)
    assert link in mail.get_body(("plain",)).get_content()
    text = shown(client, link)
    assert "now. Can you be there?" in text
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert "It has moved: Free detergent is" in shown(signed_in(olga), "/today/")
    assert client.post(link, {"say": "yes", "version": version}).status_code == 302
    text = shown(client, link)
    assert "The day before you are asked once whether it still holds." in text
    # There is nothing to say yes to any more; to say no there is.
    assert 'value="yes"' not in text
    assert 'value="no"' in text
    assert SignUp.objects.get().state == "held"


def test_only_keepers_may(popup):
    stranger = signed_in(PersonFactory())
    path = f"/popups/{popup.ref}/move/"
    assert stranger.get(path).status_code == stranger.post(path, form_of(popup)).status_code == 403
    assert path not in shown(stranger, f"/popups/{popup.ref}/")


@pytest.mark.parametrize(
    "change",
    [
        {"weekday": "7"}, {"starts": "25:00"}, {"minutes": "7"}, {"servers_most": "13"}, {"place": "nowhere"},
        {"first": "2001-01-01"}, {"first": "x"}, {"own_name": "x" * 41}, {"leads": "0"},
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused_and_what_was_typed_is_still_there(as_mina, popup, change):
    before = list(popup.shifts.values())
    answer = as_mina.post(f"/popups/{popup.ref}/move/", form_of(popup, servers_least="2", **change))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Nothing is saved yet." in text
    assert re.search(r'name="servers_least" value="2"', text)
    assert list(popup.shifts.values()) == before


def test_more_at_least_than_at_most_is_a_sentence(as_mina, popup):
    answer = as_mina.post(f"/popups/{popup.ref}/move/", form_of(popup, servers_least="3", servers_most="2"))
    assert answer.status_code == 409
    assert "At least so many can" in answer.content.decode()


def test_another_place_asks_for_its_host_and_only_heard_places_are_offered(as_mina, popup, now):
    heard, unheard = laundry(now, name="Heard"), laundry(now, heard=False, name="Unheard")
    urgent = laundry(now, heard=False, name="Urgent")
    StageOverride.objects.create(place=urgent, reason="It freezes.", made_at=now)
    path = f"/popups/{popup.ref}/move/"
    text = shown(as_mina, path)
    assert heard.ref in text
    assert urgent.ref in text
    assert unheard.ref not in text
    text = as_mina.post(path, form_of(popup, place=heard.ref)).content.decode()
    assert "Ask the host of the other place first." in text
    assert "<details open>" in text
    assert as_mina.post(path, form_of(popup, place=heard.ref, host="agreed")).status_code == 302
    popup.refresh_from_db()
    assert popup.place == heard
    assert "No week has been yet." in shown(as_mina, f"/popups/{popup.ref}/")


def test_what_somebody_else_changed_meanwhile_is_shown_and_a_second_press_is_meant(as_mina, as_olga, popup):
    mine = form_of(popup, starts="17:00")
    as_olga.post(f"/popups/{popup.ref}/move/", form_of(popup, starts="19:00"))
    path = f"/popups/{popup.ref}/move/"
    answer = as_mina.post(path, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "changed this station meanwhile" in text
    assert "19:00–21:00" in text
    assert 'value="17:00"' in text
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    assert as_mina.post(path, {**mine, "version": version}).status_code == 302
    popup.refresh_from_db()
    assert f"{popup.starts:%H:%M}" == "17:00"


def test_words_that_somebody_else_changed_meanwhile_are_not_lost(as_mina, popup):
    popups.change(popup=popup, said=Said("Soap", "Ours"), version=popup.version)
    mine = {"name": "Detergent", "becomes": "Ours alone", "version": popup.version}
    answer = as_mina.post(f"/popups/{popup.ref}/change/", mine)
    assert answer.status_code == 409
    assert "Ours alone" in answer.content.decode()
    popup.refresh_from_db()
    assert popup.name == "Soap"


def test_an_older_page_of_a_shift_that_moved_takes_no_place(as_mina, as_olga, popup, olga):
    shift = popup.shifts.last()
    path = f"/shifts/{shift.ref}/"
    [seen] = set(re.findall(r'name="seen" value="(\d+)"', shown(as_olga, path)))
    as_mina.post(f"/popups/{popup.ref}/move/", form_of(popup, starts="17:00"))
    said = {"role": role(shift, Role.SERVER).pk, "seen": seen}
    assert "has changed meanwhile" in as_olga.post(path + "join/", said, follow=True).content.decode()
    assert not SignUp.objects.exists()
    as_olga.post(path + "join/", {**said, "seen": "1"})
    assert SignUp.objects.get().person == olga


def test_the_form_costs_as_many_statements_for_thirty_as_for_one(as_mina, popup, now):
    def statements() -> int:
        as_mina.get(f"/popups/{popup.ref}/move/")
        with CaptureQueriesContext(connection) as seen:
            assert as_mina.get(f"/popups/{popup.ref}/move/").status_code == 200
        return len(seen)

    need()
    few = statements()
    for number in range(30):
        laundry(now, name=f"Suds {number}")
    shift = popup.shifts.last()
    shift.roles.filter(role="server").update(most=12)
    for person in willing(popup, 12, now):
        shifts.join(shift=shift, role=role(shift, Role.SERVER), person=person, now=now)
    popups.fill_due(now=now + 8 * 7 * DAY)
    assert statements() == few
