"""Signs of a station in the browser: what they say in which language, words of one's own, the page behind the code."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from commons.paper import press
from commons.web.refusal import Refused
from sites.actions import signs as actions
from sites.models import Sign, SignWords
from sites.models.needs import BUILT_IN_NEEDS
from sites.models.signs import STRUGGLES
from sites.queries import signs as queries
from sites.queries.sign_words import HEADLINES, TIES, USUAL
from sites.states import SignForm
from tests.factories import PersonFactory
from tests.sites.conftest import signed_in
from tests.sites.signs import a_station

pytestmark = pytest.mark.django_db
OWN = {"struggle": "housing", "headline": "Soap for all", "line": "Rent first? No.", "becomes": "Ours."}


@pytest.fixture
def station(now, mina):
    return a_station(now, planned_by=mina)


def said(popup, *spoken, form=SignForm.POSTER):
    return queries.sign_text(queries.popups_with_signs().get(pk=popup.pk), list(spoken), form)


def page(browser, popup, **chosen) -> str:
    return browser.get(f"/popups/{popup.ref}/signs/", chosen).content.decode()


def test_every_built_in_need_has_a_headline_a_struggle_and_every_struggle_a_line():
    assert set(HEADLINES) == set(BUILT_IN_NEEDS)
    assert set(USUAL) <= set(BUILT_IN_NEEDS)
    assert set(TIES) == {key for key, _name in STRUGGLES} >= set(USUAL.values())


def test_a_sign_speaks_both_languages_by_itself(station):
    english, spanish = said(station, "en", "es").sides
    assert (english.headline, english.day, english.hours) == ("Free laundry soap", "Saturdays", "10 a.m. – 1 p.m.")
    assert (spanish.headline, spanish.day, spanish.hours) == (
        "Jabón para lavar, gratis", "Los sábados", "10:00 – 13:00",
    )  # fmt: skip
    assert english.line == "Why does a full week's work not cover a week?"
    assert english.becomes == "A laundry that belongs to those who wash here."
    # Nobody has said it in Spanish yet, and nothing is said in the wrong language.
    assert spanish.becomes == ""
    assert queries.lacking(station, ["en", "es"]) == ["es"]


def test_a_need_in_own_words_is_its_own_headline(now):
    popup = a_station(now, need="fans")
    popup.need.own_name = "fans for hot nights"
    assert queries.sign_text(popup, ["en"]).first.headline == "fans for hot nights"


def test_own_words_stand_where_they_were_said_and_the_struggle_everywhere(station):
    actions.word(popup=station, language="es", **OWN)
    english, spanish = said(station, "en", "es").sides
    assert (spanish.headline, spanish.line, spanish.more, spanish.becomes) == (
        "Soap for all", "Rent first? No.", "", "Ours.",
    )  # fmt: skip
    assert english.headline == "Free laundry soap"
    assert english.line == "A home is for living in, not for trading."


def test_words_taken_away_are_said_as_usual_again(station):
    actions.word(popup=station, language="en", **OWN)
    actions.word(popup=station, language="en", struggle="wages", headline="", line="", becomes="")
    assert said(station, "en").first.headline == "Free laundry soap"
    assert not SignWords.objects.exists()


def test_right_to_left_is_known(station, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    actions.word(popup=station, language="ar", struggle="wages", headline="صابون مجاني", line="", becomes="")
    assert (said(station, "ar").first.direction, said(station, "ar").first.headline) == ("rtl", "صابون مجاني")


# --- who sees, who says ---


def test_members_see_and_print_but_whoever_planned_or_organizes_says(station, as_mina, as_olga):
    other = signed_in(PersonFactory())
    words = f"/popups/{station.ref}/signs/words/en/"
    assert words in page(as_mina, station)
    assert words in page(as_olga, station)
    assert words not in page(other, station)
    assert other.get(words).status_code == 403
    assert Client().get(f"/popups/{station.ref}/signs/").status_code == 302


def test_words_are_kept(station, as_mina):
    answer = as_mina.post(f"/popups/{station.ref}/signs/words/en/", OWN, follow=True)
    assert "What you print from now on says so" in answer.content.decode()
    assert said(station, "en").first.headline == "Soap for all"
    assert "Soap for all" in page(as_mina, station)


def test_a_name_is_asked_about_once_and_nothing_typed_is_lost(station, as_mina):
    typed = {**OWN, "headline": "Ask Rosa Delgado at 410 555 0199"}
    answer = as_mina.post(f"/popups/{station.ref}/signs/words/en/", typed)
    shown = answer.content.decode()
    assert "“410 555 0199” looks like a telephone number." in shown
    assert "Everybody who walks by would read it." in shown
    assert "Ask Rosa Delgado at 410 555 0199" in shown
    assert "Rent first? No." in shown
    assert not Sign.objects.exists()
    as_mina.post(f"/popups/{station.ref}/signs/words/en/", {**typed, "keep": "on"})
    assert said(station, "en").first.headline == typed["headline"]


def test_a_language_nobody_speaks_here_leads_back(station, as_mina):
    assert as_mina.get(f"/popups/{station.ref}/signs/words/xx/").headers["Location"].endswith("/signs/")


def test_nonsense_in_the_address_is_read_as_usual(station, as_mina):
    assert "Free laundry soap" in page(as_mina, station, form="mural", paper="a0", first="xx")


def test_the_page_asks_the_same_whatever_was_said(station, as_mina):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            page(as_mina, station)
        return len(queries_made)

    asked()
    before = asked()
    for language in ("en", "es"):
        actions.word(popup=station, language=language, **OWN)
    assert asked() - before <= 1  # the words, read together


# --- the page behind the code ---


def test_the_code_leads_to_the_neighbourhood_until_the_page_is_shown(station, as_mina, now):
    assert said(station, "en").address == "localhost:8000"
    assert Client().get(f"/here/{station.ref}/").status_code == 404
    as_mina.post(f"/popups/{station.ref}/signs/page/", {"do": "show"})
    assert said(station, "en").address == f"localhost:8000/here/{station.ref}"
    shown = Client().get(f"/here/{station.ref}/").content.decode()
    assert "Free laundry soap" in shown
    assert "Saturdays, 10 a.m. – 1 p.m." in shown
    assert "Suds &amp; Go" in shown
    assert "Mina" not in shown
    as_mina.post(f"/popups/{station.ref}/signs/page/", {"do": "hide"})
    assert Client().get(f"/here/{station.ref}/").status_code == 404


def test_a_visitor_reads_it_in_their_language(station, now):
    actions.show(popup=station, now=now)
    shown = Client().get(f"/here/{station.ref}/", headers={"Accept-Language": "es"}).content.decode()
    assert "Jabón para lavar, gratis" in shown
    assert "Los sábados, 10:00 – 13:00" in shown


def test_a_planned_station_shows_nothing(now, mina):
    popup = a_station(now, planned_by=mina, state="planned", opened_on=None)
    with pytest.raises(Refused):
        actions.show(popup=popup, now=now)
    assert Client().get(f"/here/{popup.ref}/").status_code == 404


def test_a_sign_that_still_hangs_leads_to_a_word_of_farewell(station, now):
    actions.show(popup=station, now=now)
    station.state = "ended"
    station.save()
    shown = Client().get(f"/here/{station.ref}/").content.decode()
    assert "This station has ended" in shown
    assert "Saturdays" not in shown


# --- on paper ---


@pytest.fixture
def lying(station, as_mina):
    return lambda **chosen: as_mina.get(f"/popups/{station.ref}/signs/sign.pdf", chosen)


def test_the_pdf_is_a_file_to_keep(lying, station):
    answer = lying(form="poster", paper="a4", first="en")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="poster-{station.ref}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer.headers["Cache-Control"]


def test_where_no_pdf_can_be_made_the_page_says_what_helps(lying, monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import cffi\ndef none(*_): raise OSError\ncffi.FFI.dlopen = none\n")
    monkeypatch.setattr(press, "ENVIRONMENT", {**press.ENVIRONMENT, "PYTHONPATH": str(tmp_path)})
    press.forget()
    answer = lying(form="poster", paper="a3", first="en", plain="on")
    assert answer.status_code == 503
    assert "sudo apt-get install libpango-1.0-0" in answer.content.decode()
    assert "Free laundry soap" in answer.content.decode()


def test_somebody_who_prints_without_an_end_is_asked_to_wait(lying, monkeypatch):
    monkeypatch.setattr("sites.views.signs.PRINTED_MOST", 2)
    assert [lying(form="poster", first="en").status_code for _ in range(3)] == [200, 200, 429]


def test_the_page_is_in_the_readers_language(station, mina):
    mina.language = "es"
    mina.save()
    shown = page(signed_in(mina), station)
    assert "Carteles" in shown
    assert shown.index("Jabón para lavar, gratis") < shown.index("Free laundry soap")
    assert translation.get_language() == "es"
