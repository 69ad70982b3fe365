"""One-tap links: no other token opens anything, ended ones look like unknown ones, and nobody hammers them."""

from datetime import timedelta

import pytest

from commons import clock, tokens
from commons.notices.actions.links import give
from commons.notices.models import Link
from pods.actions.answers import ANSWERS_AT_MOST
from pods.models import Invite
from tests.pods.pressing import press, state
from tests.pods.scenes import asked, link_of, scene

pytestmark = pytest.mark.django_db


def flipped(token):
    """Every byte of the token, each changed in three ways."""
    for place, letter in enumerate(token):
        for other in ("A" if letter != "A" else "B", "_" if letter != "_" else "-", chr(ord(letter) ^ 1)):
            if other.isprintable() and other not in "/?#%" and other != letter:
                yield token[:place] + other + token[place + 1 :]


def dead_tokens(call, person):
    link = Link.objects.get(purpose="answer", subject=call.subject, person=person)
    token = link.token()
    yield from flipped(token)
    yield from (token[:-1], token + "A", token.swapcase(), token[::-1], "x" * 43, "%00" + token, "..", token + "%00")
    # Made for another purpose, another call, another person.
    yield tokens.make("invitation", link.nonce, link.subject, person.pk)
    yield tokens.make("answer", link.nonce, "call:0", person.pk)
    yield tokens.make("answer", link.nonce, link.subject, person.pk + 1)


def test_no_other_token_opens_or_answers_anything(client, out):
    _at, call, person = out
    soon = clock.now() + timedelta(hours=1)
    give(purpose="rest", subject=call.subject, people=[person.pk], expires_at=soon)
    other_purpose = Link.objects.get(purpose="rest")
    before, seen, tried = state(), set(), 0
    for token in [*dead_tokens(call, person), other_purpose.token()]:
        for answer in (client.get(f"/a/{token}/"), press(client, f"/a/{token}/", "coming")):
            tried += 1
            assert answer.status_code == 404
            seen.add(answer.content)
    assert state() == before
    assert tried > 250
    # One page for every cause: nothing to learn from it.
    assert len(seen) == 1


@pytest.mark.parametrize("how", ["expired", "revoked", "inactive"])
def test_ended_links_look_like_unknown_ones(client, out, how):
    _at, call, person = out
    path = link_of(call, person)
    unknown = client.get("/a/unknown/").content
    if how == "inactive":
        person.is_active = False
        person.save()
    else:
        past = clock.now() - timedelta(seconds=1)
        Link.objects.update(**{"expires_at" if how == "expired" else "revoked_at": past})
    before = state()
    assert client.get(path).content == unknown
    assert press(client, path, "coming").status_code == 404
    assert state() == before


def test_a_link_answers_for_its_own_pod_s_call_only(client, out):
    _at, call, person = out
    other = scene(names=tuple(f"{name} B" for name in "VWXYZ"), pod="Harbour Pod")
    theirs = other.raise_call(by="V B")
    press(client, link_of(call, person), "coming")
    assert not Invite.objects.filter(call=theirs).exclude(answer="").exists()


def test_who_hammers_a_link_is_asked_to_wait_and_nobody_else_is(client, out):
    _at, call, person = out
    path, other = link_of(call, person), link_of(call, asked(call)[1])
    said = [client.post(path, {"say": "afar", "key": f"{n:020}"}).status_code for n in range(ANSWERS_AT_MOST)]
    assert said == [302] * ANSWERS_AT_MOST
    before = state()
    page = client.post(path, {"say": "cant", "key": "z" * 20})
    assert page.status_code == 429
    assert "this one was not taken" in page.content.decode()
    assert state() == before
    # From the same address, by another person's link, and only looking.
    assert press(client, other, "coming").status_code == 302
    assert client.get(path).status_code == 200
