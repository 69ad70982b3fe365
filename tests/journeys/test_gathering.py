"""An asset evening from the first page of the kit to a drill that came back, as its people see it."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.utils import translation
from django.utils.translation import gettext

from commons import clock
from commons.gatherings.models import Gathering
from commons.people.actions.joining import prove_address
from sites.actions.assets import live_on
from sites.models import Ask, Asset
from tests.factories import BlockFactory, organizer
from tests.journeys.house import DESKTOP, PHONE, link_in, text_of, until
from tests.pods.scenes import scene
from tests.pods.scenes import sign_in as signed_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]

# What stood on the cards: whose, of which kind, what, when not, and who may see it.
CARDS = (
    ("Nuria", "tool", "Cordless drill", "not nights", "network"),
    ("", "space", "Garage with a bench", "", "network"),
    ("Terrence", "tool", "Tall ladder", "", "network"),
    ("Amina", "skill", "sewing", "", "network"),
)
ON_A_CARD = (
    *("I can share", "relationship", "When not, or how much", "not with police present", "Who may see it?"),
    *("every member", "The name I go by", "My e-mail, if I am new here"),
)
HIDDEN = ("Nuria", "Terrence", "Amina", "Odile", "drill", "Garage", "Bell: Ortega", "Four shelves")


@pytest.fixture
def at(site):
    """Seven neighbours on three blocks; Rosa organizes. Nobody has put anything on the map but a language."""
    at = scene()
    organizer(at["Rosa"], now=at.now)
    prove_address(person=at["Rosa"])
    Asset.objects.update(offered_at=at.now - timedelta(days=30))
    # Nuria lives around the corner from Wei, Amina two and a half kilometres away.
    near, far = (BlockFactory(name=name, latitude=north) for name, north in (("Orchard", "39.304"), ("Far", "39.324")))
    live_on(person=at["Nuria"], block=near)
    live_on(person=at["Amina"], block=far)
    return at


@pytest.fixture(params=[(PHONE, True), (DESKTOP, False)], ids=["phone", "desktop-no-script"])
def size(request):
    return request.param


def announce(hands, page):
    """From what neighbours share to the page of the evening."""
    hands.go(page, "/assets/")
    hands.follow(page, "Open the kit")
    hands.follow(page, "Plan an asset evening")
    assert page.locator("#id_title").input_value() == "What we can share"
    hands.type(page, "#id_place", "Church hall on Mill Row")
    hands.type(page, "#id_address", "Side door on Vine. Bell: Ortega")
    hands.choose(page, "input[name=open_to][value=link]")
    hands.tap(page, "Announce it")
    hands.look(page)
    return Gathering.objects.get()


def cards_on_paper(hands, page):
    """Print the cards as the browser prints them, and read every line of them back from the paper."""
    hands.follow(page, "Cards to print")
    for paper, language in (("A4", "es"), ("Letter", "en")):
        hands.pick(page, "#language", language)
        hands.tap(page, "Show them")
        sheet = pypdfium2.PdfDocument(BytesIO(page.pdf(format=paper)))
        [words] = [" ".join(one.get_textpage().get_text_range().split()) for one in sheet]
        with translation.override(language):
            lines = [gettext(line) for line in ON_A_CARD]
        assert {line: words.count(line) for line in lines} == dict.fromkeys(lines, 8)
        assert "Sheets" not in words, "what is pressed on the screen is not on the paper"


def come_as_guest(hands, link):
    """Say behind the link that two come; return the guest's own page."""
    page = hands.open()
    hands.go(page, link)
    assert "Ortega" not in page.content()
    hands.type(page, "#id_name", "Odile")
    hands.type(page, "#id_people", "2")
    hands.tap(page, "I come")
    hands.says(page, "You are expected")
    hands.look(page)
    assert "Ortega" not in page.content(), "where exactly, a guest reads a day before"
    return page


def type_in(hands, page):
    """One card a row, and enter them."""
    hands.follow(page, "Type the cards in")
    hands.tap(page, "Type in a stack")
    page.wait_for_url("**/stacks/*/")
    for number, card in enumerate(CARDS):
        for name, said in zip(("who", "kind", "what", "limits", "seen"), card, strict=True):
            field = page.locator(f"[name={name}]").nth(number)
            (field.select_option if name in ("kind", "seen") else field.fill)(said)
    hands.tap(page, "Keep, check, more rows")
    hands.says(page, "goes on the list of Terrence")
    hands.look(page)
    hands.tap(page, "Enter 4 cards")
    hands.says(page, "4 cards are entered")


def press_link(hands, mail, words):
    """Open the link in a mail, where nobody is signed in, and press one button."""
    page = hands.open()
    hands.go(page, link_in(mail))
    hands.tap(page, words)
    hands.says(page, "Thank you")
    page.context.close()


def find(hands, page, **wanted):
    """Look through the asset map; return what it says."""
    page.goto(f"{hands.site}/assets/")
    for name, said in wanted.items():
        (hands.type if name == "q" else hands.pick)(page, f"#id_{name}", said)
    hands.tap(page, "Find")
    return page.locator("main").inner_text()


def test_what_neighbours_share_from_paper_to_the_map(hands_of, size, at, smtp_sink):
    hands = hands_of(*size)

    def open_as(name):
        page = hands.open()
        cookie = signed_in(at[name]).cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": cookie, "url": hands.site}])
        hands.go(page, "/today/")
        return page

    def mail_to(name, number=0):
        return until(lambda: smtp_sink.to(at[name].email)[number:], f"{name} gets a mail")[0]

    # Rosa calls the evening, prints the cards, and holds a code in front of a guest's camera.
    rosa = hands.open()
    hands.sign_in(rosa, at["Rosa"].email, smtp_sink.to)
    evening = announce(hands, rosa)
    cards_on_paper(hands, rosa)
    hands.go(rosa, f"/gatherings/{evening.ref}/link/")
    link = rosa.locator("#link").input_value()
    guest = come_as_guest(hands, link)
    hands.go(rosa, f"/gatherings/{evening.ref}/who/")
    hands.says(rosa, "Odile")

    # The evening goes by. Rosa types in what hangs on the wall; everybody whose card it is hears of it.
    began = clock.now() - timedelta(hours=3)
    Gathering.objects.update(starts_at=began, ends_at=began + timedelta(hours=2))
    hands.go(rosa, f"/gatherings/{evening.ref}/")
    type_in(hands, rosa)
    for name in ("Nuria", "Terrence", "Amina"):
        assert not {"drill", "ladder", "sewing"} & set(text_of(mail_to(name)).lower().split())
    press_link(hands, mail_to("Terrence"), "Take it out")
    press_link(hands, mail_to("Amina"), "Yes, that is mine")
    press_link(hands, mail_to("Nuria"), "All of it is mine")
    assert {str(one) for one in Asset.objects.filter(stack__isnull=False, pending_until=None)} == {
        *("Cordless drill", "Garage with a bench", "sewing"),
    }

    # Wei finds it: by a word, by its kind, close by.
    wei = open_as("Wei")
    assert "Cordless drill" in find(hands, wei, q="drill")
    hands.look(wei)
    hands.follow(wei, "Choose my block")
    hands.pick(wei, "#id_block", str(at.pod.block_id))
    hands.tap(wei, "Keep")
    said = find(hands, wei, kind="tool")
    assert "Cordless drill" in said
    assert "Tall ladder" not in said, "taken out is gone"
    said = find(hands, wei, reach="1000")
    assert "Garage with a bench" in said
    assert "Sewing" not in said, "two and a half kilometres are not near"

    # Wei asks for the drill; Nuria says yes, hands it over, and has it back.
    hands.follow(wei, "Cordless drill")
    hands.type(wei, "#id_text", "Four shelves on Saturday")
    hands.type(wei, "#id_until", (clock.now() + timedelta(days=5)).date().isoformat())
    hands.tap(wei, "Ask")
    hands.look(wei)
    nuria = open_as("Nuria")
    hands.follow(nuria, "Have a look")
    for words in ("Yes", "It was handed over", "It came back"):
        hands.tap(nuria, words)
    hands.look(nuria)
    assert Ask.objects.get().state == "back"

    # What came of it.
    rosa.goto(f"{hands.site}/gatherings/{evening.ref}/")
    hands.follow(rosa, "Write it down")
    hands.type(rosa, "#id_came", "14")
    hands.type(rosa, "#id_outcome", "A shelf of tools that everybody may use")
    hands.tap(rosa, "Keep")
    hands.go(wei, f"/gatherings/{evening.ref}/")
    for words in ("3\nthings put on the map", "14\npeople came", "A shelf of tools that everybody may use"):
        hands.says(wei, words)

    # A visitor sees no name, no note, no point.
    visitor = hands.open()
    for path in ("/", "/map/", link):
        hands.go(visitor, path)
        assert not [word for word in HIDDEN if word in visitor.content()], path
    for path in (
        "/assets/",
        f"/assets/{Asset.objects.get(title='Cordless drill').ref}/",
        f"/gatherings/{evening.ref}/",
    ):
        visitor.goto(hands.site + path)
        assert "/sign-in/" in visitor.url
    guest.reload()
    hands.says(guest, "This gathering is over.")
