"""What the tests of the ground floor share."""

from datetime import UTC, datetime, timedelta

import pytest

from commons.people.models import Invitation

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


@pytest.fixture
def put_on_top(key_file):
    """Put a line on top of the key file, as the keeper does before a rotation."""

    def put(line: str) -> None:
        key_file.write_text(line + "\n" + key_file.read_text())

    return put


@pytest.fixture
def invitation(db):
    """Make an invitation: a row with two sealed columns."""

    def make(**fields) -> Invitation:
        made = Invitation.fresh(**{"made_at": NOW, "expires_at": NOW + timedelta(days=7), **fields})
        made.save()
        return made

    return make
