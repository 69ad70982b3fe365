"""What waits in the outbox, withdrawn and claimed on two connections at once (S-13)."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

from commons import clock
from commons.notices.actions.claims import claim
from commons.notices.actions.outbox import enqueue, suppress
from commons.notices.models import Delivery
from commons.notices.states import Urgency
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def until_one_waits():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for the row")


def test_what_a_worker_claims_while_it_is_withdrawn_is_left_to_the_worker():
    person, now = PersonFactory(), clock.now()
    enqueue(
        subject="call:1", kind="call.alert", people=[person.pk], urgency=Urgency.CALL, now=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    withdrawn: list[set[int]] = []

    def withdraw():
        withdrawn.append(suppress(subject="call:1", kinds=["call.alert"]))
        connection.close()

    other = threading.Thread(target=withdraw)
    with transaction.atomic():
        assert len(claim(now=clock.now(), limit=10, channels=["email"])) == 1
        other.start()
        until_one_waits()
    other.join(20)
    assert withdrawn == [set()]
    assert Delivery.objects.get().state == "leased"
