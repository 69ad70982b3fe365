"""The clock is the database's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from commons import clock

pytestmark = pytest.mark.django_db


def test_it_is_aware_and_in_utc():
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_goes_on_inside_a_transaction():
    with transaction.atomic():
        assert clock.now() < clock.now()
