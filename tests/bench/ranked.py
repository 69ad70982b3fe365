"""The ranked list of places: a hundred thousand scored places beside a thousand, looked at in turn."""

import time
from typing import Any

from tests.bench.figures import median, spread
from tests.drills.house import House

FEW, MANY = 1_000, 100_000
ROUNDS, LOOKS = 7, 12
# As it opens, far down, and of one kind.
PAGES = ("/places/ranked/", "/places/ranked/?page=20", "/places/ranked/?kind=clinic")
BATCH = 3_000
PLACES = """
INSERT INTO casserole_sites_place
    (ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id, edited, made_at, changed_at)
SELECT 'b' || lpad(n::text, 9, '0'),
    (ARRAY['laundry', 'bus_stop', 'clinic', 'library', 'office', 'market'])[1 + n %% 6],
    'Place ' || n, 'place ' || n, 39 + random(), -76 - random(), 'node', n, '{}', now(), now()
FROM generate_series(%s::bigint, %s::bigint) n
"""
CARDS = """
INSERT INTO casserole_sites_scorecard
    (ref, place_id, observer_id, density, softness, clarity, observed_on, made_at, withdrawn)
SELECT 'c' || lpad((3 * p.id + k)::text, 9, '0'), p.id, (SELECT min(id) FROM people_person) + k,
    1 + floor(5 * random()), 1 + floor(5 * random()), 1 + floor(5 * random()), current_date - (400 * random())::int,
    now(), false
FROM casserole_sites_place p, generate_series(0, 2) k WHERE p.osm_id BETWEEN %s AND %s
"""


def ranked_list(house: House) -> list[str]:
    """Look at the ranked list among few places and among many, in turn; its statements and its ratio."""
    from django.db import connection, connections
    from django.test import Client

    many = connection.settings_dict["NAME"]
    few = f"{many}_few"
    _fill(1, FEW)
    connections.close_all()
    with house.postgres.connect() as server:
        server.execute(f'CREATE DATABASE "{few}" TEMPLATE "{many}"')
    _fill(FEW + 1, MANY)
    look = Client(headers={"host": "localhost"})
    seen: dict[str, dict[str, list[float]]] = {page: {few: [], many: []} for page in PAGES}
    statements: set[int] = set()
    for _round in range(ROUNDS + 1):
        for name in (few, many):
            _move_to(name)
            for page in PAGES:
                statements.add(_statements(look, page))
                seen[page][name].append(_seconds(look, page))
    _move_to(many)
    lines = []
    for page, by in seen.items():
        # The first round warms up.
        ratios = [large / small for small, large in zip(by[few][1:], by[many][1:], strict=True)]
        lines.append(
            f"# ranked_list {page}: {spread(ratios)}; {1000 * median(by[few]):.1f} ms among {FEW}, "
            f"{1000 * median(by[many]):.1f} ms among {MANY}"
        )
        lines.append(f"measure=ranked_list page={page} ratio={median(ratios):.2f} sql={max(statements)}")
    if len(statements) > 1:
        lines.append(f"# ranked_list: statements differ, {sorted(statements)}")
    return lines


def _fill(first: int, last: int) -> None:
    """Put scored places there, three cards each, and reckon what they come to as every card does."""
    from django.db import connection

    from sites.actions.scores import _reckon
    from sites.models import Place

    with connection.cursor() as cursor:
        cursor.execute(PLACES, [first, last])
        cursor.execute(CARDS, [first, last])
    keys = list(Place.objects.filter(osm_id__range=(first, last)).values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        _reckon(keys[start : start + BATCH])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _move_to(database: str) -> None:
    """Read from another database of the same server from now on; a fresh connection, warm before it is timed."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()


def _statements(look: Any, page: str) -> int:
    """Return how many SQL statements the page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from commons.people.models import Person

    look.force_login(Person.objects.earliest("pk"), backend="allauth.account.auth_backends.AuthenticationBackend")
    look.get(page)
    with CaptureQueriesContext(connection) as said:
        assert look.get(page).status_code == 200
    return len(said)


def _seconds(look: Any, page: str) -> float:
    """Return how long a look takes, as the median of several."""
    took = []
    for _look in range(LOOKS):
        began = time.monotonic()
        assert look.get(page).status_code == 200
        took.append(time.monotonic() - began)
    return median(took)
