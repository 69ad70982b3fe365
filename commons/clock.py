"""The one clock: the database's.

Web processes, workers and beat may run on machines whose clocks disagree or step; due times, leases and expiries are
columns that PostgreSQL compares with its own clock. So the same clock is read at the edge (views, tasks, commands) and
passed inward as ``now=``: two processes then never disagree about what is due, and a rule stays a pure function.
"""

from datetime import UTC, datetime

from django.db import DEFAULT_DB_ALIAS, connections


def now(using: str = DEFAULT_DB_ALIAS) -> datetime:
    """The database's wall clock, aware, in UTC.

    ``clock_timestamp()`` and not ``now()``: the latter stands still for the length of a transaction, and a transaction
    that waited for a row lock would judge what it finds by a time long past.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    assert row is not None  # a SELECT without FROM always answers one row
    moment: datetime = row[0]
    return moment.astimezone(UTC)
