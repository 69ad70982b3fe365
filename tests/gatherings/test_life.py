"""What follows by itself: reminders, news, cards on Today, what came of it, and what is forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from commons import clock
from commons.gatherings.actions import after, plans, reminding, seats
from commons.gatherings.models import Coming, Feed, Gathering
from commons.gatherings.queries import cards, produced
from commons.gatherings.queries.produced import Line
from commons.gatherings.rules import Party
from commons.gatherings.states import Kind
from commons.notices import kinds
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery
from commons.people.actions.retention import purge
from commons.people.models import Absence
from commons.web.refusal import Refused
from commons.web.today import SOMETIME, SOON, TODAY
from tests.factories import PersonFactory
from tests.gatherings.conftest import over, plan, signed_in

pytestmark = pytest.mark.django_db
CANARY = "Zimtstern 4711"
DAY = timedelta(days=1)


def titles(person, now) -> list[str]:
    return [str(card.title) for card in cards.cards(person, now)]


# --- reminders and news -----------------------------------------------------------------------------


def test_those_who_said_yes_are_reminded_once_a_day_before(hold, amal, rosa, now):
    gathering = hold(capacity=1)
    waits, no, silent = PersonFactory(), PersonFactory(), PersonFactory()
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    seats.come(by=waits, gathering=gathering, party=Party(), now=now)
    seats.stay_away(by=no, gathering=gathering, now=now)
    begins = gathering.starts_at
    assert reminding.remind_due(now=begins - DAY - timedelta(seconds=1)) == 0
    assert reminding.remind_due(now=begins - DAY) == 1
    assert reminding.remind_due(now=begins - DAY + timedelta(hours=1)) == 0
    assert list(Delivery.objects.values_list("person__handle", "kind", "expires_at")) == [
        ("Amal", "gatherings.reminder", begins)
    ]
    assert silent.deliveries.count() == 0


def test_a_gathering_that_moved_is_reminded_of_again(hold, amal, rosa, now):
    gathering = hold(starts_at=now + timedelta(hours=20))
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    assert reminding.remind_due(now=now) == 1
    later = plan(now, starts_at=now + 4 * DAY)
    plans.change(by=rosa, gathering=gathering, plan=later, seen=gathering.changed_at, now=now)
    assert reminding.remind_due(now=now) == 0
    assert reminding.remind_due(now=now + 3 * DAY) == 1


def test_quiet_hours_hold_a_reminder_back(hold, amal, now):
    gathering = hold(starts_at=now + timedelta(hours=20))
    wall = now.astimezone(gathering.zone)
    amal.quiet_from = (wall - timedelta(hours=1)).time().replace(second=0, microsecond=0)
    amal.quiet_until = (wall + timedelta(hours=3)).time().replace(second=0, microsecond=0)
    amal.save()
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    reminding.remind_due(now=now)
    held = Delivery.objects.get().due_at
    assert timedelta(hours=2) < held - now <= timedelta(hours=3)


def test_nobody_is_reminded_who_rests_or_changed_their_mind(hold, amal, now, smtp_sink):
    gathering = hold(starts_at=now + timedelta(hours=20))
    leaves = PersonFactory()
    today = now.astimezone(gathering.zone).date()
    Absence.objects.create(person=amal, days=(today - DAY, today + 2 * DAY))
    for person in (amal, leaves):
        seats.come(by=person, gathering=gathering, party=Party(), now=now)
    assert reminding.remind_due(now=now) == 2
    seats.stay_away(by=leaves, gathering=gathering, now=now)
    carry_due()
    let_go()
    assert smtp_sink.received == []


def test_a_move_is_told_to_all_but_the_one_who_moved_it(gathering, amal, rosa, now, smtp_sink):
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    seats.come(by=rosa, gathering=gathering, party=Party(), now=now)
    seats.stay_away(by=PersonFactory(), gathering=gathering, now=now)
    moved = plan(now, starts_at=gathering.starts_at, place="School on Oak")
    plans.change(by=rosa, gathering=gathering, plan=moved, seen=gathering.changed_at, now=now)
    carry_due()
    let_go()
    [mail] = smtp_sink.mails
    assert (mail["To"], mail["Subject"]) == ("amal@example.org", "Something has changed")
    assert "Changed: What we can share" in titles(amal, now)
    page = signed_in(amal).get("/today/").content.decode()
    assert "School on Oak" in page


def test_another_title_is_nobodys_news(gathering, amal, rosa, now):
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    renamed = plan(now, starts_at=gathering.starts_at, title="What we share")
    plans.change(by=rosa, gathering=gathering, plan=renamed, seen=gathering.changed_at, now=now)
    assert not Delivery.objects.exists()


def test_called_off_is_told_and_stands_on_today(gathering, amal, rosa, now, smtp_sink):
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    plans.cancel(by=rosa, gathering=gathering, now=now)
    plans.cancel(by=rosa, gathering=gathering, now=now)
    carry_due()
    let_go()
    assert [mail["Subject"] for mail in smtp_sink.mails] == ["Something was called off"]
    assert titles(amal, now) == ["Called off: What we can share"]
    with pytest.raises(Refused, match="called off"):
        seats.come(by=PersonFactory(), gathering=gathering, party=Party(), now=now)


def test_every_message_has_words():
    mine = {"gatherings.reminder", "gatherings.changed", "gatherings.cancelled", "gatherings.room"}
    assert mine <= kinds.registered()


# --- Today ------------------------------------------------------------------------------------------


def test_today_asks_once_and_never_after_a_no(hold, amal, rosa, now):
    hold(title="First")
    hold(title="Second", starts_at=now + 4 * DAY)
    [card] = cards.cards(amal, now)
    assert (card.title, card.urgency) == ("First", SOMETIME)
    seats.stay_away(by=amal, gathering=Gathering.objects.get(title="First"), now=now)
    assert titles(amal, now) == ["Second"]
    seats.stay_away(by=amal, gathering=Gathering.objects.get(title="Second"), now=now)
    assert titles(amal, now) == []
    assert titles(rosa, now) == []


def test_what_begins_soon_stands_on_today(hold, amal, rosa, now):
    gathering = hold(starts_at=now + timedelta(hours=30))
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    assert [card.urgency for card in cards.cards(amal, now)] == [SOON]
    assert [card.urgency for card in cards.cards(amal, now + timedelta(hours=8))] == [TODAY]
    assert [card.urgency for card in cards.cards(rosa, now + timedelta(hours=8))] == [TODAY]


def test_the_host_is_asked_how_it_was_until_it_is_written_down(gathering, amal, rosa, now):
    over(gathering, now)
    [card] = cards.cards(rosa, now)
    assert (card.title, card.url) == (
        "How was “What we can share”?", reverse("gathering_after", args=[gathering.ref]),
    )  # fmt: skip
    after.record(gathering=gathering, came=3, outcome="", notes="", now=now)
    assert titles(rosa, now) == titles(amal, now) == []


def test_nobody_is_asked_how_a_decompression_was(hold, rosa, now):
    over(hold(kind="decompression"), now)
    assert titles(rosa, now) == []


# --- after ------------------------------------------------------------------------------------------


def test_what_came_of_it_is_written_down_and_names_are_asked_about(gathering, amal, rosa, now):
    path = reverse("gathering_after", args=[gathering.ref])
    over(gathering, now)
    browser = signed_in(rosa)
    said = {"came": "12", "outcome": "Amal brings the ladder", "notes": "Call 410 555 0199"}
    page = browser.post(path, said).content.decode()
    assert "“Amal” is what a member goes by" in page
    assert "looks like a telephone number" in page
    assert "Amal brings the ladder" in page
    assert Gathering.objects.get().outcome is None
    assert browser.post(path, {**said, "keep": "on"}).status_code == 302
    row = Gathering.objects.get()
    assert (row.came, row.outcome, row.notes) == (12, "Amal brings the ladder", "Call 410 555 0199")
    member = signed_in(amal).get(reverse("gathering", args=[row.ref])).content.decode()
    assert "Amal brings the ladder" in member
    assert "410 555" not in member
    assert "410 555" in browser.get(reverse("gathering", args=[row.ref])).content.decode()
    assert signed_in(amal).get(path).status_code == 403


def test_nothing_is_written_down_of_a_decompression(hold, rosa, now):
    gathering = over(hold(kind="decompression"), now)
    answer = signed_in(rosa).post(reverse("gathering_after", args=[gathering.ref]), {"came": "4"})
    assert (answer.status_code, Gathering.objects.get().came) == (409, None)


def test_upper_apps_count_what_came_of_it(gathering, rosa, now, monkeypatch):
    monkeypatch.setattr(produced, "_sources", {})
    asked = []

    @produced.produced(Kind.ASSET_MAPPING)
    def mapped(begin, end):
        asked.append((begin, end))
        return [Line(7, "things on the map"), Line(0, "needs")]

    produced.produced()(mapped)
    assert produced.lines(gathering, now) == []
    held = over(gathering, now)
    assert produced.lines(held, now) == [Line(7, "things on the map")]
    assert asked == [(held.starts_at, held.ends_at + timedelta(hours=12))]
    page = signed_in(rosa).get(reverse("gathering", args=[held.ref])).content.decode()
    assert "things on the map" in page
    other = replace(plan(now), kind="ceremony")
    assert produced.lines(over(plans.hold(by=rosa, plan=other, time_zone="UTC", now=now), now), now) != []


# --- what is forgotten ------------------------------------------------------------------------------


@pytest.fixture
def remembered(hold, amal, now) -> Gathering:
    gathering = hold(address=CANARY, online=CANARY, open_to="link")
    party = Party(note=CANARY, name=CANARY)
    seats.come(by=amal, gathering=gathering, party=party, now=now)
    seats.come_as_guest(gathering=gathering, key="k" * 22, party=party, now=now)
    gathering = over(Gathering.objects.get(), now, timedelta(0))
    return after.record(gathering=gathering, came=2, outcome="Two doors", notes=CANARY, now=now)


def test_a_week_after_nobody_can_say_who_came_and_where(remembered, now):
    purge(now + 7 * DAY - timedelta(minutes=1))
    assert Coming.objects.count() == 2
    purge(now + 7 * DAY + timedelta(minutes=1))
    row = Gathering.objects.get()
    assert (Coming.objects.count(), row.address, row.online, row.notes) == (0, None, None, CANARY)
    assert (row.came, row.outcome, row.host.handle) == (2, "Two doors", "Rosa")


def test_a_month_after_the_notes_and_who_held_it_are_gone(remembered, now):
    purge(now + 30 * DAY + timedelta(minutes=1))
    row = Gathering.objects.get()
    assert (row.notes, row.host, row.came, row.outcome) == (None, None, 2, "Two doors")


def test_nothing_of_it_is_left_in_any_table(remembered, now):
    purge(now + 400 * DAY)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{CANARY}%"])
            assert (table, cursor.fetchone()) == (table, (0,))


def test_nothing_sealed_stands_in_the_clear(remembered):
    with connection.cursor() as cursor:
        for table in ("gatherings_gathering", "gatherings_coming"):
            cursor.execute(f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE %s", [f"%{CANARY}%"])
            assert cursor.fetchone() == (0,)


def test_who_leaves_takes_their_answers_and_their_feed_along(gathering, amal, now):
    seats.come(by=amal, gathering=gathering, party=Party(), now=now)
    signed_in(amal).post(reverse("gathering_feed"), {"do": "give"})
    amal.delete()
    assert (Coming.objects.count(), Feed.objects.count()) == (0, 0)


def test_the_clock_of_the_database_is_what_counts(gathering):
    assert abs(gathering.made_at - clock.now()) < timedelta(minutes=5)
