"""The map under the fingers: hostile names in its windows, the keyboard, and what stands where nothing runs."""

import pytest

from commons import clock
from commons.people.models import Person
from sites.actions.map_import import import_file
from sites.models import Place
from tests.factories import PersonFactory
from tests.journeys.house import DESKTOP, PHONE
from tests.sites import maps

pytestmark = [pytest.mark.journey, pytest.mark.slow]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MARKUP = """<img src=x onerror="document.title='taken'">'"&amp;<script>document.title='taken'</script>"""
TURNED = "\u202egnp.exe \u2066Laundry\u2069 " + "W" * 90
SPOTS = ".map .leaflet-marker-icon"


def place(name, north, east, kind="library"):
    now = clock.now()
    return Place.objects.create(
        kind=kind, name=name, sort_key=name[:120].lower(), latitude=39.30 + north / 1000,
        longitude=-76.60 + east / 1000, made_at=now, changed_at=now,
    )  # fmt: skip


@pytest.fixture
def streets(site, tmp_path):
    import_file(path=maps.write(tmp_path / "quarter.osm.pbf", maps.EVERYTHING), area=None, now=clock.now())


@pytest.fixture
def look(hands_of, client, site, streets):
    """Opens the map as a member, in a window of some size."""

    def open_map(size):
        hands = hands_of(size, True)
        client.force_login(Person.objects.first() or PersonFactory(handle="Mina"), backend=BACKEND)
        page = hands.open()
        page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        hands.go(page, "/map/")
        page.wait_for_selector(".map.filled .leaflet-tile-loaded")
        return hands, page

    return open_map


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", [MARKUP, TURNED], ids=["markup", "turned"])
def test_a_hostile_name_is_text_in_a_window_opened_by_hand_and_by_keyboard(look, size, name):
    there = place(name, -1.5, 2)
    hands, page = look(size)
    mark = page.locator(f"{SPOTS}.mark").filter(has=page.locator("use[href$='#library']"))
    window = page.locator(".leaflet-popup")

    # By hand; the map moves for the window, asks again, and the window stays.
    mark.click()
    window.locator("b").wait_for()
    page.wait_for_load_state("networkidle")
    assert window.locator("b").text_content() == name
    assert window.locator("img, script").count() == 0
    assert window.get_attribute("aria-label") == name
    wide = window.bounding_box()
    stage = page.locator(".stage").bounding_box()
    assert stage["x"] <= wide["x"]
    assert wide["x"] + wide["width"] <= stage["x"] + stage["width"]
    hands.look(page)

    # Escape closes it, and who went in comes back out where they were.
    page.keyboard.press("Escape")
    window.wait_for(state="detached")
    assert focused(page) == name

    # By keyboard alone: Enter, on to the cross, close, and again to the place itself.
    page.keyboard.press("Enter")
    window.locator("b").wait_for()
    assert focused(page) == "Open"
    page.keyboard.press("Tab")
    assert focused(page) == "Close"
    page.keyboard.press("Enter")
    window.wait_for(state="detached")
    assert focused(page) == name
    page.keyboard.press("Enter")
    window.locator("b").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/places/{there.ref}/")
    assert page.title() != "taken"


def test_the_map_is_walked_through_by_keyboard_and_a_heap_opens_without_losing_the_focus(look):
    for number in range(260):
        place(f"Stop {number}", 2 + number % 20 / 50, 2 + number // 20 / 50, "bus_stop")
    place("The far one", 40, 40)
    hands, page = look(PHONE)
    said = page.locator("#map-said")
    assert said.text_content() == "Places here: 265."
    # What stands alone among heaps is itself.
    heaps = page.locator(".heap").all_text_contents()
    assert "1" not in heaps
    assert heaps
    page.locator(f"{SPOTS}[aria-label='The far one']").wait_for()
    page.locator(".stage").focus()
    for _press in range(6):
        page.keyboard.press("Tab")
        if focused(page).startswith("Places here: 26"):
            break
    closeness = page.evaluate("document.querySelector('.leaflet-control-scale-line').textContent")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('.leaflet-control-scale-line').textContent !== before", arg=closeness
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('.map').contains(document.activeElement)")
    hands.look(page)


def test_what_the_first_look_needs_is_asked_for_once_and_before_leaflet_runs(look, site):
    _hands, page = look(DESKTOP)
    asked = page.evaluate(
        "performance.getEntriesByType('resource').map(one => [new URL(one.name).pathname, one.startTime])"
    )
    paths = [path for path, _at in asked]
    assert len([path for path in paths if path.startswith("/map/streets/")]) == page.locator(".map canvas").count()
    assert paths.count("/map/places/") == 1
    # The form's own script comes when the map is there, and finds for it.
    page.wait_for_function("window.htmx")
    with page.expect_response(lambda one: "/map/?" in one.url):
        page.select_option("#kind", "laundry")
    page.locator("#found").get_by_text("Suds").wait_for()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_where_leaflet_does_not_come_the_picture_stands(hands_of, client, site, streets, size):
    hands = hands_of(size, True)
    client.force_login(PersonFactory(handle="Mina"), backend=BACKEND)
    page = hands.open()
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
    page.route("**/leaflet.js", lambda route: route.fulfill(status=200, body="", content_type="text/javascript"))
    page.goto(site + "/map/")
    page.locator("svg.still").wait_for()
    assert page.locator(".spot").count() == 4
    page.wait_for_function("window.htmx")
    page.goto(site + "/places/new/")
    page.locator("#id_position").wait_for()
    page.locator("#map").wait_for(state="hidden")
