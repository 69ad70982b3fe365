"""Inviting across a table: a link is made, shown as a code, and copied where scripts run."""

import pytest

from commons.people.actions.joining import prove_address
from tests.journeys.house import DESKTOP, PHONE
from tests.pods.scenes import scene

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.mark.parametrize("hands", [(PHONE, True), (DESKTOP, False)], ids=["phone", "no-script"], indirect=True)
def test_a_link_is_shown_and_copied(hands, smtp_sink):
    at = scene()
    prove_address(person=at["Rosa"])
    page = hands.open()
    hands.sign_in(page, at["Rosa"].email, smtp_sink.to)
    hands.go(page, "/commons/invitations/")
    hands.tap(page, "Make a link")
    hands.look(page)
    assert page.get_by_role("img", name="Your link as a QR code").is_visible()
    link = page.locator("#link").input_value()
    assert "/join/" in link
    button = page.locator("[data-copies]")
    if not hands.scripts:
        assert not button.is_visible()
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    page.wait_for_function("document.querySelector('[data-copies]').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == link
