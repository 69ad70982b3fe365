"""What a pod does with its call on the roll call: confirm, add, end, answer, ask further."""

import pytest

from commons import clock
from pods.models import Invite
from tests.factories import PersonFactory, organizer
from tests.pods.scenes import asked, sign_in

pytestmark = pytest.mark.django_db


def test_a_second_member_confirms_and_releases(at):
    call = at.raise_call(kind="raid")
    wei = sign_in(at["Wei"])
    page = wei.get(f"/calls/{call.ref}/").content.decode()
    assert "Not confirmed yet." in page
    assert "I confirm it" in page
    assert "I confirm it" not in sign_in(at["Nuria"]).get(f"/calls/{call.ref}/").content.decode()
    assert wei.post(f"/calls/{call.ref}/confirm/").headers["Location"] == f"/calls/{call.ref}/"
    wei.post(f"/calls/{call.ref}/release/")
    call.refresh_from_db()
    assert (call.confirmed_by, call.released_by) == (at["Wei"], at["Wei"])
    assert "Not confirmed yet." not in wei.get(f"/calls/{call.ref}/").content.decode()


def test_the_raiser_s_own_confirmation_is_refused_with_a_sentence(at, as_nuria):
    call = at.raise_call(kind="raid")
    page = as_nuria.post(f"/calls/{call.ref}/confirm/", follow=True).content.decode()
    assert "Someone other than you has to confirm it." in page
    call.refresh_from_db()
    assert call.confirmed_at is None


def test_a_need_is_added(at, as_nuria):
    call = at.raise_call()
    as_nuria.post(f"/calls/{call.ref}/need/", {"skill": "interpreter_es", "count": "2"})
    as_nuria.post(f"/calls/{call.ref}/need/", {"skill": "", "count": "2"})
    assert list(call.needs.values_list("skill__key", "count")) == [("interpreter_es", 3), (None, 2)]


@pytest.mark.parametrize(("deed", "state"), [("cancel", "cancelled"), ("close", "closed")])
def test_a_call_ends_once(at, as_nuria, deed, state):
    call = at.raise_call()
    as_nuria.post(f"/calls/{call.ref}/{deed}/")
    call.refresh_from_db()
    assert call.state == state
    again = as_nuria.post(f"/calls/{call.ref}/{deed}/", follow=True)
    assert "has ended already" in again.content.decode()


def test_deeds_are_for_the_pod_alone(at):
    call = at.raise_call()
    outsider, keeper = PersonFactory(), organizer(PersonFactory(), now=clock.now())
    for deed in ("confirm", "release", "need", "cancel", "close"):
        assert sign_in(outsider).post(f"/calls/{call.ref}/{deed}/").status_code == 404
        assert sign_in(keeper).post(f"/calls/{call.ref}/{deed}/").status_code == 403
        assert sign_in(at["Wei"]).get(f"/calls/{call.ref}/{deed}/").status_code == 405
    call.refresh_from_db()
    assert call.state == "open"


def test_htmx_gets_the_parts_and_the_message(at, as_nuria):
    call = at.raise_call()
    answer = as_nuria.post(f"/calls/{call.ref}/close/", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Closed. Thank you, all of you." in text
    assert 'id="panel"' in text
    assert "<html" not in text


def test_answering_on_the_roll_call(at):
    call = at.raise_call()
    person = asked(call)[0]
    client = sign_in(person)
    client.post(f"/calls/{call.ref}/answer/", {"say": "coming", "minutes": "30", "key": "k" * 22})
    assert Invite.objects.get(call=call, person=person).state == "coming"
    assert "You're coming" in client.get(f"/calls/{call.ref}/").content.decode()


def test_members_claim_before_they_are_asked_and_strangers_never(at):
    call = at.raise_call()
    unasked = at[next(name for name in at.people if at[name] not in asked(call))]
    client = sign_in(unasked)
    assert "I&#x27;m coming" in client.get(f"/calls/{call.ref}/").content.decode().replace("'", "&#x27;")
    client.post(f"/calls/{call.ref}/answer/", {"say": "coming", "minutes": "10", "key": "k" * 22})
    assert Invite.objects.get(call=call, person=unasked).state == "coming"
    boss = organizer(PersonFactory(), now=clock.now())
    said = {"say": "coming", "minutes": "10", "key": "b" * 22}
    assert sign_in(boss).post(f"/calls/{call.ref}/answer/", said).status_code == 403


def test_the_next_people_are_called_once_from_the_roll_call(at):
    call = at.raise_call()
    person = asked(call)[0]
    client = sign_in(person)
    assert "Call the next people now" in client.get(f"/calls/{call.ref}/").content.decode()
    before = call.invites.count()
    client.post(f"/calls/{call.ref}/answer/", {"say": "more", "key": "k" * 22})
    assert call.invites.count() > before
    assert "Call the next people now" not in client.get(f"/calls/{call.ref}/").content.decode()
