"""One-tap tokens: unguessable, bound, and the same again for the same message."""

from datetime import UTC, datetime

import pytest

from commons import seal, tokens
from commons.notices.actions.links import give
from commons.notices.models import Link
from tests.factories import PersonFactory

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def test_the_same_message_gets_the_same_link_again():
    nonce = tokens.new_nonce()
    assert tokens.make("answer", nonce, "call:1", 7) == tokens.make("answer", nonce, "call:1", 7)
    assert len(tokens.make("answer", nonce, "call:1", 7)) == 43


def test_another_purpose_subject_person_or_nonce_gives_another_token():
    nonce = tokens.new_nonce()
    bound = [("answer", nonce, "call:1", 7), ("join", nonce, "call:1", 7), ("answer", nonce, "call:17", 7)]
    bound += [("answer", nonce, "call:1", 8), ("answer", tokens.new_nonce(), "call:1", 7), ("answer", nonce, "call:1")]
    assert len({tokens.make(*said) for said in bound}) == len(bound)


@pytest.fixture
def person(db):
    return PersonFactory()


def given(person, subject="call:1"):
    """A link as everybody gets theirs."""
    give(purpose="answer", subject=subject, people=[person.pk], expires_at=NOW)
    return Link.objects.get(subject=subject)


def test_a_link_stays_the_same_when_a_new_key_is_put_on_top(key_file, put_on_top, person):
    link = given(person)
    before = link.token()
    put_on_top(seal.new_key_line())
    assert (link.token(), tokens.digest(before)) == (before, link.digest)
    assert given(person, "call:2").token() != before


def test_the_database_alone_makes_no_token(key_file, person):
    link = given(person)
    before = link.token()
    key_file.write_text(seal.new_key_line() + "\n")
    assert link.token() != before
