"""Writes what was read from a map file: everything or nothing, and nothing over what people edited."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from commons.people.models.refs import new_ref
from sites.actions.map_reader import FileUnusable, Listen, MapRead, nobody, reading
from sites.models import Backdrop, Double, Evidence, Place
from sites.queries import places as queries
from sites.rules.doubles import likely
from sites.rules.osm import in_order
from sites.rules.shapes import Area
from sites.states import BackdropClass, EvidenceKind, PlaceKind, Unusable

# One at a time: two imports of neighbouring extracts would each find the other's half.
ONE_AT_A_TIME = 7_402_118
PROPOSED_MOST = 2_000
# A file that was cut where a whole block ends reads as a whole one. Nothing tells it apart but how much is missing.
LOST_MOST = 20
Counts = dict[str, list[int]]  # kind → new, updated, gone

STAGES = {
    "places": "ref text, kind text, name text, sort_key text, latitude float8, longitude float8",
    "evidence": "kind text, latitude float8, longitude float8",
    "backdrop": "kind text, name text, shape bytea, south float8, west float8, north float8, east float8",
}
# Places last: from then on whoever adds one by hand waits, for both change how many there are.
MERGES = {
    "evidence": """
        INSERT INTO casserole_sites_evidence AS p (kind, latitude, longitude, osm_type, osm_id)
        SELECT kind, latitude, longitude, osm_type, osm_id FROM staged_evidence ORDER BY osm_type, osm_id, kind
        ON CONFLICT (osm_type, osm_id, kind) DO UPDATE SET latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude
        WHERE (p.latitude, p.longitude) <> (EXCLUDED.latitude, EXCLUDED.longitude)
        RETURNING kind, xmax = 0""",
    "backdrop": """
        INSERT INTO casserole_sites_backdrop AS p (kind, name, shape, south, west, north, east, osm_type, osm_id)
        SELECT kind, name, shape, south, west, north, east, osm_type, osm_id FROM staged_backdrop
        ORDER BY osm_type, osm_id, kind
        ON CONFLICT (osm_type, osm_id, kind) DO UPDATE SET name = EXCLUDED.name, shape = EXCLUDED.shape,
            south = EXCLUDED.south, west = EXCLUDED.west, north = EXCLUDED.north, east = EXCLUDED.east
        WHERE (p.name, p.shape) <> (EXCLUDED.name, EXCLUDED.shape)
        RETURNING kind, xmax = 0""",
    "places": """
        INSERT INTO casserole_sites_place AS p (
            ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id, edited, made_at, changed_at)
        SELECT ref, kind, name, sort_key, latitude, longitude, osm_type, osm_id, '{}', %(now)s, %(now)s
        FROM staged_places ORDER BY osm_type, osm_id
        ON CONFLICT (osm_type, osm_id) DO UPDATE SET
            kind = CASE WHEN 'kind' = ANY(p.edited) THEN p.kind ELSE EXCLUDED.kind END,
            name = CASE WHEN 'name' = ANY(p.edited) THEN p.name ELSE EXCLUDED.name END,
            sort_key = CASE WHEN 'name' = ANY(p.edited) THEN p.sort_key ELSE EXCLUDED.sort_key END,
            latitude = CASE WHEN 'position' = ANY(p.edited) THEN p.latitude ELSE EXCLUDED.latitude END,
            longitude = CASE WHEN 'position' = ANY(p.edited) THEN p.longitude ELSE EXCLUDED.longitude END,
            changed_at = EXCLUDED.changed_at, gone_at = NULL
        WHERE p.gone_at IS NOT NULL
            OR (p.kind <> EXCLUDED.kind AND 'kind' <> ALL(p.edited))
            OR (p.name <> EXCLUDED.name AND 'name' <> ALL(p.edited))
            OR ((p.latitude, p.longitude) <> (EXCLUDED.latitude, EXCLUDED.longitude) AND 'position' <> ALL(p.edited))
        RETURNING kind, xmax = 0""",
}
KINDS: dict[str, list[str]] = {
    "places": [kind.value for kind in PlaceKind],
    "evidence": [kind.value for kind in EvidenceKind],
    "backdrop": [kind.value for kind in BackdropClass],
}


def import_file(*, path: Path, area: Area | None, now: datetime, listen: Listen = nobody) -> Counts:
    """Read a file and write what it holds of an area; return for each kind how many are new, updated, gone.

    Raises `FileUnusable` with nothing written. What is missing from the file is gone only where the file looked: within
    the area, or else within the box that the file claims and fills; from GeoJSON only kinds that it has any of. A file
    that lacks most of the places known there is refused, unless an area was named: then somebody means it.
    """
    with reading(path, area, listen) as read:
        return write(read=read, area=area, now=now)


@transaction.atomic
def write(*, read: MapRead, area: Area | None, now: datetime) -> Counts:
    """Write what was read, in one transaction; return for each kind how many are new, updated, gone.

    Raises `FileUnusable` as `import_file` does.
    """
    counts: Counts = {kind: [0, 0, 0] for kinds in KINDS.values() for kind in kinds}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        _stage(cursor, read.lines)
        for group, merge in MERGES.items():
            cursor.execute(merge, {"now": now})
            for kind, fresh in cursor.fetchall():
                counts[kind][0 if fresh else 1] += 1
            missing = _vanished(cursor, group, read, area)
            if group == "places" and area is None:
                _doubt(cursor, sum(map(len, missing.values())), sum(fresh for fresh, *_ in counts.values()))
            for kind, vanished in missing.items():
                counts[kind][2] += len(vanished)
                _let_go(group, vanished, now)
            cursor.execute(f"DROP TABLE staged_{group}")  # nothing of it is from outside
    if any(counts[kind][0] or counts[kind][1] for kind in KINDS["places"]):
        propose_doubles()
    return {kind: counts[kind] for kind in in_order(counts)}


def _stage(cursor: Any, lines: Path) -> None:
    for group, columns in STAGES.items():
        cursor.execute(
            f"CREATE TEMPORARY TABLE staged_{group} (osm_type text, osm_id bigint, {columns}) ON COMMIT DROP"
        )
    for group in STAGES:
        with cursor.copy(f"COPY staged_{group} FROM STDIN") as copy:
            for row in _rows(lines, group):
                copy.write_row(row)
        cursor.execute(f"CREATE INDEX ON staged_{group} (osm_type, osm_id)")
        cursor.execute(f"ANALYZE staged_{group}")


def _rows(lines: Path, group: str) -> Iterator[list[Any]]:
    # Read once for each group: three times is quicker than keeping all in memory.
    begins = f'["{group}"'
    with lines.open(encoding="ascii") as file:
        for line in file:
            if not line.startswith(begins):
                continue
            _group, what, number, kind, *more = json.loads(line)
            if group == "places":
                yield [what, number, new_ref(), kind, *more]
            elif group == "backdrop":
                yield [what, number, kind, more[0], bytes.fromhex(more[1]), *more[2:]]
            else:
                yield [what, number, kind, *more]


POSITIONS = {
    "places": ("latitude", "longitude", "latitude", "longitude"),
    "evidence": ("latitude", "longitude", "latitude", "longitude"),
    "backdrop": ("south", "west", "north", "east"),
}


def _vanished(cursor: Any, group: str, read: MapRead, area: Area | None) -> dict[str, list[int]]:
    """Return the keys, by kind, of what the file should have shown and did not."""
    if read.scope is None:
        return {}
    south, west, north, east = POSITIONS[group]
    table = {"places": Place, "evidence": Evidence, "backdrop": Backdrop}[group]._meta.db_table
    known = "AND p.gone_at IS NULL AND p.osm_type <> ''" if group == "places" else ""
    same_kind = "" if group == "places" else "AND s.kind = p.kind"
    cursor.execute(
        f"""SELECT p.id, p.kind, p.{south}, p.{west}, p.{north}, p.{east} FROM {table} p
        WHERE p.{south} >= %s AND p.{west} >= %s AND p.{north} <= %s AND p.{east} <= %s {known}
        AND NOT EXISTS (SELECT 1 FROM staged_{group} s
            WHERE s.osm_type = p.osm_type AND s.osm_id = p.osm_id {same_kind})""",  # noqa: S608 - names are ours
        [read.scope.south, read.scope.west, read.scope.north, read.scope.east],
    )
    found: dict[str, list[int]] = defaultdict(list)
    for key, kind, *box in cursor.fetchall():
        shown = read.kinds is None or kind in read.kinds
        if shown and (area is None or (area.holds((box[0], box[1])) and area.holds((box[2], box[3])))):
            found[kind].append(key)
    return found


def _doubt(cursor: Any, lost: int, fresh: int) -> None:
    """Raise `FileUnusable` where more of the places that were known is missing from the file than it shows."""
    cursor.execute("SELECT count(*) FROM staged_places")
    (shown,) = cursor.fetchone()
    if lost > LOST_MOST and lost > shown - fresh:
        raise FileUnusable(Unusable.LOSES)


def _let_go(group: str, keys: list[int], now: datetime) -> None:
    """Mark places, for people may know better; forget what is only a hint or a drawing."""
    if group == "places":
        Place.objects.filter(pk__in=keys).update(gone_at=now, changed_at=now)
    elif group == "evidence":
        Evidence.objects.filter(pk__in=keys).delete()
    else:
        Backdrop.objects.filter(pk__in=keys).delete()


def propose_doubles() -> None:
    """Keep each pair of standing places that are likely one; a pair is proposed once and never again."""
    pairs = likely(queries.named(), PROPOSED_MOST)
    Double.objects.bulk_create(
        [Double(first_id=first, second_id=second) for first, second in pairs], batch_size=500, ignore_conflicts=True
    )
