"""Paper cards typed in for others: kept, judged, entered once, told, undone with one tap, gone if never accepted."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from commons import clock
from commons.notices.models import Delivery, Link
from commons.people.actions import joining
from commons.people.actions.retention import purge
from commons.people.models import Invitation
from commons.web import today
from commons.web.refusal import Refused
from sites.actions import assets
from sites.actions import stacks as actions
from sites.actions.assets import Terms
from sites.models import Asset, CardStack
from sites.queries import stacks as queries
from sites.rules import cards
from sites.rules.cards import Amiss, Becomes
from tests.factories import PersonFactory, organizer


def row(who="Mina", what="Ladder", kind="tool", limits="", email="", seen="network") -> dict[str, str]:
    return {"who": who, "email": email, "kind": kind, "what": what, "limits": limits, "seen": seen}


def typed(by, now, *rows) -> CardStack:
    return actions.keep(stack=actions.begin(by=by, now=now), rows=list(rows), now=now)


def posted(*rows, **more) -> dict[str, list[str]]:
    return {**{name: [one[name] for one in rows] for name in cards.COLUMNS}, **more}


# --- what a row says ---------------------------------------------------------------------------------


@given(st.lists(st.dictionaries(st.sampled_from(cards.COLUMNS), st.text(max_size=40)), max_size=70))
def test_whatever_is_typed_is_kept_as_rows_and_judged(rows):
    kept = cards.cells({name: [one.get(name, "") for one in rows] for name in cards.COLUMNS})
    assert len(kept) <= cards.ROWS_MOST
    assert cards.cells({name: [one[name] for one in kept] for name in cards.COLUMNS}) == kept
    judged = cards.judge(kept)
    assert [card.number for card in judged] == list(range(1, len(kept) + 1))


def test_an_empty_name_is_the_one_above():
    judged = cards.judge([row(), row(who="", what="Tent"), row(who="Olga"), row(who="", what="")])
    assert [card.who for card in judged] == ["Mina", "Mina", "Olga", "Olga"]
    assert [card.amiss for card in judged] == [None, None, None, Amiss.NO_WHAT]


def test_limits_are_understood_and_the_rest_is_a_note():
    [card] = cards.judge([row(limits="not nights; ask my sister")])
    assert (list(card.limits), card.note) == (["not_nights"], "ask my sister")


def becomes(*rows) -> list[tuple[str, str | None]]:
    return [(one.becomes.value, one.card.amiss) for one in queries.plan(rows)]


def test_what_each_card_becomes(mina, olga, now):
    for _ in range(2):
        PersonFactory(handle="José")
    terms = Terms(audience="network")
    assets.share(person=mina, kind="tool", skill=None, title="Ladder", terms=terms, now=now)
    said = becomes(
        row(who="mína", what="Tent"), row(who=mina.ref, what="Drill"), row(who=" OLGA "), row(what="ladder"),
        row(who="Jose"), row(who="Nobody"), row(who="New", email="new@example.net"), row(email="not-an-address"),
        row(who="Whoever", email="OLGA@example.org", what="Van"), row(who="x" * 41), row(what="x" * 61),
    )  # fmt: skip
    assert said == [
        ("shared", None), ("shared", None), ("shared", None), ("there", None),
        ("amiss", "several"), ("amiss", "nobody"), ("invited", None), ("amiss", "bad_email"),
        ("shared", None), ("amiss", "too_long"), ("amiss", "too_long"),
    ]  # fmt: skip


# --- entering -------------------------------------------------------------------------------------


def test_entered_for_members_marked_and_told_once(mina, olga, now):
    stack = typed(
        olga, now, row(), row(what="nurse", kind="skill", limits="not nights"), row(what="Hall", kind="space")
    )
    planned, left = actions.enter(stack=stack, now=now)
    assert ([one.becomes for one in planned], left) == ([Becomes.SHARED] * 3, None)
    mine = Asset.objects.filter(person=mina)
    assert {str(one) for one in mine} == {"Ladder", "nurse", "Hall"}
    assert {(one.stack_id, one.pending_until, one.fresh_until) for one in mine} == {
        (stack.pk, now + timedelta(days=14), now + timedelta(days=14))
    }
    assert mine.get(kind="skill").limits == ["not_nights"]
    told = Delivery.objects.filter(kind="sites.card")
    assert list(told.values_list("person_id", "subject")) == [(mina.pk, stack.subject)]
    assert "Your card was typed in for you" in [str(card.title) for card in today.cards(mina, now)]
    stack.refresh_from_db()
    assert stack.draft is None


def test_what_is_amiss_stays_to_be_mended(mina, olga, now):
    stack = typed(olga, now, row(), row(who="Nobody", limits="not nights"), row(who="", what="Tent"))
    _planned, left = actions.enter(stack=stack, now=now)
    assert queries.unpack(left) == [row(who="Nobody", limits="not nights"), row(who="Nobody", what="Tent")]
    assert list(queries.stacks_of(olga)) == [left]


def test_nothing_good_is_nothing_entered(olga, now):
    stack = typed(olga, now, row(who="Nobody"))
    with pytest.raises(Refused):
        actions.enter(stack=stack, now=now)
    assert queries.unpack(queries.stacks_of(olga).get()) == [row(who="Nobody")]


def test_what_somebody_shares_by_their_own_word_stays_as_they_said(mina, olga, now):
    mine = assets.share(
        person=mina, kind="skill", skill=assets.skill_named("cooking"), title="", terms=Terms(note="for ten"), now=now
    )  # fmt: skip
    stack = typed(olga, now, row(what="cooking for 50", kind="skill"), row(what="Tent"))
    actions.enter(stack=stack, now=now)
    mine.refresh_from_db()
    assert (mine.note, mine.pending_until, mine.audience) == ("for ten", None, "pod")
    assert Asset.objects.filter(person=mina).count() == 2


def test_the_same_card_twice_is_one_thing(mina, olga, now):
    stack = typed(
        olga, now, row(), row(what="LADDER"), row(what="sewing", kind="skill"), row(what="Sewing", kind="skill")
    )
    actions.enter(stack=stack, now=now)
    assert Asset.objects.filter(person=mina).count() == 2


def test_accepted_by_the_link_it_is_theirs_for_a_year(mina, olga, now):
    stack = typed(olga, now, row(), row(what="Tent"))
    actions.enter(stack=stack, now=now)
    page = reverse("asset_link", args=[Link.objects.get(purpose="card", person=mina).token()])
    visitor = Client()
    assert "Olga typed it in" in visitor.get(page).content.decode()
    assert Asset.objects.filter(pending_until=None).count() == 0, "looking changes nothing"
    visitor.post(page, {"do": "keep", "ref": Asset.objects.get(title="Ladder").ref})
    visitor.post(page, {"do": "drop", "ref": Asset.objects.get(title="Tent").ref})
    left = Asset.objects.get(person=mina)
    assert (left.title, left.pending_until) == ("Ladder", None)
    assert left.fresh_until > now + timedelta(days=364)
    assert "Thank you" in visitor.get(page).content.decode()


def test_undone_on_ones_own_page(as_mina, mina, olga, now):
    actions.enter(stack=typed(olga, now, row()), now=now)
    page = as_mina.get("/share/").content.decode()
    assert "Olga typed this in for you" in page
    assert "That is mine" in page
    as_mina.post(f"/share/{Asset.objects.get().ref}/take-back/")
    assert not Asset.objects.exists()


def test_what_nobody_says_yes_to_goes_after_fourteen_days(mina, olga, now):
    actions.enter(stack=typed(olga, now, row(), row(what="Tent")), now=now)
    assets.still_true(asset=Asset.objects.get(title="Tent"), now=now)
    purge(now + timedelta(days=13))
    assert Asset.objects.count() == 2
    purge(now + timedelta(days=14, minutes=1))
    assert [str(one) for one in Asset.objects.all()] == ["Tent"]
    assert not CardStack.objects.exists()


def test_a_draft_is_sealed_and_forgotten_after_two_weeks(olga, now):
    typed(olga, now, row(what="behind the laundry"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(draft, 'escape') FROM casserole_sites_cardstack")
        assert "laundry" not in cursor.fetchone()[0]
    purge(now + timedelta(days=15))
    assert not CardStack.objects.exists()


# --- whoever is not here yet ---------------------------------------------------------------------------


def test_whoever_is_not_here_is_invited_once_and_their_cards_wait(olga, now):
    stack = typed(
        olga, now,
        row(who="New", email="new@example.net", what="nurse", kind="skill", limits="no stairs; ring twice"),
        row(who="", what="Tent", seen="pod"),
    )  # fmt: skip
    actions.enter(stack=stack, now=now)
    invitation = Invitation.objects.get()
    said = json.loads(invitation.staged)
    assert (said["handle"], [offer["title"] or offer["skill"] for offer in said["offers"]]) == (
        "New",
        ["nurse", "Tent"],
    )
    assert Delivery.objects.filter(kind="sites.invitation").count() == 1
    newcomer = joining.Newcomer("New", "new@example.net", None, "en", "UTC")
    person = joining.join(newcomer=newcomer, token=invitation.token(), now=now)
    nurse, tent = Asset.objects.filter(person=person).order_by("id")
    assert (nurse.skill.key, nurse.limits, nurse.note, nurse.audience) == (
        "nurse",
        ["no_stairs"],
        "ring twice",
        "network",
    )
    assert (tent.title, tent.kind, tent.audience, tent.pending_until) == ("Tent", "tool", "pod", None)


def test_another_evening_adds_to_the_invitation_that_stands(olga, now):
    new = {"who": "New", "email": "new@example.net"}
    actions.enter(stack=typed(olga, now, row(**new)), now=now)
    actions.enter(stack=typed(olga, now, row(**new), row(**new, what="Tent")), now=now)
    assert len(json.loads(Invitation.objects.get().staged)["offers"]) == 2
    assert Delivery.objects.filter(kind="sites.invitation").count() == 1


def test_an_invitation_that_ended_is_made_anew_and_one_taken_back_is_not(olga, now):
    new = {"who": "New", "email": "new@example.net"}
    actions.enter(stack=typed(olga, now - timedelta(days=20), row(**new)), now=now - timedelta(days=20))
    old = Invitation.objects.get()
    actions.enter(stack=typed(olga, now, row(**new, what="Tent")), now=now)
    invitation = Invitation.objects.get()
    assert invitation.digest != old.digest
    assert invitation.expires_at > now
    invitation.revoked_at = now
    invitation.save()
    assert becomes(row(**new)) == [("amiss", "withdrawn")]


# --- two at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_presses_enter_once():
    now, olga, mina = clock.now(), organizer(PersonFactory(handle="Olga")), PersonFactory(handle="Mina")
    stack = typed(olga, now, row(), row(who="New", email="new@example.net"))
    start, said = threading.Barrier(3), []

    def press() -> None:
        try:
            start.wait()
            actions.enter(stack=stack, now=now)
            said.append("entered")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["entered", "refused", "refused"]
    assert (Asset.objects.filter(person=mina).count(), Invitation.objects.count()) == (1, 1)
