"""No page is forgotten: every address is photographed, or says why not."""

from commons.gate import every_door
from tests.pictures.pages import EXEMPT, PAGES


def test_every_address_is_photographed_or_says_why_not():
    doors = {door.name or door.route for door in every_door()}
    photographed = {name for name, *_ in PAGES}
    assert doors - photographed - EXEMPT.keys() == set()
    # What exists in a demo alone is no door of this test session.
    assert (photographed | EXEMPT.keys()) - doors <= {"demo_mail", "demo_letter"}
    assert photographed & EXEMPT.keys() == set()
