"""The map: its answers with 1,000 places and with 100,000, and what a telephone loads at its first look."""

import os
import time
from pathlib import Path
from typing import Any

from tests.bench.figures import median
from tests.bench.load import Line, request
from tests.drills.house import House
from tests.drills.web import Browser

FEW, MANY, LOOKS = 1_000, 100_000, 15
# A telephone that is not new, on a network that is not quick.
SLOWER, BYTES_A_SECOND, LATENCY_MS = 4, 200_000, 150
# A browser that was started this moment is busy with itself; a telephone's has been open for days.
FIRST_LOOKS, SETTLES = 5, 2.0
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NEAR = "/map/places/?box=39.3000,-76.6300,39.3040,-76.6240"


def map_places(house: House) -> list[str]:
    """Ask for the map, its places and the list, with few and then with very many, in the same gunicorn."""
    from commons.people.models import Person

    _lay(0, FEW)
    house.start_web()
    port = house.web_port
    person = Person.objects.order_by("id")[0]
    browser = Browser(port, person.pk)
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    few = _ask(port, cookie, person)
    _lay(FEW, MANY)
    many = _ask(port, cookie, person)
    lines, worst = [], 0.0
    for path, (seconds, statements, size) in many.items():
        before = few[path]
        ratio = seconds / before[0]
        worst = max(worst, ratio)
        lines.append(
            f"# map_places: {path} {1000 * before[0]:.1f} ms and {1000 * seconds:.1f} ms, ×{ratio:.2f}; "
            f"sql {before[1]} and {statements}; {size / 1024:.1f} KB"
        )
    same = max(now[1] - few[path][1] for path, now in many.items())
    return [*lines, f"measure=map_places worst_ratio={worst:.2f} more_sql={same}"]


def _ask(port: int, cookie: str, person: Any) -> dict[str, tuple[float, int, int]]:
    """Return for each address how long it takes, how many statements, and how many bytes."""
    from sites.models import Place

    last = Place.objects.standing().order_by("-sort_key")[60]
    paths = [
        "/map/", "/map/places/", NEAR, "/map/places/?kind=library", "/map/places/?q=zebra", "/places/",
        f"/places/?after={last.ref}", "/places/?q=zebra", "/places/?kind=library&q=place",
    ]  # fmt: skip
    line, found = Line(port), {}
    for path in paths:
        times, size = [], 0
        for look in range(LOOKS + 2):
            began = time.monotonic()
            status, body = line.ask(request("GET", path, port, Cookie=cookie))
            assert status == 200, (path, status)
            if look > 1:  # the first looks warm up
                times.append(time.monotonic() - began)
            size = len(body)
        found[path.replace(last.ref, "…")] = (median(times), _statements(path, person), size)
    return found


def _statements(path: str, person: Any) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as said:
        assert client.get(path).status_code == 200
    return len(said)


# One statement: in many, each batch would leave behind the counts of the map as they were before it.
_FILL = """
INSERT INTO casserole_sites_place
    (ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id, edited, made_at, changed_at)
SELECT lpad(n::text, 10, '0'), (%(kinds)s::text[])[1 + n %% %(of)s], name, lower(name),
    39.25 + n * 7919 %% 100003 / 1000030.0, -76.70 + n * 104729 %% 99991 / 999910.0, 'node', n + 1, '{}', now(), now()
FROM generate_series(%(start)s::bigint, %(end)s::bigint - 1) AS n,
    LATERAL (SELECT CASE n %% 997 WHEN 5 THEN 'Zebra House ' ELSE 'Place ' END || n) AS called (name)
"""


def _lay(start: int, end: int) -> None:
    """Put places on the map, evenly over the same square, every thousandth or so a zebra."""
    from django.db import connection

    from sites.states import PlaceKind

    kinds = [kind.value for kind in PlaceKind]
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"kinds": kinds, "of": len(kinds), "start": start, "end": end})
        cursor.execute("VACUUM ANALYZE casserole_sites_place, casserole_sites_mapcell")


def map_first_view(house: House) -> list[str]:
    """Open the map of a real extract (MAP=file) on a slow telephone: what is loaded, and when it can be used."""
    from django.core.management import call_command

    extract = os.environ.get("MAP", "")
    if not extract or not Path(CHROMIUM).exists():
        return ["# map_first_view: needs MAP=extract.osm.pbf and a Chromium"]
    from commons.people.models import Person

    with Path(os.devnull).open("w") as nowhere:
        call_command("import_places", extract, stdout=nowhere, stderr=nowhere)
    house.start_web()
    cookies = Browser(house.web_port, Person.objects.order_by("id")[0].pk).cookies
    site = f"http://localhost:{house.web_port}"
    _open(site, cookies)  # the server draws its first tiles
    looks = [_open(site, cookies) for _look in range(FIRST_LOOKS)]
    seconds, sizes = sorted(look[0] for look in looks), looks[0][1]
    parts = ", ".join(f"{name} {size / 1024:.0f}" for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:8])
    return [
        f"# map_first_view: {parts} KB",
        f"# map_first_view: {FIRST_LOOKS} looks, usable after " + ", ".join(f"{one:.2f}" for one in seconds) + " s",
        f"measure=map_first_view kb={sum(sizes.values()) / 1024:.1f} usable_seconds={median(seconds):.2f}",
    ]


def _open(site: str, cookies: dict[str, str]) -> tuple[float, dict[str, int]]:
    """Return the seconds until places stand on the streets, and the bytes on the wire by part."""
    from playwright.sync_api import sync_playwright

    sizes: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        page = context.new_page()
        tools = context.new_cdp_session(page)
        addresses: dict[str, str] = {}
        tools.on(
            "Network.responseReceived", lambda said: addresses.update({said["requestId"]: said["response"]["url"]})
        )

        def count(said: dict[str, Any]) -> None:
            name = addresses.get(said["requestId"], "").removeprefix(site).partition("?")[0]
            name = "streets" if name.startswith("/map/streets/") else name
            sizes[name] = sizes.get(name, 0) + int(said["encodedDataLength"])

        tools.on("Network.loadingFinished", count)
        tools.send("Network.enable")
        tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        conditions = {"offline": False, "latency": LATENCY_MS}
        speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        tools.send("Network.emulateNetworkConditions", {**conditions, **speed})
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        time.sleep(SETTLES)
        began = time.monotonic()
        page.goto(f"{site}/map/", wait_until="commit")
        page.wait_for_selector(".map.filled .leaflet-tile-loaded", timeout=60_000)
        seconds = time.monotonic() - began
        page.wait_for_load_state("networkidle")
        browser.close()
    return seconds, sizes
