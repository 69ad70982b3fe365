"""Large bodies: a stranger's is not read at all, a member's goes on to the form it is for."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commons.web.bodies import LARGE
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import sign_in

pytestmark = pytest.mark.django_db


class Unread:
    """A body that must not be asked for."""

    def read(self, *_):
        raise AssertionError("it was read")

    readline = read


def send(client, size):
    return client.generic(
        "POST", reverse("place_imports"), b"",
        content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=str(size), **{"wsgi.input": Unread()},
    )  # fmt: skip


def test_a_strangers_is_not_read(client):
    client.handler.enforce_csrf_checks = True
    answer = send(client, LARGE + 1)
    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={reverse('place_imports')}")


@pytest.mark.parametrize("size", ["", "-1", "many", "²", LARGE])
def test_any_other_goes_on(client, size):
    assert send(client, size).status_code < 500


def test_a_members_goes_on():
    client = sign_in(organizer(PersonFactory()))
    answer = client.post(
        reverse("place_imports"), {"file": SimpleUploadedFile("x.osm", b"x" * (LARGE + 1)), "box": "?"}
    )
    assert answer.status_code == 200
    assert "Four numbers: south, west, north, east." in answer.content.decode()
