"""Through every door of the house as somebody who reads Spanish, looking and pressing: nothing is left in English."""

import pytest
from django.db import transaction
from django.test import Client

from commons.people.models import Person
from tests.reading import english_in
from tests.security import doors
from tests.security.world import side, signed_in

pytestmark = pytest.mark.django_db
# Stands wherever somebody can write: the words of people are nobody's to translate.
WORDS = "Nopal"
# Shows mail as it was sent, in its readers' languages.
NOT_OURS = {"demo_mail", "demo_letter"}


@pytest.fixture
def here(settings):
    made = side("A", words=WORDS)
    Person.objects.update(language="es")
    return made


def browser_of(here, who):
    browser = Client() if who == "visitor" else signed_in(Person.objects.get(pk=here[who].pk))
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    return browser


def left_in_english(name, way, answer):
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return [(name, way, said) for said in english_in(answer.content.decode())]


@pytest.mark.parametrize("who", ["visitor", "owner", "organizer"])
def test_no_page_is_left_in_english(here, who):
    browser, left = browser_of(here, who), []
    for name in doors.names():
        if name in NOT_OURS:
            continue
        path, cookies = doors.path(name, here), browser.cookies.copy()
        left += left_in_english(name, "GET", browser.get(path))
        if name in doors.FORMS:
            # Strangers send it empty, to be told what is missing; what members pressed says so on the next page.
            form = {} if who == "visitor" else doors.form(name, here)
            with transaction.atomic():
                left += left_in_english(name, "POST", browser.post(path, form, follow=True))
                transaction.set_rollback(True)
            browser.cookies = cookies
    assert not left, "\n".join(map(str, sorted(set(left))))


def test_english_would_be_found(here):
    Person.objects.update(language="en")
    browser = signed_in(Person.objects.get(pk=here["owner"].pk))
    assert all(english_in(browser.get(path).content.decode()) for path in ("/today/", "/settings/", "/rest/"))
