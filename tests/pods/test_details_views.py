"""A call's sealed details: for those who come and count, and that they were opened is written down."""

import pytest

from commons import clock
from pods.actions import calls
from pods.models import Reveal
from pods.states import Answer
from tests.pods.scenes import asked, sign_in

pytestmark = pytest.mark.django_db


def details(person, call, *, method="post"):
    return getattr(sign_in(person), method)(f"/calls/{call.ref}/details/")


def test_details_open_for_who_comes_and_counts_and_it_is_written_down(at):
    call = at.raise_call()
    person = asked(call)[1]
    before = details(person, call)
    assert before.status_code == 409
    assert "4711" not in before.content.decode()
    at.answer(call, person.handle, Answer.COMING, minutes=10)
    shown = details(person, call, method="get").content.decode()
    assert "Open the details" in shown
    assert "4711" not in shown
    assert not Reveal.objects.exists()
    opened = details(person, call)
    assert "Door code 4711, ask for the Ortegas" in opened.content.decode()
    assert opened.headers["Cache-Control"] == "no-store"
    details(person, call)
    assert Reveal.objects.count() == 1


@pytest.mark.parametrize("say", [Answer.AFAR, Answer.CANT])
def test_details_stay_closed_for_who_does_not_come(at, say):
    call = at.raise_call()
    person = asked(call)[1]
    at.answer(call, person.handle, say)
    assert "for those who come" in details(person, call, method="get").content.decode()
    assert details(person, call).status_code == 409


def test_details_of_a_raid_wait_for_a_second_member(at):
    call = at.raise_call(kind="raid")
    person = next(one for one in asked(call) if one != at["Nuria"])
    at.answer(call, person.handle, Answer.COMING, minutes=10)
    assert "second member" in details(person, call, method="get").content.decode()
    assert details(person, call).status_code == 409
    calls.release_details(by=at["Wei"], call=call, now=clock.now())
    assert "4711" in details(person, call).content.decode()


def test_details_by_link_ask_for_sign_in(at, client):
    call = at.raise_call()
    answer = client.get(f"/calls/{call.ref}/details/")
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_details_close_with_the_call(at, as_nuria):
    call = at.raise_call()
    calls.close_call(by=at["Nuria"], call=call, now=clock.now())
    assert as_nuria.post(f"/calls/{call.ref}/details/").status_code == 409


def test_details_show_what_was_typed_as_text(at, as_nuria):
    call = at.raise_call(details="<script>alert(1)</script>")
    assert "<script>alert" not in as_nuria.post(f"/calls/{call.ref}/details/").content.decode()
