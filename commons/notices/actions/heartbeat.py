"""Heartbeats: each component says that it is alive."""

from datetime import datetime

from django.db import connection


def beat(*, component: str, now: datetime) -> None:
    """Note that a component was alive at `now`; an older time never replaces a newer one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_heartbeat (component, at) VALUES (%s, %s) "
            "ON CONFLICT (component) DO UPDATE SET at = greatest(notices_heartbeat.at, excluded.at)",
            [component, now],
        )
