"""An invitation becomes a member, once for each place."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from commons import clock
from commons.notices.models import Channel
from commons.people import queries
from commons.people.actions import invitations, joining
from commons.people.actions.retention import purge
from commons.people.models import Invitation, OrganizerTerm, Person
from commons.web.refusal import Refused
from tests.factories import PersonFactory
from tests.people.conftest import code_in, letters

NEW = {"username": "Bo", "email": "bo@example.org", "language": "es", "password1": ""}


def link(by: Person | None, **fields) -> str:
    made = invitations.invite(by=by, **{"seats": 1, "language": "en", "days": 14, "now": clock.now(), **fields})
    return reverse("join", args=[made.token()])


def follow(client: Client, url: str) -> None:
    assert client.post(url).url == reverse("account_signup")


def newcomer(email: str) -> joining.Newcomer:
    return joining.Newcomer(handle="Bo", email=email, password=None, language="en", time_zone="UTC")


def test_a_neighbour_joins_by_link_and_is_reachable_afterwards(client, ana):
    url = link(ana)
    page = client.get(url)
    assert page.status_code == 200
    assert "Ana invites you to Mill Row" in page.content.decode()
    follow(client, url)

    answer = client.post(reverse("account_signup"), NEW)
    assert answer.url == reverse("account_email_verification_sent")
    bo = Person.objects.get(email="bo@example.org")
    assert (bo.handle, bo.language, bo.time_zone, bo.has_usable_password()) == ("Bo", "es", "America/New_York", False)
    assert not Channel.objects.filter(person=bo).exists(), "an address that is not proven carries no alert"
    assert bo not in queries.members(ana)

    (mail,) = letters()
    assert (mail["to"], mail["language"]) == ("bo@example.org", "es")
    answer = client.post(answer.url, {"action": "verify", "code": code_in(mail)})
    assert answer.url == reverse("today")
    assert Channel.objects.usable().filter(person=bo, kind="email").exists()
    assert client.get(reverse("today")).status_code == 200
    bo.refresh_from_db()
    assert (bo.last_seen_on, bo.unproven_since) == (clock.now().date(), None)
    assert bo in queries.members(ana)


def test_looking_at_a_link_changes_nothing(client, ana):
    url = link(ana)
    before = list(Invitation.objects.values())
    for _ in range(20):
        assert client.get(url).status_code == client.head(url).status_code == 200
    assert list(Invitation.objects.values()) == before
    assert "session" not in client.cookies
    assert client.get(url).headers["Referrer-Policy"] == "no-referrer"


def test_the_link_speaks_the_language_that_the_inviter_named_unless_the_reader_says_otherwise(ana):
    url = link(ana, language="es")
    for browser, language in [
        (Client(), "es"),
        (Client(headers={"accept-language": "es"}), "es"),
        (Client(), "en"),
    ]:
        if language == "en":
            browser.post(reverse("set_language"), {"language": "en", "next": url})
        assert f'<html lang="{language}"' in " ".join(browser.get(url).content.decode().split())
        browser.post(url)
        assert browser.cookies["language"].value == language
        assert f'value="{language}" selected' in browser.get(reverse("account_signup")).content.decode()


def test_a_password_is_kept_if_one_is_given(client, ana):
    follow(client, link(ana))
    client.post(reverse("account_signup"), {**NEW, "password1": "four words of pottery"})
    assert Person.objects.get(email="bo@example.org").check_password("four words of pottery")


def test_a_weak_password_is_named_and_what_was_typed_stays(client, ana):
    follow(client, link(ana))
    answer = client.post(reverse("account_signup"), {**NEW, "password1": "short"})
    assert answer.status_code == 200
    assert 'value="bo@example.org"' in answer.content.decode()
    assert not Person.objects.filter(email="bo@example.org").exists()


def test_addresses_are_kept_in_lower_case_and_handles_need_not_be_unique(client, ana):
    follow(client, link(ana))
    client.post(reverse("account_signup"), {**NEW, "username": "  Ana \u202e", "email": "Bo@Example.ORG"})
    assert Person.objects.get(email="bo@example.org").handle == "Ana"


def test_without_an_invitation_sign_up_is_closed(client, neighbourhood):
    assert client.get(reverse("account_signup")).status_code == 403
    assert client.post(reverse("account_signup"), NEW).status_code == 403
    assert not Person.objects.exists()


def test_an_open_network_needs_no_invitation(client, neighbourhood):
    neighbourhood.open_signup = True
    neighbourhood.save()
    assert client.get(reverse("account_signup")).status_code == 200
    client.post(reverse("account_signup"), NEW)
    assert Person.objects.filter(email="bo@example.org").exists()


@pytest.mark.parametrize("how", ["revoked", "expired", "used", "unknown"])
def test_a_closed_link_says_so_and_opens_nothing(client, ana, how):
    url = link(ana)
    change = {"revoked": {"revoked_at": clock.now()}, "expired": {"expires_at": clock.now()}, "used": {"used": 1}}
    if how == "unknown":
        url = reverse("join", args=["x" * 43])
    else:
        Invitation.objects.update(**change[how])
    answer = client.get(url)
    assert answer.status_code == 410
    assert "Ask a member for a new link" in answer.content.decode()
    assert client.post(url).status_code == 410
    assert client.get(reverse("account_signup")).status_code == 403


def test_a_link_that_ends_between_two_pages_is_refused_with_a_sentence(client, ana):
    follow(client, link(ana, seats=2))
    form = client.get(reverse("account_signup"))
    assert form.status_code == 200
    Invitation.objects.update(revoked_at=clock.now())
    assert client.post(reverse("account_signup"), NEW).status_code == 403


def test_somebody_who_is_in_already_needs_no_link(as_ana, ana):
    url = link(ana)
    assert reverse("today") in as_ana.get(url).content.decode()
    assert as_ana.post(url).url == reverse("today")


def test_a_taken_address_looks_like_a_free_one_and_takes_the_place_too(client, ana, member):
    member(email="bo@example.org", language="es")
    follow(client, link(ana))
    answer = client.post(reverse("account_signup"), NEW)
    assert answer.url == reverse("account_email_verification_sent")
    assert client.get(answer.url).status_code == 200
    (mail,) = letters()
    assert (mail["to"], mail["title"], mail["language"]) == ("bo@example.org", "Ya estás dentro", "es")
    assert Invitation.objects.get().used == 1
    assert Person.objects.count() == 2


def test_what_a_spreadsheet_said_is_filled_in_and_handed_on_once(client, ana, monkeypatch):
    handed = []
    monkeypatch.setattr(joining, "on_joined", [lambda person, said, now: handed.append((person.email, said))])
    said = {"handle": "Bo of the bakery", "language": "es", "skills": ["cook"]}
    made = invitations.staged(address="bo@example.org", language="es", said=said, inviter=ana, now=clock.now())
    follow(client, reverse("join", args=[made.token()]))
    form = client.get(reverse("account_signup")).content.decode()
    assert 'value="Bo of the bakery"' in form
    assert 'value="bo@example.org"' in form
    client.post(reverse("account_signup"), NEW)
    assert handed == [("bo@example.org", said)]
    made.refresh_from_db()
    assert (made.staged, made.address) == (None, None)


def test_the_first_organizer_gets_a_year(client, neighbourhood):
    made = invitations.invite_organizer(address="bo@example.org", language="en", now=clock.now())
    follow(client, reverse("join", args=[made.token()]))
    client.post(reverse("account_signup"), NEW)
    term = OrganizerTerm.objects.get(person__email="bo@example.org")
    assert (term.ends_on - term.starts_on).days == 365


def test_join_refuses_what_is_closed(ana):
    made = invitations.invite(by=ana, seats=1, language="en", days=1, now=clock.now())
    with pytest.raises(Refused, match="has ended"):
        joining.join(newcomer=newcomer("bo@example.org"), token=made.token(), now=clock.now() + timedelta(days=2))
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_press_at_once_on_the_last_place():
    """Two connections: one gets the place, the other a sentence, and nothing else is written."""
    made = invitations.invite(by=PersonFactory(), seats=1, language="en", days=14, now=clock.now())
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def press(email: str) -> None:
        try:
            start.wait()
            person = joining.join(newcomer=newcomer(email), token=made.token(), now=clock.now())
            outcomes.append(person.email if person else "taken")
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    presses = [threading.Thread(target=press, args=[f"{name}@example.org"]) for name in ("bo", "cem")]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    won = [outcome for outcome in outcomes if outcome.endswith("@example.org")]
    assert len(won) == 1
    assert sorted(outcomes) == sorted(
        [*won, "The last place on this invitation was just taken. Ask a member for a new link."]
    )
    assert Person.objects.filter(email__in=["bo@example.org", "cem@example.org"]).count() == 1
    assert Invitation.objects.get().used == 1


@pytest.mark.django_db(transaction=True)
def test_one_address_pressed_twice_at_once_becomes_one_person():
    made = invitations.invite(by=PersonFactory(), seats=5, language="en", days=14, now=clock.now())
    start = threading.Barrier(2)
    made_people: list[Person | None] = []

    def press() -> None:
        try:
            start.wait()
            made_people.append(joining.join(newcomer=newcomer("bo@example.org"), token=made.token(), now=clock.now()))
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert [person is None for person in made_people].count(True) == 1
    assert Person.objects.filter(email="bo@example.org").count() == 1


def test_whoever_never_proves_the_address_is_forgotten_after_two_weeks(client, ana):
    follow(client, link(ana))
    client.post(reverse("account_signup"), NEW)
    purge(clock.now() + timedelta(days=13))
    assert Person.objects.filter(email="bo@example.org").exists()
    purge(clock.now() + timedelta(days=15))
    assert list(Person.objects.all()) == [ana]
