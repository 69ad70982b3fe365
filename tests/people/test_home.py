"""The first page, today, the commons and the table of access."""

from datetime import datetime

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from commons import gate
from commons.people.models import Person
from commons.web import today
from commons.web.today import NOW, SOMETIME, Card

MEMBERS_PAGES = ["today", "commons", "who_may", "organizers", "invitations", "sign_out_everywhere"]


def test_an_empty_database_says_how_to_begin(client, db):
    page = client.get(reverse("home")).content.decode()
    assert "manage.py found" in page


def test_visitors_learn_whose_house_this_is(client, neighbourhood):
    page = client.get(reverse("home")).content.decode()
    assert "Mill Row" in page
    assert "Ask a member for an invitation link" in page
    assert reverse("account_login") in page


def test_members_go_on_to_today(as_ana):
    assert as_ana.get(reverse("home")).url == reverse("today")


@pytest.mark.parametrize("name", MEMBERS_PAGES)
def test_visitors_are_asked_to_sign_in(client, neighbourhood, name):
    answer = client.get(reverse(name))
    assert answer.url == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize("name", MEMBERS_PAGES)
def test_members_pages_are_not_kept_by_the_browser(as_ana, name):
    answer = as_ana.get(reverse(name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_waiting_is_a_good_day(as_ana, monkeypatch):
    monkeypatch.setattr(today, "_sources", [])
    page = as_ana.get(reverse("today")).content.decode()
    assert "Nothing waits for you. A good day." in page
    assert reverse("invitations") in page


def test_what_is_most_urgent_stands_first(as_ana, ana, monkeypatch):
    def some(person: Person, now: datetime) -> list[Card]:
        assert person == ana
        return [
            Card(SOMETIME, "Rest", "A pause", "You came often.", "/rest/", "Rest"),
            Card(NOW, "Call", "Somebody calls", "Corner of Elm.", "/calls/x/", "Answer", "fast"),
        ]

    monkeypatch.setattr(today, "_sources", [some])
    page = as_ana.get(reverse("today")).content.decode()
    assert page.index("Somebody calls") < page.index("A pause")
    assert "Nothing waits" not in page


def test_the_table_of_access_is_printed_whole(as_ana):
    page = as_ana.get(reverse("who_may")).content.decode()
    for table in gate.tables():
        assert str(apps.get_app_config(table.app).verbose_name) in page
        for permission in table:
            assert str(permission.what).split("'")[0] in page


def test_somebody_excluded_is_out_at_once(as_ana, ana):
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    assert as_ana.get(reverse("today")).status_code == 302


def test_pages_load_no_personal_thing_of_others(as_ana, member):
    member(handle="Zed the hidden", email="zed@example.org")
    for name in MEMBERS_PAGES:
        page = as_ana.get(reverse(name)).content.decode()
        assert "zed@example.org" not in page


def test_the_language_of_the_browser_is_spoken_to_visitors(neighbourhood):
    page = Client(headers={"accept-language": "es"}).get(reverse("home"))
    assert page.headers["Content-Language"] == "es"
