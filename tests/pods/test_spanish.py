"""A call from end to end for somebody who reads Spanish: the safe line, the alert's mail, and each page of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation

from commons import clock
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Channel
from commons.people.models import Person
from pods.actions.calls import cancel_call
from pods.actions.turn import turn_due
from pods.models import CallEvent
from pods.queries import lines, phrases
from pods.states import Answer, LogWord
from sites.models import Skill
from tests.pods.scenes import asked, link_of, scene, sign_in
from tests.reading import ENGLISH, english_in

NEW_YORK = ZoneInfo("America/New_York")
# 13:30 in New York, a Wednesday.
NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def at(db):
    """A pod in which everybody reads Spanish."""
    at = scene(pod="Nopal")
    Person.objects.update(language="es")
    for person in at.people.values():
        person.refresh_from_db()
    return at


def said(hours, *needs, place="Franklin & 4th"):
    return lines.compose(place, NOW + timedelta(hours=hours), needs, "es", NEW_YORK, NOW)


def test_the_safe_line_says_where_when_and_who():
    interpreter, nurse = lines.Need(Skill(key="interpreter_es"), 1), lines.Need(Skill(key="nurse"), 2)
    anyone, own = lines.Need(None, 1), lines.Need(Skill(key="x", own_name="techos"), 3)
    assert said(0, interpreter, lines.Need(None, 2)) == (
        "Franklin & 4th, ahora. Alguien que interprete español y dos personas."
    )
    assert said(6, anyone) == "Franklin & 4th, esta noche 19:30. Una persona."
    assert said(48, anyone, nurse, own) == (
        "Franklin & 4th, viernes 13:30. Una persona, dos personas de enfermería y tres personas para «techos»."
    )
    assert said(240, anyone) == "Franklin & 4th, 14 de marzo, 14:30. Una persona."
    assert said(20, anyone, place="") == "Mañana 9:30. Una persona. El lugar ya no se guarda."


def test_and_never_meets_a_word_that_begins_with_i():
    """«y intérprete» would have to be «e intérprete»: no phrase begins so."""
    with translation.override("es"):
        said = [phrases.needed(Skill(key=key), count) for key in phrases.SKILLED for count in (1, 2)]
    assert [words for words in said if words.lower().startswith(("i", "hi"))] == []
    assert [words for words in said if ENGLISH.search(words)] == []


def test_lengths_and_distances_of_time():
    with translation.override("es"):
        assert [phrases.lasting(minutes) for minutes in (1, 47, 90, 120)] == ["1 min", "47 min", "1 h 30 min", "2 h"]
        assert phrases.ago(NOW - timedelta(minutes=12), NOW) == "hace 12 minutos"
        assert phrases.within(2.2) == "2 segundos"
    with translation.override("es"), timezone.override(NEW_YORK):
        moments = [NOW + timedelta(hours=hours) for hours in (1, 48, 240)]
        assert [phrases.time_or_day(moment, NOW) for moment in moments] == ["14:30", "vie 13:30", "14 mar, 14:30"]


@pytest.mark.parametrize("word", list(LogWord))
@pytest.mark.parametrize("named", [True, False])
def test_every_line_of_the_log(word, named):
    event = CallEvent(word=word, person=Person(handle="Rosa"), facts={"asked": 2, "rule": "pod", "count": 2})
    with translation.override("es"):
        assert not ENGLISH.search(lines.log_line(event, named=named))


def test_the_alert_s_mail(at, smtp_sink):
    Channel.objects.update(safe_line_in_message=True)
    call = at.raise_call(needed_in=timedelta(0))
    carry_due()
    let_go()
    mail = smtp_sink.to(asked(call)[0].email)[0]
    assert mail["Subject"] == "¿Puedes ayudar?"
    assert mail["Content-Language"] == "es"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert plain.splitlines()[:5] == [
        "Alguien del barrio pide ayuda. Responde, por favor, aunque no puedas.",
        "",
        "Franklin & 4th, ahora. Alguien que interprete español y dos personas.",
        "",
        "Leer y responder",
    ]
    assert english_in(html) == []
    assert not ENGLISH.search(plain.replace(plain.splitlines()[5], ""))


def test_every_mail_of_a_call_that_is_called_off(at, smtp_sink):
    call = at.raise_call(drill=True)
    carry_due()
    cancel_call(by=at["Nuria"], call=call, now=clock.now())
    carry_due()
    let_go()
    bodies = [mail.get_body(("html",)).get_content() for mail in smtp_sink.mails]
    assert {mail["Subject"] for mail in smtp_sink.mails} == {"¿Puedes ayudar?", "Cancelado"}
    assert all("Esto es un simulacro: " in body for body in bodies)
    assert [english_in(body) for body in bodies if english_in(body)] == []


def pages_of(at, call, person):
    """Each page on which this person meets the call, and the first page as a neighbour's browser gets it."""
    browser = sign_in(person)
    yield "/", Client().get("/", headers={"Accept-Language": "es-MX"}).content.decode()
    for path in ("/today/", link_of(call, person), f"/calls/{call.ref}/", f"/pods/{at.pod.ref}/"):
        yield path, browser.get(path).content.decode()


@pytest.mark.parametrize("kind", ["eviction", "medical", "raid"])
def test_no_page_of_a_call_is_left_in_english(at, kind):
    call = at.raise_call(kind=kind, details="")
    person = asked(call)[-1]
    steps = [lambda: None]
    steps += [lambda: at.answer(call, person.handle, Answer.COMING, minutes=20)]
    steps += [lambda: at.answer(call, asked(call)[0].handle, Answer.CANT)]
    steps += [lambda: turn_due(now=clock.now() + timedelta(minutes=20))]
    steps += [lambda: cancel_call(by=at["Nuria"], call=call, now=clock.now())]
    for step in steps:
        step()
        for path, page in pages_of(at, call, person):
            assert 'lang="es"' in page, path
            assert english_in(page) == [], path
