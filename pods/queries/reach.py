"""Whom a call could ask, and what the engine must know of them, in one statement."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from django.db import connection

from pods.models import Call, Membership
from pods.rules.fit import Reachable
from pods.rules.quiet import asleep_until

WEEK = timedelta(days=7)
METRES_PER_DEGREE = 111_320.0

# Rest is counted in the person's own days. "Busy" means coming to another call that still goes on.
STANDING = """
SELECT p.id, p.time_zone, p.quiet_from, p.quiet_until, p.urgent_may_wake, p.calls_per_week,
    EXISTS (SELECT 1 FROM people_absence a
            WHERE a.person_id = p.id AND a.days @> (%(now)s AT TIME ZONE p.time_zone)::date),
    EXISTS (SELECT 1 FROM pods_invite i JOIN pods_call c ON c.id = i.call_id
            WHERE i.person_id = p.id AND i.state = 'coming' AND i.invited_at > %(busy_since)s
              AND c.id <> %(call)s AND c.state IN ('open', 'short', 'covered')),
    (SELECT count(*) FROM pods_invite i JOIN pods_call c ON c.id = i.call_id
     WHERE i.person_id = p.id AND i.invited_at > %(week)s AND i.answer IN ('coming', 'afar')
       AND i.call_id <> %(call)s AND NOT c.drill),
    (SELECT max(i.invited_at) FROM pods_invite i WHERE i.person_id = p.id AND i.call_id <> %(call)s),
    (SELECT json_object_agg(a.skill_id, a.limits) FROM casserole_sites_asset a
     WHERE a.person_id = p.id AND a.skill_id IS NOT NULL AND a.fresh_until > %(now)s)
FROM people_person p
"""
THESE = "WHERE p.is_active AND p.id = ANY(%(people)s)"
SEATED = """
JOIN pods_membership m ON m.person_id = p.id AND m.pod_id = %(pod)s AND m.left_at IS NULL
WHERE p.is_active AND p.id <> ALL(%(people)s)
"""

# Flat distances are exact enough between blocks of one city.
SISTERS = """
SELECT m.person_id, min(%(metres)s * sqrt(power(b.latitude::float8 - %(latitude)s, 2)
                                        + power((b.longitude::float8 - %(longitude)s) * %(squeeze)s, 2))) AS metres
FROM pods_membership m
JOIN pods_pod p ON p.id = m.pod_id AND p.dissolved_at IS NULL
JOIN casserole_sites_block b ON b.id = p.block_id
WHERE m.left_at IS NULL AND p.id <> %(pod)s
  AND NOT EXISTS (
      SELECT 1 FROM pods_membership o
      WHERE o.person_id = m.person_id AND o.pod_id = %(pod)s AND o.left_at IS NULL)
  AND (%(skills)s::bigint[] IS NULL OR EXISTS (
      SELECT 1 FROM casserole_sites_asset a
      WHERE a.person_id = m.person_id AND a.skill_id = ANY(%(skills)s::bigint[]) AND a.fresh_until > %(now)s))
GROUP BY m.person_id ORDER BY metres, m.person_id LIMIT %(at_most)s
"""


def reachable(*, call: Call, people: dict[int, float], now: datetime) -> list[Reachable]:
    """Return what the engine must know of these people; `people` maps each id to a distance in metres."""
    if not people:
        return []
    return _known(STANDING + THESE, call, list(people), people, now)


def in_its_pod(call: Call, without: Collection[int], now: datetime) -> list[Reachable]:
    """Return what the engine must know of the members of a call's pod, but for some; they stand at distance zero."""
    return _known(STANDING + SEATED, call, list(without), {}, now)


def _known(sql: str, call: Call, people: list[int], distances: dict[int, float], now: datetime) -> list[Reachable]:
    facts: dict[str, Any] = {
        "now": now,
        "busy_since": now - timedelta(days=16),
        "week": now - WEEK,
        "call": call.pk or 0,
        "pod": call.pod_id,
        "people": people,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        rows = cursor.fetchall()
    return [
        Reachable(
            id=row[0],
            skills={int(skill): frozenset(limits) for skill, limits in (row[10] or {}).items()},
            resting=row[6],
            busy=row[7],
            carried=row[8],
            at_most=row[5],
            last_asked_at=row[9],
            asleep_until=asleep_until(
                now=now,
                time_zone=row[1],
                quiet_from=row[2],
                quiet_until=row[3],
                urgent=call.urgent,
                may_wake=row[4],
            ),
            distance=distances.get(row[0], 0.0),
        )
        for row in rows
    ]


def seated_in(pod_id: int) -> dict[int, float]:
    """Return the members of a pod, each at distance zero from its calls."""
    return dict.fromkeys(Membership.objects.seated().filter(pod=pod_id).values_list("person_id", flat=True), 0.0)


def in_sister_pods(call: Call, skills: Sequence[int] | None, *, at_most: int = 600) -> dict[int, float]:
    """Return members of other standing pods by distance in metres from the call, nearest pods first.

    With `skills` only those who offer one of them. Bounded, so that a city's call stays as quick as
    a neighbourhood's; someone in two pods stands at the nearer one.
    """
    here = (float(call.block.latitude), float(call.block.longitude))
    with connection.cursor() as cursor:
        cursor.execute(
            SISTERS,
            {
                "latitude": here[0],
                "longitude": here[1],
                "squeeze": cos(radians(here[0])),
                "metres": METRES_PER_DEGREE,
                "pod": call.pod_id,
                "skills": None if skills is None else list(skills),
                "now": call.opened_at,
                "at_most": at_most,
            },
        )
        return dict(cursor.fetchall())
