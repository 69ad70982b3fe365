"""What has to be known to open a call, in one statement, once its pod and its raiser are locked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from commons.people.models import Person
from pods.models import CallKind, Pod
from pods.states import Raisers

KNOWN = """
SELECT
    (SELECT c.id FROM pods_call c WHERE c.raised_by_id = %(by)s AND c.raise_key = %(key)s),
    (SELECT json_build_array(r.pace, r.minutes, r.spread, r.raisers)
     FROM pods_protocol r WHERE r.pod_id = %(pod)s AND r.kind_id = %(kind)s),
    (SELECT array_agg(m.person_id) FROM pods_membership m WHERE m.pod_id = %(pod)s AND m.left_at IS NULL),
    (SELECT count(*) FROM pods_call c WHERE c.pod_id = %(pod)s AND c.state IN ('open', 'short')),
    (SELECT count(*) FROM pods_call c WHERE c.raised_by_id = %(by)s AND c.opened_at > %(day_ago)s),
    (SELECT h.time_zone FROM casserole_sites_neighbourhood h LIMIT 1)
"""


@dataclass(frozen=True)
class Kept:
    """What a pod's protocol says about a kind of call."""

    pace: str
    minutes: list[int | None]
    spread: int
    raisers: str


@dataclass(frozen=True)
class Opening:
    """What is so at the moment in which somebody raises a call."""

    # The call that the same form opened before.
    same: int | None
    protocol: Kept | None
    members: frozenset[int]
    live: int
    raised_today: int
    # The neighbourhood's time zone, by name.
    zone: str

    @property
    def open_to_all(self) -> bool:
        """Return whether every member may raise it, as the protocol says."""
        return self.protocol is None or self.protocol.raisers == Raisers.MEMBERS


def opening(pod: Pod, kind: CallKind, by: Person, key: str, now: datetime) -> Opening:
    """Return what has to be known to open a call of this kind in this pod; today means the last 24 hours."""
    with connection.cursor() as cursor:
        cursor.execute(
            KNOWN, {"by": by.pk, "key": key or None, "pod": pod.pk, "kind": kind.pk, "day_ago": now - timedelta(days=1)}
        )
        same, protocol, members, live, raised_today, zone = cursor.fetchone()
    return Opening(
        same, Kept(*protocol) if protocol else None, frozenset(members or ()), live, raised_today, zone or "UTC"
    )
