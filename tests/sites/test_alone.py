"""Nobody left to ask: whoever leads the shift is told once, on all channels, with what they can do."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection, connections

from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery
from commons.people.actions import rest
from commons.people.models import Absence, Person
from sites.actions import shift_turn, shifts
from sites.actions.shift_answers import answer
from sites.models import Shift, SignUp, StandInAsk, StandInOffer, Supply
from sites.states import Role
from tests.factories import PersonFactory, organizer
from tests.sites.conftest import signed_in
from tests.sites.stations import DAY, HOUR, NOW, next_shift, role, running, staffed, turned, willing

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(popup, mina, olga) -> Shift:
    """Olga leads it, Mina serves, and it needs both."""
    shift = next_shift(popup, NOW)
    staffed(popup, shift, olga, mina)
    return shift


def told(shift: Shift) -> list[int]:
    """Who was told that nobody is left to ask, as often as they were."""
    rows = Delivery.objects.filter(subject=shift.subject, kind="shift.alone").exclude(state="suppressed")
    return list(rows.order_by("id").values_list("person_id", flat=True))


def sleeps(person: Person, first: int, last: int) -> None:
    person.time_zone, person.quiet_from, person.quiet_until = "UTC", time(first), time(last)
    person.save()


def test_the_lead_is_told_at_once_where_there_is_nobody_to_ask_and_only_once(shift, mina, olga):
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    assert told(shift) == [olga.pk]
    shifts.confirm(shift=shift, person=olga, now=at)
    for hours in range(1, 31):
        turned(shift, at + hours * HOUR)
    assert told(shift) == [olga.pk]


def test_everybody_resting_is_nobody_left_to_ask_and_nobody_who_rests_hears_anything(popup, shift, mina, olga):
    people = willing(popup, 3, NOW)
    for person in people:
        rest.rest(person=person, first=shift.day, last=shift.day, today=NOW.date())
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 30 * HOUR)
    assert told(shift) == [olga.pk]
    assert not StandInAsk.objects.exists()


def test_as_long_as_somebody_asked_has_their_time_nobody_is_alarmed(popup, shift, mina, olga):
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    turned(shift, at + 3 * HOUR)
    assert told(shift) == []
    # Silent for four hours, and there is nobody else.
    turned(shift, at + 4 * HOUR)
    assert told(shift) == [olga.pk]


def test_all_who_were_asked_said_no(popup, shift, mina, olga):
    willing(popup, 2, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    first, second = StandInAsk.objects.values_list("person", flat=True)
    answer(shift=shift, person=first, say="no", version=1, now=at + HOUR)
    assert told(shift) == []
    answer(shift=shift, person=second, say="no", version=1, now=at + HOUR)
    assert told(shift) == [olga.pk]


def test_time_runs_out_while_others_are_still_being_asked(popup, shift, mina, olga):
    willing(popup, 200, NOW)
    at = shift.starts_at - 4 * HOUR
    SignUp.objects.filter(shift=shift).update(state="confirmed")
    Shift.objects.filter(pk=shift.pk).update(reminded_at=shift.starts_at - DAY, lapsed_at=at)
    shifts.leave(shift=shift, person=mina, now=at)
    turned(shift, shift.starts_at - 3 * HOUR - timedelta(minutes=1))
    assert told(shift) == []
    turned(shift, shift.starts_at - 3 * HOUR)
    assert told(shift) == [olga.pk]
    assert StandInAsk.objects.filter(state="asked").exists()


def test_a_second_drop_out_is_told_only_where_the_first_gap_had_closed(popup, shift, mina, olga):
    at = shift.starts_at - 30 * HOUR
    third = PersonFactory()
    shift.roles.filter(role="server").update(least=2)
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=third, now=NOW)
    shifts.leave(shift=shift, person=mina, now=at)
    shifts.leave(shift=shift, person=third, now=at + HOUR)
    assert told(shift) == [olga.pk]
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=at + HOUR)
    helper = PersonFactory()
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=helper, now=at + 2 * HOUR)
    shift.refresh_from_db()
    assert shift.alone_at is None
    shifts.leave(shift=shift, person=helper, now=at + 3 * HOUR)
    assert told(shift) == [olga.pk] * 2


def test_a_lead_who_was_told_and_then_drops_out_is_not_the_last_to_know(popup, shift, mina, olga):
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    shifts.leave(shift=shift, person=olga, now=at + HOUR)
    assert told(shift) == [olga.pk, popup.planned_by_id]
    turned(shift, at + 9 * HOUR)
    assert told(shift) == [olga.pk, popup.planned_by_id]


def test_where_the_lead_drops_out_the_planner_hears_it_and_after_them_organizers(popup, shift, mina, olga):
    at = shift.starts_at - 30 * HOUR
    planner = popup.planned_by
    shifts.leave(shift=shift, person=olga, now=at)
    assert told(shift) == [planner.pk]
    Shift.objects.update(alone_at=None, ask_at=None, next_due_at=at)
    # Resting people are never called (G4): neither the planner, nor an organizer.
    Absence.objects.create(person=planner, days=(shift.day, shift.day + DAY))
    resting = organizer(PersonFactory(), now=at)
    rest.rest(person=resting, first=NOW.date(), last=shift.day, today=NOW.date())
    turned(shift, at)
    assert told(shift)[1:] == [olga.pk]


def test_the_lead_s_quiet_hours_hold_it_back_but_not_past_the_use_of_it(shift, mina, olga):
    # The shift begins at 22:00 UTC: quiet hours until 17:00 are kept, those until 23:00 up to two hours before.
    at = shift.starts_at - 330 * timedelta(minutes=1)
    SignUp.objects.filter(shift=shift).update(state="confirmed")
    Shift.objects.filter(pk=shift.pk).update(reminded_at=shift.starts_at - DAY, lapsed_at=at)
    sleeps(olga, 16, 17)
    shifts.leave(shift=shift, person=mina, now=at)
    assert Delivery.objects.get(kind="shift.alone").due_at == shift.starts_at - 5 * HOUR
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=at)
    Delivery.objects.all().delete()
    sleeps(olga, 16, 23)
    shifts.leave(shift=shift, person=mina, now=at)
    assert Delivery.objects.get(kind="shift.alone").due_at == shift.starts_at - 2 * HOUR


def test_whoever_sleeps_until_it_is_too_late_is_not_waited_for(popup, shift, mina, olga):
    for person in willing(popup, 3, NOW):
        sleeps(person, 12, 23)
    shifts.leave(shift=shift, person=mina, now=shift.starts_at - 5 * HOUR)
    assert not StandInAsk.objects.exists()
    assert told(shift) == [olga.pk]


def test_nothing_is_said_any_more_once_somebody_came(shift, mina, olga, smtp_sink):
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=PersonFactory(), now=at)
    Delivery.objects.update(due_at=NOW - DAY, expires_at=datetime.max.replace(tzinfo=NOW.tzinfo) - 9 * DAY)
    carry_due()
    let_go()
    assert smtp_sink.mails == []


# --- who goes without a word ------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["thrown out", "left for good"])
def test_whoever_is_gone_holds_no_place_and_a_stand_in_is_asked(popup, shift, mina, olga, how):
    [person] = willing(popup, 1, NOW)
    at = shift.starts_at - 5 * HOUR
    SignUp.objects.filter(shift=shift).update(state="confirmed")
    Supply.objects.filter(shift=shift).update(person=mina)
    Shift.objects.filter(pk=shift.pk).update(
        reminded_at=shift.starts_at - DAY, lapsed_at=at, next_due_at=shift.ends_at + DAY
    )
    turned(shift, at)
    assert not StandInAsk.objects.exists()
    if how == "thrown out":
        Person.objects.filter(pk=mina.pk).update(is_active=False)
    else:
        mina.delete()
    turned(shift, at)
    assert list(StandInAsk.objects.values_list("person", flat=True)) == [person.pk]
    assert not SignUp.objects.filter(shift=shift, person=mina.pk, state="confirmed").exists()
    assert not Supply.objects.filter(shift=shift, person__isnull=False).exists()
    before = list(Delivery.objects.values_list("pk", "state"))
    turned(shift, at)
    assert list(Delivery.objects.values_list("pk", "state")) == before
    assert answer(shift=shift, person=person.pk, say="yes", version=1, now=at)
    assert told(shift) == []


def test_who_was_asked_and_is_thrown_out_is_waited_for_no_longer(popup, shift, mina, olga):
    [person] = willing(popup, 1, NOW)
    at = shift.starts_at - 30 * HOUR
    shifts.leave(shift=shift, person=mina, now=at)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    turned(shift, at + 4 * HOUR)
    assert StandInAsk.objects.get().state == "cant"
    assert told(shift) == [olga.pk]


# --- the page and Today -----------------------------------------------------------------------------


def test_the_lead_reads_what_can_be_done_and_others_only_that_a_place_is_free(now, mina, olga):
    popup = running(now)
    shift = next_shift(popup, now)
    shifts.join(shift=shift, role=role(shift, Role.LEAD), person=mina, now=now)
    starts_at = now + 20 * HOUR
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=starts_at, ends_at=starts_at + 2 * HOUR, next_due_at=now, reminded_at=now
    )
    shift_turn.turn_due(now=now)
    assert told(shift) == [mina.pk]
    path, client = f"/shifts/{shift.ref}/", signed_in(mina)
    text = client.get(path).content.decode()
    assert "nobody is left to ask" in text
    assert "Open with fewer hands" in text
    assert "Somebody is still missing" in client.get("/today/").content.decode()
    assert 'value="off"' in text
    stranger = signed_in(PersonFactory())
    assert "nobody is left to ask" not in stranger.get(path).content.decode()
    assert "Somebody is still missing" not in stranger.get("/today/").content.decode()
    other = PersonFactory()
    signed_in(other).post(path + "join/", {"role": role(shift, Role.SERVER).pk})
    assert "nobody is left to ask" not in client.get(path).content.decode()
    assert "Somebody is still missing" not in client.get("/today/").content.decode()
    client.post(path + "closed/", {"do": "off"})
    assert "No shift this week." in client.get(path).content.decode()
    assert "Off this week: Free detergent" in signed_in(other).get("/today/").content.decode()
    assert "t open this time" in signed_in(other).get("/today/").content.decode()


# --- a worker that dies in between ------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_before_it_is_done_tells_nobody_and_the_next_one_tells_once(monkeypatch):
    """Its connection is ended by the server in the middle of the turn, after the message was written."""
    popup = running(NOW)
    shift = next_shift(popup, NOW)
    staffed(popup, shift, PersonFactory(), PersonFactory())
    lead = SignUp.objects.get(role__role="lead").person_id
    SignUp.objects.filter(role__role="server").delete()
    at = shift.starts_at - 30 * HOUR
    Shift.objects.filter(pk=shift.pk).update(next_due_at=at)
    done = shift_turn.tell_alone

    def dies(*args, **kwargs):
        done(*args, **kwargs)
        assert Delivery.objects.filter(kind="shift.alone").count() == 1
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.close()
        connection.cursor().execute("SELECT 1")

    monkeypatch.setattr(shift_turn, "tell_alone", dies)
    with pytest.raises(Exception, match=r"terminat|closed|lost"):
        shift_turn.turn_due(now=at)
    monkeypatch.setattr(shift_turn, "tell_alone", done)
    connection.close()
    assert told(shift) == []
    assert Shift.objects.get(pk=shift.pk).alone_at is None
    for _ in range(2):
        shift_turn.turn_due(now=at)
    assert told(shift) == [lead]
    assert StandInOffer.objects.count() == 0
