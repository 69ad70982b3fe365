"""A member's own links: made, shown, taken back; nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from commons.people import rules
from commons.people.actions import invitations
from commons.people.models import Invitation
from commons.web.qr import qr
from commons.web.refusal import Refused

FORM = {"seats": "5", "language": "es", "days": "7"}


def make(person, **fields) -> Invitation:
    return invitations.invite(by=person, **{"seats": 1, "language": "en", "days": 14, "now": clock.now(), **fields})


def test_a_member_makes_a_link_and_sees_it(as_ana, ana):
    answer = as_ana.post(reverse("invitations"), FORM)
    made = Invitation.objects.get()
    assert answer.url == reverse("invitation", args=[made.ref])
    assert (made.inviter, made.seats, made.language, (made.expires_at - made.made_at).days) == (ana, 5, "es", 7)
    page = as_ana.get(answer.url).content.decode()
    assert f"http://localhost:8000/join/{made.token()}/" in page
    assert f'<path d="{qr(f"http://localhost:8000/join/{made.token()}/").path}"' in page
    assert made.token() not in as_ana.get(reverse("invitations")).content.decode()


def test_the_database_holds_no_token(ana):
    made = make(ana)
    held = "".join(str(value) for value in Invitation.objects.values_list().get())
    assert made.token() not in held


@pytest.mark.parametrize(("field", "value"), [("seats", "0"), ("seats", "31"), ("days", "61"), ("language", "xx")])
def test_what_is_out_of_bounds_is_refused_and_what_was_typed_stays(as_ana, field, value):
    answer = as_ana.post(reverse("invitations"), {**FORM, field: value})
    assert answer.status_code == 200
    assert 'value="5"' in answer.content.decode() or field == "seats"
    assert not Invitation.objects.exists()


def test_ten_open_links_are_enough(as_ana, ana):
    for _ in range(rules.OPEN_LINKS_MOST):
        make(ana)
    answer = as_ana.post(reverse("invitations"), FORM)
    assert answer.status_code == 409
    assert "ten open links" in answer.content.decode()
    invitations.revoke(invitation=Invitation.objects.first(), now=clock.now())
    assert as_ana.post(reverse("invitations"), FORM).status_code == 302


def test_a_link_is_taken_back_once(as_ana, ana):
    made = make(ana)
    for _ in range(2):
        assert as_ana.post(reverse("invitation_revoke", args=[made.ref])).url == reverse("invitations")
    assert as_ana.get(reverse("join", args=[made.token()])).status_code == 410
    assert "any more" in as_ana.get(reverse("invitation", args=[made.ref])).content.decode()


def test_nobody_elses_link_exists(ana, member):
    made = make(ana)
    bo = Client()
    bo.force_login(member(handle="Bo"))
    assert bo.get(reverse("invitation", args=[made.ref])).status_code == 404
    assert bo.post(reverse("invitation_revoke", args=[made.ref])).status_code == 404
    made.refresh_from_db()
    assert made.revoked_at is None
    assert f"/invitations/{made.ref}/" not in bo.get(reverse("invitations")).content.decode()


def test_the_page_asks_the_database_as_often_for_thirty_links_as_for_one(as_ana, ana):
    counts = []
    for wanted in (1, 30):
        while Invitation.objects.count() < wanted:
            made = make(ana)
            if Invitation.objects.count() % 2:
                invitations.revoke(invitation=made, now=clock.now())
            else:
                Invitation.objects.filter(pk=made.pk).update(used=1)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert as_ana.get(reverse("invitations")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_action_refuses_what_the_form_lets_through(ana):
    with pytest.raises(Refused, match="between 1 and 30"):
        make(ana, seats=31)
    with pytest.raises(Refused, match="at most 60"):
        make(ana, days=61)


def test_only_the_newest_founding_link_works(neighbourhood):
    first = invitations.invite_organizer(address="a@example.org", language="en", now=clock.now())
    second = invitations.invite_organizer(address="a@example.org", language="en", now=clock.now())
    usable = Invitation.objects.usable(clock.now())
    assert list(usable) == [second]
    assert first not in usable


def test_links_from_a_spreadsheet_neither_fill_the_page_nor_the_ten(as_ana, ana):
    for number in range(12):
        invitations.staged(
            address=f"n{number}@example.org",
            address_digest=f"{number:064}",
            language="en",
            said={},
            inviter=ana,
            now=clock.now(),
        )
    assert as_ana.post(reverse("invitations"), FORM).status_code == 302
    assert as_ana.get(reverse("invitations")).content.decode().count("0 of 5 places taken") == 1
