"""Wording many messages at once: no list of ids is compared with each row of a table that has just grown."""

from datetime import date

import pytest
from django.db import connection

from commons.notices.actions.addresses import MAILBOXES
from commons.notices.models import Delivery
from pods.queries import messages
from sites.queries import shift_messages
from tests.factories import NOW, queue_letters

pytestmark = pytest.mark.django_db
CLAIMED = 384
GROWN = 5000


@pytest.fixture
def ids():
    """Fill the outbox, of which PostgreSQL has counted nothing yet, and return what one claim of it holds."""
    queue_letters(GROWN)
    return "{" + ",".join(map(str, Delivery.objects.order_by("pk").values_list("pk", flat=True)[:CLAIMED])) + "}"


@pytest.mark.parametrize("sql", [messages.CASES, shift_messages.CASES, MAILBOXES])
def test_ids_are_joined_not_compared_with_each_row(sql, ids):
    said = {
        "deliveries": ids, "people": ids, "now": NOW, "purpose": "shift", "after": False, "alerts": ["call.alert"],
        "near": f"[{date(2026, 1, 1)},{date(2026, 1, 2)}]",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, said)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Function Scan on unnest" in plan
    assert "Filter: (id = ANY" not in plan
