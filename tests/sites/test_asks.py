"""Asking for what is shared, lending and having back: who may what, one borrower at a time, forgotten a month later."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from commons.notices.models import Delivery
from commons.people.actions.retention import purge
from commons.web import today
from commons.web.refusal import Refused
from sites.actions import asks as actions
from sites.actions import assets
from sites.actions.assets import Terms
from sites.models import Ask, AskLine, Asset
from sites.queries import asks as queries
from sites.rules import asks as rules
from sites.rules.asks import Side, Step
from sites.states import LendingState
from tests.factories import PersonFactory
from tests.sites.conftest import signed_in


def share(person, now, *, kind="tool", title="Ladder") -> Asset:
    terms = Terms(audience="network")
    return assets.share(person=person, kind=kind, skill=None, title=title, terms=terms, now=now)


def ask(by, asset, now, text="For the gutters, on Saturday?", days=3) -> Ask:
    until = queries.today_here(now) + timedelta(days=days) if asset.kind == "tool" else None
    return actions.ask(by=by, asset=asset, text=text, until=until, now=now)


def told(ask) -> list[int]:
    rows = Delivery.objects.filter(subject=ask.subject, kind="sites.ask").order_by("round")
    return list(rows.values_list("person_id", flat=True))


def titles(person, now) -> list[str]:
    return [str(card.title) for card in today.cards(person, now)]


# --- rules ---------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(list(Step)), st.sampled_from(list(Side))), max_size=30), st.booleans())
def test_whatever_is_pressed_nothing_leaves_an_end_and_only_loans_go_out(presses, loan):
    state = LendingState.ASKED
    for step, side in presses:
        goal = rules.after(step, state=state, side=side, loan=loan)
        assert (goal is not None) == (step in rules.steps(state=state, side=side, loan=loan))
        assert not (rules.ended(state) and goal is not None)
        state = goal or state
        assert loan or state not in {LendingState.OUT, LendingState.BACK}
        assert not (loan and state is LendingState.DONE)


def test_only_the_owner_says_yes_and_only_the_asker_takes_back():
    for loan in (True, False):
        assert Step.YES not in rules.steps(state=LendingState.ASKED, side=Side.ASKER, loan=loan)
        assert Step.WITHDRAW not in rules.steps(state=LendingState.ASKED, side=Side.OWNER, loan=loan)


# --- the whole way ---------------------------------------------------------------------------------


def test_a_ladder_goes_out_and_comes_back(mina, olga, now):
    ladder = share(olga, now)
    made = ask(mina, ladder, now)
    assert "Mina asks for something: Ladder" in titles(olga, now)
    actions.take(by=olga, ask=made, step=Step.YES, now=now)
    assert "Olga says yes: Ladder" in titles(mina, now)
    actions.take(by=mina, ask=made, step=Step.OUT, now=now)
    assert titles(olga, now) == titles(mina, now) == []
    later = now + timedelta(days=4)
    assert "Time to bring it back: Ladder" in titles(mina, later)
    assert "Is it back? Ladder" in titles(olga, later)
    back = actions.take(by=mina, ask=made, step=Step.BACK, now=later)
    assert (back.state, back.ended_at, back.lapses_at) == ("back", later, None)
    assert "It is back: Ladder" in titles(olga, later)
    assert told(made) == [olga.pk, mina.pk, olga.pk, olga.pk]


def test_nobody_takes_a_step_that_is_not_theirs_or_not_now(mina, olga, now):
    made = ask(mina, share(olga, now), now)
    for by, step in ((mina, Step.YES), (mina, Step.OUT), (olga, Step.WITHDRAW), (olga, Step.BACK), (olga, Step.DONE)):
        with pytest.raises(Refused):
            actions.take(by=by, ask=made, step=step, now=now)
    made.refresh_from_db()
    assert made.state == "asked"


def test_what_is_no_tool_is_agreed_and_done(mina, olga, now):
    made = ask(mina, share(olga, now, kind="space", title="Hall"), now)
    actions.take(by=olga, ask=made, step=Step.YES, now=now)
    assert queries.steps(state=LendingState.AGREED, side=Side.OWNER, loan=False) == [Step.NO, Step.DONE]
    assert actions.take(by=mina, ask=made, step=Step.DONE, now=now).state == "done"


def test_a_no_needs_no_reason_and_is_said_for_three_days(mina, olga, now):
    made = ask(mina, share(olga, now), now)
    actions.take(by=olga, ask=made, step=Step.NO, now=now)
    assert "Not this time: Ladder" in titles(mina, now)
    assert titles(mina, now + timedelta(days=4)) == []


@pytest.mark.parametrize("days", [-1, 61])
def test_a_tool_is_asked_for_until_a_day_that_can_be(mina, olga, now, days):
    with pytest.raises(Refused):
        ask(mina, share(olga, now), now, days=days)


def test_nobody_asks_themselves_twice_for_one_thing_or_for_everything(mina, olga, now):
    ladder = share(olga, now)
    with pytest.raises(Refused):
        ask(olga, ladder, now)
    ask(mina, ladder, now)
    with pytest.raises(Refused):
        ask(mina, ladder, now)
    for number in range(9):
        ask(mina, share(olga, now, title=f"Tool {number}"), now)
    with pytest.raises(Refused):
        ask(mina, share(olga, now, title="One more"), now)


def test_unanswered_for_a_month_it_is_over_and_can_be_asked_again(mina, olga, now):
    ladder = share(olga, now)
    ask(mina, ladder, now - timedelta(days=31))
    assert queries.rows(mina, queries.today_here(now)) == []
    assert ask(mina, ladder, now).state == "asked"


def test_an_agreement_that_nobody_came_for_does_not_keep_the_tool(mina, olga, now):
    ladder, other = share(olga, now), PersonFactory(handle="Other")
    old = ask(other, ladder, now - timedelta(days=40))
    actions.take(by=olga, ask=old, step=Step.YES, now=now - timedelta(days=31))
    made = ask(mina, ladder, now)
    assert actions.take(by=olga, ask=made, step=Step.YES, now=now).state == "agreed"


def test_they_are_told_once_and_again_after_they_answered(mina, olga, now):
    made = ask(mina, share(olga, now), now)
    for text in ("And the drill?", "Or the tent?"):
        actions.say(by=mina, ask=made, text=text, now=now)
    assert told(made) == [olga.pk]
    actions.say(by=olga, ask=made, text="All of it", now=now)
    actions.say(by=mina, ask=made, text="Thank you", now=now)
    assert told(made) == [olga.pk, mina.pk, olga.pk]
    actions.take(by=mina, ask=made, step=Step.WITHDRAW, now=now)
    with pytest.raises(Refused):
        actions.say(by=mina, ask=made, text="Hello?", now=now)


def test_whoever_keeps_it_longer_is_told_once_and_can_be_given_a_week(mina, olga, now):
    made = ask(mina, share(olga, now), now)
    for by, step in ((olga, Step.YES), (olga, Step.OUT)):
        actions.take(by=by, ask=made, step=step, now=now)
    assert actions.remind(now=now + timedelta(days=2)) == 0
    late = now + timedelta(days=5)
    assert (actions.remind(now=late), actions.remind(now=late)) == (1, 0)
    assert told(made)[-1] == mina.pk
    longer = actions.take(by=olga, ask=made, step=Step.LONGER, now=late)
    assert longer.due_on == queries.today_here(late) + timedelta(days=7)
    assert actions.remind(now=late + timedelta(days=9)) == 1


def test_what_is_lent_is_not_taken_off_the_list(mina, olga, now):
    ladder = share(olga, now)
    made = ask(mina, ladder, now)
    actions.take(by=olga, ask=made, step=Step.YES, now=now)
    actions.take(by=olga, ask=made, step=Step.OUT, now=now)
    with pytest.raises(Refused):
        assets.take_back(asset=ladder, now=now)
    actions.take(by=olga, ask=made, step=Step.BACK, now=now)
    assets.take_back(asset=ladder, now=now)
    assert not Ask.objects.exists()


# --- forgotten ------------------------------------------------------------------------------------


def test_a_month_later_nobody_can_look_up_who_borrowed_what(mina, olga, now):
    ladder, hall = share(olga, now), share(olga, now, kind="space", title="Hall")
    lent = ask(mina, ladder, now)
    for step in (Step.YES, Step.OUT):
        actions.take(by=olga, ask=lent, step=step, now=now)
    ask(mina, hall, now)
    purge(now + timedelta(days=61))
    assert list(Ask.objects.all()) == [lent], "what somebody has in their hands is not forgotten"
    actions.take(by=olga, ask=lent, step=Step.BACK, now=now + timedelta(days=61))
    purge(now + timedelta(days=90))
    assert Ask.objects.exists()
    purge(now + timedelta(days=92))
    assert not Ask.objects.exists()
    assert not AskLine.objects.exists()


def test_what_they_said_is_sealed(mina, olga, now):
    ask(mina, share(olga, now), now, text="behind the laundry")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(text, 'escape') FROM casserole_sites_askline")
        assert "laundry" not in cursor.fetchone()[0]


# --- in the browser ----------------------------------------------------------------------------------


def test_asking_answering_and_handing_over_on_the_pages(as_mina, mina, as_olga, olga, now):
    ladder = share(olga, now)
    until = queries.today_here(now) + timedelta(days=3)
    answer = as_mina.post(f"/assets/{ladder.ref}/", {"text": "For the gutters", "until": until})
    made = Ask.objects.get()
    assert answer.headers["Location"] == f"/assets/asked/{made.ref}/"
    page = as_olga.get(f"/assets/asked/{made.ref}/").content.decode()
    assert "For the gutters" in page
    assert mina.email not in page
    as_olga.post(f"/assets/asked/{made.ref}/step/", {"step": "yes"})
    as_olga.post(f"/assets/asked/{made.ref}/", {"text": "Ring at six"})
    as_olga.post(f"/assets/asked/{made.ref}/step/", {"step": "out"})
    assert "Ring at six" in as_mina.get(f"/assets/asked/{made.ref}/").content.decode()
    assert "lent until" in as_mina.get("/assets/asked/").content.decode()
    assert "lent" in signed_in(PersonFactory()).get("/assets/").content.decode()
    as_mina.post(f"/assets/asked/{made.ref}/step/", {"step": "back"})
    assert Ask.objects.get().state == "back"
    assert as_mina.post(f"/assets/asked/{made.ref}/step/", {"step": "fly"}).status_code == 302


def test_nobody_else_sees_what_two_say_to_each_other(mina, olga, now):
    made = ask(mina, share(olga, now), now)
    other = signed_in(PersonFactory())
    for address in (f"/assets/asked/{made.ref}/", f"/assets/asked/{made.ref}/step/"):
        assert other.post(address, {"text": "x", "step": "yes"}).status_code == 404
    assert other.get(f"/assets/asked/{made.ref}/").status_code == 404
    assert made.ref not in other.get("/assets/asked/").content.decode()


def test_whoever_was_thrown_out_is_seen_and_told_no_more(as_olga, mina, olga, now):
    made = ask(mina, share(olga, now), now)
    thrown = signed_in(mina)
    mina.is_active = False
    mina.save()
    assert thrown.get(f"/assets/asked/{made.ref}/").status_code == 302
    assert as_olga.get(f"/assets/asked/{made.ref}/").status_code == 404


def test_markup_is_shown_and_never_run(as_olga, mina, olga, now):
    made = ask(mina, share(olga, now, title="<script>alert(1)</script>"), now, text="<img src=x onerror=alert(1)>")
    for address in ("/assets/", "/assets/asked/", f"/assets/asked/{made.ref}/", "/today/"):
        page = as_olga.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_as_many_statements_for_thirty_askings_as_for_one(mina, olga, now):
    browser = signed_in(olga)

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    made = ask(mina, share(olga, now), now)
    addresses = ("/assets/asked/", "/today/", f"/assets/asked/{made.ref}/")
    before = [count(address) for address in addresses]
    for number in range(29):
        ask(PersonFactory(), share(olga, now, title=f"Tool {number}"), now)
        AskLine.objects.create(ask=made, by=mina, text="and", at=now)
    assert [count(address) for address in addresses] == before
