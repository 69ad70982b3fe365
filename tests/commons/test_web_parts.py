"""What every page is put together from: the road, what waits today, the house's name, refusals beside their field."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from commons.web import context, nav, today
from commons.web.refusal import Refused

pytestmark = [pytest.mark.urls("tests.commons.test_web"), pytest.mark.django_db]
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def empty_road(monkeypatch):
    monkeypatch.setattr(nav, "_stops", {})


def test_the_road_shows_what_concerns_the_person_in_order(empty_road, rf):
    nav.register("Home", "home", order=0)
    nav.register("Speak", "speak", order=20, tempo="fast")
    nav.register("Own", "own", order=10, when=lambda person: person.is_authenticated, beside=True)
    request = rf.get("/speak/louder/")
    request.user = SimpleNamespace(is_authenticated=False)
    assert [(link.label, link.url, link.current) for link in nav.links(request)] == [
        ("Home", "/", False),
        ("Speak", "/speak/", True),
    ]
    request.user.is_authenticated = True
    assert [(link.label, link.tempo, link.beside) for link in nav.links(request)] == [
        ("Home", None, False),
        ("Own", None, True),
        ("Speak", "fast", False),
    ]


def test_home_is_where_one_stands_on_the_first_page_only(empty_road, rf):
    nav.register("Home", "home", order=0)
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    assert [link.current for link in nav.links(request)] == [True]


def test_the_most_urgent_stands_first(monkeypatch):
    monkeypatch.setattr(today, "_sources", [])

    def card(title: str, urgency: int) -> today.Card:
        return today.Card(urgency, "", title, "", "/", "")

    @today.source
    def shifts(person, now):
        yield card(f"shift of {person}", today.TODAY)
        yield card("pledge", today.SOMETIME)

    @today.source
    def calls(person, now):
        return [card(f"call at {now:%H:%M}", today.NOW), card("draw", today.TODAY)]

    today.source(calls)
    assert [one.title for one in today.cards("Alice", NOW)] == ["call at 18:30", "shift of Alice", "draw", "pledge"]


def test_the_house_is_asked_for_only_when_it_is_shown(monkeypatch, rf):
    asked = []

    def neighbourhood():
        asked.append(1)
        return SimpleNamespace(name="Remington")

    monkeypatch.setattr(context, "_neighbourhood", [])
    assert context.house(rf.get("/"))["neighbourhood"] is None
    context.neighbourhood_from(neighbourhood)
    found = context.house(rf.get("/"))
    assert (asked, found["neighbourhood"].name, asked, len(found["nav"])) == ([1], "Remington", [1], 0)


def test_a_refusal_stands_beside_its_field():
    from django import forms

    class Form(forms.Form):
        minutes = forms.IntegerField(required=False)

    for field, place in (("minutes", "minutes"), ("gone", "__all__"), (None, "__all__")):
        form = Form({})
        Refused("Too late.", field=field).show_on(form)
        assert form.errors == {place: ["Too late."]}
    assert (str(Refused("Too late.")), Refused.status) == ("Too late.", 409)
