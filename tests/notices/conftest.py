"""A mail server that answers as the test says."""

from collections.abc import Iterator

import pytest

from tests.notices.mailhost import MailHost, mail_host


@pytest.fixture
def host(settings) -> Iterator[MailHost]:
    """Such a server, with Django's settings pointing at it."""
    with mail_host() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield running
