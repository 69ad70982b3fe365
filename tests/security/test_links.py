"""Links of one tap: three hundred that are nearly right, previewers, and invitations tried in every wrong way (S-6)."""

import random
import string
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commons import clock, tokens
from commons.notices.models import Link
from commons.people.models import Invitation
from tests.security.world import fingerprint, side

pytestmark = pytest.mark.django_db
LETTERS = string.ascii_letters + string.digits + "-_"
PRESS = {"say": "coming", "key": "k" * 22}


def nearly(token: str, *, each: int = 6) -> set[str]:
    """Every place of the token changed to some other letters, and what careless hands and hostile ones make of it."""
    chance = random.Random(7)
    made = {
        token[:place] + other + token[place + 1 :]
        for place, letter in enumerate(token)
        for other in chance.sample(LETTERS.replace(letter, ""), each)
    }
    made |= {token[:cut] for cut in range(1, len(token), 3)}
    made |= {token + more for more in ("A", "=", "==", ".", "%00", "%20", "\u200b", "%0d%0aX: y")}
    made |= {token.lower(), token.upper(), token.swapcase(), token[::-1], "A" * 43, "a" * 4000, "0", "null", "'--", "%"}
    return made - {token}


@pytest.fixture
def here():
    return side("A")


BY_LINK = [("answer", 404), ("join", 410), ("gathering_open", 404), ("gathering_guest", 404)]
BY_LINK += [("asset_link", 404), ("shift_answer", 404)]


@pytest.mark.parametrize(("name", "status"), BY_LINK)
def test_three_hundred_that_are_nearly_right_open_nothing(here, name, status):
    visitor, before = Client(raise_request_exception=False), fingerprint()
    made = nearly(here.links[name])
    assert len(made) > 280
    for token in made:
        assert visitor.post(reverse(name, args=[token]), PRESS).status_code == status, token
    for token in sorted(made)[::20]:
        assert visitor.get(reverse(name, args=[token])).status_code == status, token
    assert fingerprint() == before
    assert "session" not in visitor.cookies


def test_invitations_that_have_ended_let_nobody_in(here):
    visitor, now = Client(), clock.now()
    path = reverse("join", args=[here.links["join"]])
    ends = [{"expires_at": now - timedelta(seconds=1)}, {"revoked_at": now}, {"used": 3}]
    for end in ends:
        Invitation.objects.filter(pk=here.invitation.pk).update(**end)
        before = fingerprint()
        assert visitor.get(path).status_code == visitor.post(path).status_code == 410
        assert visitor.get(reverse("account_signup")).status_code == 403
        assert fingerprint() == before
        Invitation.objects.filter(pk=here.invitation.pk).update(
            expires_at=now + timedelta(days=1), revoked_at=None, used=0
        )
    assert visitor.get(path).status_code == 200


def test_an_invitation_taken_back_between_looking_and_signing_up_is_closed(here):
    visitor = Client()
    visitor.post(reverse("join", args=[here.links["join"]]))
    assert visitor.get(reverse("account_signup")).status_code == 200
    Invitation.objects.filter(pk=here.invitation.pk).update(revoked_at=clock.now())
    form = {"username": "Zoe", "email": "zoe@example.org", "language": "en"}
    assert visitor.post(reverse("account_signup"), form).status_code == 403
    assert not type(here["owner"]).objects.filter(email="zoe@example.org").exists()


def test_previewers_press_nothing(here):
    """Whatever programs do that look at links before people do: nothing is answered, nobody joins."""
    before = fingerprint()
    looks = [
        {"headers": {"User-Agent": "Slackbot-LinkExpanding 1.0"}},
        {"headers": {"User-Agent": "Mozilla/5.0 BarracudaSentinel"}},
        {"headers": {"Purpose": "prefetch", "Sec-Purpose": "prefetch"}},
        {"headers": {"HX-Request": "true", "HX-Boosted": "true"}},
        {"query_params": PRESS},
        {"query_params": {"_method": "POST", **PRESS}},
        {"headers": {"X-HTTP-Method-Override": "POST"}},
    ]
    for name, token in here.links.items():
        for how in looks:
            for look in (Client().get, Client().head):
                assert look(reverse(name, args=[token]), **how).status_code == 200
        assert Client().options(reverse(name, args=[token])).status_code == 405
    assert fingerprint() == before


def test_who_reads_the_database_can_make_no_link(here, settings, tmp_path):
    """Nonce, digest and what a link is bound to all stand in the row; the key does not."""
    from commons import seal

    link = Link.objects.get(subject=here.call.subject, person=here["answering"])
    assert tokens.digest(here.links["answer"]) == link.digest
    other = tmp_path / "seal.keys"
    other.write_text(seal.new_key_line() + "\n")
    other.chmod(0o600)
    settings.SEAL_KEYS_FILE = str(other)
    guess = tokens.make("answer", link.nonce, link.subject, link.person_id)
    assert guess != here.links["answer"]
    assert not Link.objects.filter(digest=tokens.digest(guess)).exists()
