"""Calendar files, parsed back by the program that others use; and the feed, whose address can be taken back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from commons import clock
from commons.gatherings.actions import feeds, plans, seats
from commons.gatherings.models import Feed, Gathering
from commons.gatherings.queries import calendar
from commons.gatherings.rules import Party
from tests.factories import PersonFactory
from tests.gatherings.conftest import over, plan, signed_in

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
TELLING = ("What we can share", "Church hall", "Mill Row", "asset", "Casserole", "localhost", "Boyle", "gathering")


def events(content: bytes) -> list:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def of(person, *, full: bool = False) -> str:
    feed = feeds.give(person=person, full_words=full, now=clock.now())
    return reverse("feed_file", args=[feed.token()])


def test_a_file_says_when_and_nothing_else(gathering, amal):
    answer = signed_in(amal).get(reverse("gathering_file", args=[gathering.ref]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    [event] = events(answer.content)
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"], event["CLASS"]) == (
        "Appointment", "CONFIRMED", 0, "PRIVATE",
    )  # fmt: skip
    assert event.decoded("DTSTART") == gathering.starts_at.replace(microsecond=0)
    assert event.decoded("DTEND") == gathering.ends_at.replace(microsecond=0)
    text = answer.content.decode()
    assert [word for word in TELLING if word.casefold() in text.casefold()] == []


def test_full_words_are_asked_for_and_never_hold_the_exact_address(gathering, amal):
    seats.come(by=amal, gathering=gathering, party=Party(), now=clock.now())
    answer = signed_in(amal).get(reverse("gathering_file", args=[gathering.ref]), {"words": "full"})
    [event] = events(answer.content)
    assert (event["SUMMARY"], event["LOCATION"]) == ("What we can share", "Church hall on Mill Row")
    assert event["URL"].endswith(reverse("gathering", args=[gathering.ref]))
    assert b"Boyle" not in answer.content
    assert b"talk.example" not in answer.content


@pytest.mark.parametrize(
    ("day", "offset"), [(datetime(2027, 3, 13), 5), (datetime(2027, 3, 14), 4), (datetime(2026, 12, 1), 5)]
)
def test_the_instant_is_right_on_both_sides_of_a_change_of_clocks(hold, day, offset):
    """UTC on the wire: half past six in the evening there, before and after clocks go forward."""
    made = hold(starts_at=day.replace(hour=18, minute=30, tzinfo=NEW_YORK))
    [event] = events(calendar.file([made], full=False))
    assert event["DTSTART"].to_ical() == f"{day + timedelta(hours=18.5 + offset):%Y%m%dT%H%M%SZ}".encode()
    assert event.decoded("DTSTART").astimezone(NEW_YORK).strftime("%H:%M") == "18:30"


def test_a_change_counts_up_and_the_event_stays_the_same(gathering, rosa, now):
    [before] = events(calendar.file([gathering], full=True))
    moved = plans.change(
        by=rosa,
        gathering=gathering,
        plan=plan(now, starts_at=now + timedelta(days=5)),
        seen=gathering.changed_at,
        now=now,
    )
    [after] = events(calendar.file([moved], full=True))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == 1
    assert after.decoded("DTSTART") - before.decoded("DTSTART") == timedelta(days=2)
    off = plans.cancel(by=rosa, gathering=moved, now=now)
    [last] = events(calendar.file([off], full=True))
    assert (last["UID"], last["SEQUENCE"], last["STATUS"]) == (before["UID"], 2, "CANCELLED")
    assert last["SUMMARY"] == "Called off: What we can share"
    assert plans.cancel(by=rosa, gathering=off, now=now).sequence == 2


def test_what_nobody_has_to_know_counts_nothing_up(gathering, rosa, now):
    same = plan(now, starts_at=gathering.starts_at, food="Soup")
    assert plans.change(by=rosa, gathering=gathering, plan=same, seen=gathering.changed_at, now=now).sequence == 0


def test_the_feed_holds_what_one_holds_comes_to_or_waits_for(hold, amal, rosa, now):
    mine, waits, other, old = (
        hold(title="Comes"),
        hold(title="Waits", capacity=1),
        hold(title="Other"),
        hold(title="Old"),
    )
    seats.come(by=amal, gathering=mine, party=Party(), now=now)
    seats.come(by=PersonFactory(), gathering=waits, party=Party(), now=now)
    seats.come(by=amal, gathering=waits, party=Party(), now=now)
    seats.come(by=amal, gathering=old, party=Party(), now=now)
    over(old, now, timedelta(days=31))
    seats.stay_away(by=amal, gathering=other, now=now)
    feed = of(amal, full=True)
    found = {str(event["SUMMARY"]): event["STATUS"] for event in events(Client().get(feed).content)}
    assert found == {"Comes": "CONFIRMED", "Waits": "TENTATIVE"}
    plans.cancel(by=rosa, gathering=mine, now=now)
    assert {str(e["SUMMARY"]) for e in events(Client().get(feed).content)} == {"Called off: Comes", "Waits"}
    assert len(events(Client().get(of(rosa)).content)) == 3


def test_a_feed_is_neutral_unless_the_person_chose_full_words(gathering, rosa):
    neutral = Client().get(of(rosa)).content.decode()
    assert [word for word in TELLING if word.casefold() in neutral.casefold()] == []
    feeds.word(person=rosa, full_words=True)
    feed = reverse("feed_file", args=[Feed.objects.get().token()])
    assert "What we can share" in Client().get(feed).content.decode()


def test_a_feed_speaks_its_persons_language(gathering, rosa):
    rosa.language = "es"
    rosa.save()
    [event] = events(Client().get(of(rosa)).content)
    assert event["SUMMARY"] == "Cita"


def test_whoever_took_it_back_or_made_another_has_closed_the_old_address(gathering, rosa):
    first = of(rosa)
    assert Client().get(first).status_code == 200
    second = of(rosa)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    browser = signed_in(rosa)
    browser.post(reverse("gathering_feed"), {"do": "take_back"})
    assert Client().get(second).status_code == 404
    browser.post(reverse("gathering_feed"), {"do": "give"})
    assert Client().get(reverse("feed_file", args=[Feed.objects.get().token()])).status_code == 200
    assert Client().get(second).status_code == 404


def test_whoever_left_has_no_feed(gathering, rosa):
    feed = of(rosa)
    rosa.is_active = False
    rosa.save()
    assert Client().get(feed).status_code == 404


def test_only_a_hash_of_the_address_is_stored(rosa):
    feed = feeds.give(person=rosa, full_words=False, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM gatherings_feed t")
        assert feed.token() not in cursor.fetchone()[0]
    answer = Client().get(reverse("feed_file", args=[feed.token()]))
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_feed_asks_as_many_questions_for_thirty_as_for_one(hold, rosa, now):
    hold()
    feed, visitor = of(rosa), Client()

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            visitor.get(feed)
        return len(seen)

    one = asked()
    base = Gathering.objects.get()
    copies = [
        copy_of(base, title=f"Copy {number}", starts_at=base.starts_at + timedelta(hours=number))
        for number in range(29)
    ]
    Gathering.objects.bulk_create(copies)
    assert (asked(), len(events(visitor.get(feed).content))) == (one, 30)


def copy_of(base: Gathering, **fields) -> Gathering:
    return Gathering.fresh(
        kind=base.kind, place=base.place, time_zone=base.time_zone, host=base.host, made_at=base.made_at,
        changed_at=base.changed_at, ends_at=fields["starts_at"] + timedelta(hours=1), **fields,
    )  # fmt: skip
