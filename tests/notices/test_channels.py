"""How a person is reached: their own word on what a message may say."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.notices.models import Channel
from tests.factories import PersonFactory


@pytest.fixture
def ana(db):
    return PersonFactory(email="ana@example.org")


@pytest.fixture
def as_ana(ana):
    client = Client()
    client.force_login(ana)
    return client


def test_the_safe_line_stays_out_unless_wanted(as_ana, ana):
    channel = Channel.objects.get(person=ana)
    assert channel.safe_line_in_message is False
    page = as_ana.get("/settings/channels/").content.decode()
    assert "ana@example.org" in page
    assert "on a locked screen" in page
    as_ana.post(f"/settings/channels/{channel.ref}/line/", {"safe_line_in_message": "on"})
    assert Channel.objects.get(person=ana).safe_line_in_message is True
    as_ana.post(f"/settings/channels/{channel.ref}/line/", {})
    assert Channel.objects.get(person=ana).safe_line_in_message is False


def test_a_channel_that_was_given_up_is_used_again(as_ana, ana):
    channel = Channel.objects.get(person=ana)
    Channel.objects.update(disabled_at=clock.now(), disabled_why="smtp_550")
    assert "Messages have come back" in as_ana.get("/settings/channels/").content.decode()
    as_ana.post(f"/settings/channels/{channel.ref}/again/")
    assert Channel.objects.usable().get() == channel


def test_somebody_without_a_proven_channel_sees_that(db):
    client = Client()
    client.force_login(PersonFactory(channel=False))
    assert "Not proven yet" in client.get("/settings/channels/").content.decode()


def test_channels_of_others_do_not_exist(as_ana):
    other = Channel.objects.get(person=PersonFactory())
    for verb in ("line/", "again/"):
        assert as_ana.post(f"/settings/channels/{other.ref}/{verb}", {"safe_line_in_message": "on"}).status_code == 404
    other.refresh_from_db()
    assert other.safe_line_in_message is False


def test_few_statements(as_ana):
    with CaptureQueriesContext(connection) as seen:
        as_ana.get("/settings/channels/")
    assert len(seen) <= 6


def test_visitors_are_asked_to_sign_in(client, db):
    assert client.get("/settings/channels/").status_code == 302
