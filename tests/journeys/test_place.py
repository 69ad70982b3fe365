"""A laundry from the map file to the shift that was kept, as its people see it."""

from datetime import timedelta

import pypdfium2
import pytest
from django.db.models import F

from commons import clock
from commons.people.actions.joining import prove_address
from sites.actions.imports import import_next
from sites.actions.shift_turn import turn_due
from sites.models import Backdrop, ListeningRound, Place, PlaceImport, Popup, Shift, Visit
from tests.factories import organizer
from tests.journeys.house import DESKTOP, PHONE, link_in, text_of, until
from tests.pods.scenes import scene
from tests.sites import maps

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def at(site):
    """Seven neighbours; Rosa organizes. No place is known yet."""
    at = scene()
    organizer(at["Rosa"], now=at.now)
    for name in ("Rosa", "Nuria", "Terrence", "Wei"):
        prove_address(person=at[name])
    return at


@pytest.fixture(params=[(PHONE, True), (DESKTOP, False)], ids=["phone", "desktop-no-script"])
def size(request):
    return request.param


def import_a_map(hands, page, path):
    """From the file to the list of places."""
    hands.go(page, "/places/imports/")
    page.set_input_files("input[type=file]", path)
    hands.tap(page, "Import")
    page.wait_for_url("**/places/imports/*/")
    hands.look(page)
    assert import_next(now=clock.now())
    one = PlaceImport.objects.get()
    assert one.state == "done", one.problem
    hands.go(page, f"/places/imports/{one.ref}/")
    hands.says(page, "Laundry")
    assert Backdrop.objects.filter(kind="street").exists()


def score(hands, page, place, **marks):
    """Three marks and no word."""
    hands.go(page, f"/places/{place.ref}/score/")
    for name, mark in marks.items():
        hands.choose(page, f"input[name={name}][value='{mark}']")
    hands.tap(page, "Keep my card")
    page.wait_for_url(f"**/places/{place.ref}/**")


def visit(hands, page, of, need):
    """A visit on which somebody names a need."""
    hands.go(page, f"/listening/{of.ref}/visit/")
    hands.choose(page, f"input[name=needs][value={need}]")
    hands.tap(page, "Keep")
    page.wait_for_url("**/visits/*/")
    hands.look(page)


def listen(hands, nuria, terrence, place):
    """A week by two of them."""
    hands.go(nuria, f"/places/{place.ref}/popup/")
    hands.says(nuria, "Listening comes first.")
    hands.go(nuria, f"/places/{place.ref}/listen/")
    hands.tap(nuria, "Begin to listen")
    hands.go(terrence, f"/places/{place.ref}/listen/")
    hands.tap(terrence, "Ask to listen along")
    of = ListeningRound.objects.get()
    hands.go(nuria, f"/listening/{of.ref}/")
    hands.tap(nuria, "Yes, come along")
    visit(hands, nuria, of, "detergent")
    # A week goes by.
    week = timedelta(days=6)
    ListeningRound.objects.update(begun_at=F("begun_at") - week, closes_at=F("closes_at") - week)
    Visit.objects.update(day=F("day") - week)
    visit(hands, terrence, of, "detergent")
    hands.go(terrence, f"/listening/{of.ref}/")
    hands.says(terrence, "a pop-up can start")


def plan(hands, page, place):
    """A station that meets the need which was named, opened at once: its host agreed."""
    hands.go(page, f"/places/{place.ref}/popup/")
    hands.pick(page, "#id_need", "detergent")
    hands.type(page, "#id_name", "Free detergent")
    hands.type(page, "#id_becomes", "A laundry of our own, run by those who wash there")
    # Whoever comes in on the last day is asked for nothing more, so the first shift is not the one of tomorrow.
    hands.pick(page, "#id_weekday", str((clock.now() + timedelta(days=3)).weekday()))
    hands.type(page, "#id_supplies", "Detergent\nA kettle")
    hands.tap(page, "Plan it")
    page.wait_for_url("**/popups/*/")
    hands.choose(page, "input[name=host][value=agreed]")
    hands.tap(page, "Open it")
    hands.look(page)
    return Popup.objects.get()


def press_link(hands, mail, words, says):
    """Open the link in a mail, where nobody is signed in, and answer."""
    page = hands.open()
    hands.go(page, link_in(mail))
    hands.tap(page, words)
    hands.says(page, says)
    hands.look(page)
    page.context.close()


def test_a_place_is_found_listened_to_and_served(hands_of, size, at, smtp_sink, tmp_path):
    hands = hands_of(*size)

    def open_as(name):
        page = hands.open()
        hands.sign_in(page, at[name].email, smtp_sink.to)
        return page

    def mail_to(name, number):
        return until(lambda: smtp_sink.to(at[name].email)[number:], f"{name} gets a mail")[0]

    # Rosa brings the map; two neighbours say how it is there.
    rosa, nuria, terrence = (open_as(name) for name in ("Rosa", "Nuria", "Terrence"))
    import_a_map(hands, rosa, maps.write(tmp_path / "quarter.osm.pbf", maps.EVERYTHING))
    laundry = Place.objects.get(kind="laundry")
    hands.go(nuria, "/map/")
    hands.says(nuria, "Suds")
    score(hands, nuria, laundry, density=5, softness=4, clarity=4)
    score(hands, terrence, laundry, density=4, softness=3, clarity=5)
    hands.go(nuria, "/places/ranked/")
    hands.says(nuria, "Suds")
    hands.look(nuria)

    # They listen for a week, then they offer what was asked for.
    listen(hands, nuria, terrence, laundry)
    popup = plan(hands, nuria, laundry)
    first = Shift.objects.filter(popup=popup).earliest("starts_at")
    hands.go(nuria, f"/shifts/{first.ref}/")
    hands.tap(nuria, "I'm in: shift lead")
    hands.go(terrence, f"/popups/{popup.ref}/")
    hands.taps = 0
    hands.tap(terrence, "I'm in: server")
    assert hands.taps == 1
    wei = open_as("Wei")
    hands.go(wei, f"/popups/{popup.ref}/")
    hands.tap(wei, "You may ask me")

    # A day before: Nuria confirms, Terrence can't, Wei stands in.
    soon, now = timedelta(hours=20), clock.now()
    Shift.objects.filter(pk=first.pk).update(
        starts_at=now + soon, ends_at=now + soon + timedelta(hours=2), next_due_at=now
    )
    turn_due(now=clock.now())
    for name in ("Nuria", "Terrence"):
        assert "Suds" not in text_of(mail_to(name, 1)) + mail_to(name, 1)["Subject"]
    press_link(hands, mail_to("Nuria", 1), "I'll be there", "You are counted on")
    press_link(hands, mail_to("Terrence", 1), "I can't after all", "You can't this time")
    turn_due(now=clock.now())
    press_link(hands, mail_to("Wei", 1), "I stand in", "You are counted on")

    # It was kept.
    Shift.objects.filter(pk=first.pk).update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    hands.go(nuria, f"/shifts/{first.ref}/check-in/")
    for box in nuria.locator("input[name=came]").all():
        box.check(force=True)
    hands.type(nuria, "#id_helped", "14")
    hands.tap(nuria, "Write it down")
    first.refresh_from_db()
    assert (first.state, first.helped) == ("kept", 14)
    hands.go(nuria, f"/popups/{popup.ref}/")
    hands.look(nuria)

    # The poster says what is given, and when.
    hands.go(nuria, f"/popups/{popup.ref}/signs/")
    hands.look(nuria)
    asked = "form=poster&paper=A4&first=en&second=es"
    poster = nuria.request.get(f"{hands.site}/popups/{popup.ref}/signs/sign.pdf?{asked}")
    assert (poster.status, poster.headers["content-type"]) == (200, "application/pdf")
    sheet = pypdfium2.PdfDocument(poster.body())
    assert len(sheet) == 1
    said = sheet[0].get_textpage().get_text_range()
    assert all(words in said for words in ("Free laundry soap", "Jabón para lavar, gratis", "6 p.m. – 8 p.m.", "18:00"))

    # A visitor sees no point, no name and no note.
    visitor = hands.open()
    hands.go(visitor, "/map/")
    words = visitor.content()
    for hidden in ("Suds", "Nuria", "detergent", laundry.ref, popup.ref):
        assert hidden not in words
    for path in (f"/places/{laundry.ref}/", f"/popups/{popup.ref}/", f"/shifts/{first.ref}/"):
        visitor.goto(hands.site + path)
        assert "/sign-in/" in visitor.url
