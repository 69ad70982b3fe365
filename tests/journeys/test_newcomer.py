"""From an invitation to a seat at the table: joining, sharing a skill, taking a rest."""

import re

import pytest

from commons import clock
from commons.people.actions.invitations import invite
from commons.people.models import Absence, Person
from sites.models import Asset
from tests.journeys.house import DESKTOP, PHONE, text_of, until
from tests.pods.scenes import scene

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.mark.parametrize("hands", [(PHONE, True), (DESKTOP, False)], ids=["phone", "no-script"], indirect=True)
def test_a_newcomer_joins_shares_and_rests(hands, smtp_sink):
    at = scene()
    invitation = invite(by=at["Rosa"], seats=3, language="en", days=14, now=clock.now())
    page = hands.open()
    hands.go(page, f"/join/{invitation.token()}/")
    hands.tap(page, "Join")
    hands.look(page)
    hands.type(page, "#id_username", "Yusuf")
    hands.type(page, "#id_email", "yusuf@example.org")
    hands.tap(page, "Go on")
    hands.look(page)
    mail = until(lambda: smtp_sink.to("yusuf@example.org"), "a code by mail")[0]
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b", text_of(mail))
    assert code is not None
    hands.type(page, "#id_code", code.group())
    page.locator("main .btn.main").first.click()
    page.wait_for_url("**/today/")
    hands.look(page)

    hands.go(page, "/share/")
    hands.type(page, "#id_words", "knitting")
    hands.tap(page, "Put it on my list")
    hands.says(page, "knitting")
    hands.look(page)

    hands.go(page, "/rest/")
    hands.tap(page, "A week")
    hands.says(page, "You are resting")
    hands.look(page)
    yusuf = Person.objects.get(email="yusuf@example.org")
    assert Asset.objects.filter(person=yusuf).exists()
    assert Absence.objects.filter(person=yusuf, days__contains=clock.now().date()).exists()
