"""Real services for every test: one PostgreSQL and one Redis a session, and a mail server on demand.

They live in a private folder in the temp folder, never under `var/`, so that tests and a running house
do not meet. With pytest-xdist the controller starts them and its workers share them, each with a
database of its own.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import django
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.catalogs import compile_catalogs
from config.embedded import throwaway

_servers = contextlib.ExitStack()

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Now and not in a fixture: Django's settings want the addresses before anything is collected.
    # Workers inherit the environment.
    compile_catalogs()
    house = _servers.enter_context(throwaway(database=False))
    os.environ.update(house.env)
    os.environ.update({"SITE_URL": "http://localhost:8000", "DEBUG": "false", "DEMO": "false"})

# Now the settings can be read; pytest-django leaves alone what was not.
django.setup()


def pytest_unconfigure() -> None:
    """Stop the servers when the session ends (the kernel stops them if it is killed)."""
    _servers.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow ones: begun last, one of them would be waited for while the other worker has nothing."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True, scope="session")
def _settings_of_tests(django_test_environment: None) -> None:
    """Serve static files by their own names, uncollected; keep the counters of parallel workers apart.

    Passwords are hashed quickly, but where it is asked how long that takes (test_enumeration). Templates are rendered
    as they are for people: Django's tests keep a copy of every context, which none of ours looks at.
    """
    from django.conf import settings
    from django.template.base import Template
    from django.test.utils import _TestState  # type: ignore[attr-defined]

    Template._render = _TestState.saved_data.template_render  # type: ignore[attr-defined]
    from commons.paper import press

    # Beside other tests a PDF may wait long for its turn; that it ends in time is test_paper_hostile's to say.
    press.SECONDS, press.PATIENCE = 60.0, 60.0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(autouse=True)
def _english_at_first() -> Iterator[None]:
    """Begin every test in the server's own language and zone: a page leaves its reader's active in the thread."""
    from django.utils import timezone, translation

    yield
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(autouse=True)
def _built_in_rows(request: pytest.FixtureRequest) -> None:
    """Bring back what migrations laid down: a test with real transactions empties every table behind it."""
    if not {"db", "transactional_db"} & set(request.fixturenames) and not request.node.get_closest_marker("django_db"):
        return
    # Asked for only now: a test of plain rules needs no database, and gets none.
    request.getfixturevalue("_django_db_helper")
    from tests.factories import built_in_rows

    built_in_rows()


@dataclass(frozen=True)
class Received:
    """One mail as the server got it."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]


@dataclass
class SmtpSink:
    """A real mail server on a port of this machine; `answers` are given instead of 250, one a mail."""

    port: int
    received: list[Received] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        return [one.mail for one in self.received]

    def to(self, address: str) -> list[EmailMessage]:
        return [one.mail for one in self.received if address in one.recipients]


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp_sink(settings) -> Iterator[SmtpSink]:
    """A mail server that keeps what it gets; Django's settings point at it, with the real SMTP backend."""
    sink = SmtpSink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield sink
    controller.stop()


@pytest.fixture
def key_file(settings, tmp_path):
    """A key file of this test's own."""
    from commons import seal  # reads the settings, which the servers above have made

    path = tmp_path / "seal.keys"
    path.write_text(seal.new_key_line() + "\n")
    path.chmod(0o600)
    settings.SEAL_KEYS_FILE = str(path)
    return path
