"""What remains of a call: a week after it ended nobody can read it, a month after nobody can say who came."""

from datetime import timedelta

import pytest
from django.db import connection

from commons import seal
from commons.people.actions.retention import purge
from commons.people.models import Person
from commons.seal import SealShredded
from pods.models import AnswerEvent, Call, CallEvent, CallKey, CallNeed, CallWave, Invite, Membership, Reveal
from tests.factories import NOW, KindFactory, PersonFactory, PodFactory
from tests.pods.scenes import sign_in

CANARY = "Zimtstern 4711"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def call(db):
    """A call that Rosa raised and Amal answered; it ended at NOW."""
    pod, rosa, amal = PodFactory(), PersonFactory(handle="Rosa"), PersonFactory(handle="Amal")
    call = Call(
        pod=pod, kind=KindFactory(), raised_by=rosa, confirmed_by=amal, pace="day", block=pod.block, state="closed",
        raise_key=CANARY, opened_at=NOW, needed_at=NOW, deadline_at=NOW, closes_at=NOW, ended_at=NOW,
        cross_street=CANARY, details=CANARY,
    )  # fmt: skip
    CallKey.objects.create(call_ref=call.ref, wrapped=seal.wrap(b"k" * 32, f"call:{call.ref}"), made_at=NOW)
    call.save()
    wave = CallWave.objects.create(call=call, ordinal=0, rule="best_fit", due_at=NOW, asked=1)
    invite = Invite.objects.create(call=call, person=amal, wave=wave, state="coming", invited_at=NOW)
    AnswerEvent.objects.create(invite=invite, at=NOW, answer="coming", via="link", key=CANARY)
    CallEvent.objects.create(call=call, at=NOW, word="answered", person=amal)
    Reveal.objects.create(call=call, person=amal, at=NOW)
    return call


def fresh(call: Call) -> Call:
    return Call.objects.get(pk=call.pk)


def test_a_week_long_it_can_be_read(call):
    purge(NOW + 7 * DAY)
    assert (fresh(call).cross_street, fresh(call).details, Invite.objects.count()) == (CANARY, CANARY, 1)


def test_then_its_words_its_street_and_its_key_are_gone(call):
    kept = fresh(call)
    purge(NOW + 7 * DAY + SECOND)
    assert (fresh(call).cross_street, fresh(call).details, fresh(call).raise_key) == (None, None, None)
    assert CallKey.objects.count() == 0
    # A copy that lay somewhere (a dump, a backup) opens no more.
    with pytest.raises(SealShredded):
        _ = kept.details
    assert (fresh(call).raised_by.handle, Invite.objects.count()) == ("Rosa", 1)


def test_after_a_month_nobody_can_say_who_came(call):
    purge(NOW + 30 * DAY + SECOND)
    gone = [model.objects.count() for model in (Invite, AnswerEvent, Reveal)]
    row = fresh(call)
    assert (gone, row.raised_by, row.confirmed_by, CallEvent.objects.get().person) == ([0, 0, 0], None, None, None)
    # What is counted stays, and nobody went with it.
    assert (CallWave.objects.get().asked, row.state, Person.objects.count()) == (1, "closed", 2)


@pytest.mark.parametrize(("came", "said"), [(0, "Nobody came."), (1, "One person came."), (4, "Four people came.")])
def test_after_a_month_its_page_tells_the_numbers_that_stay(call, came, said):
    CallNeed.objects.create(call=call, count=4)
    Call.objects.update(asked=6, came=came)
    purge(NOW + 30 * DAY + SECOND)
    member = PersonFactory()
    Membership.objects.create(pod=call.pod, person=member, seat=1, since=NOW)
    page = sign_in(member).get(f"/calls/{call.ref}/").content.decode()
    assert (said in page, "of 4" in page) == (True, False)


def test_nothing_of_it_is_left_in_any_table(call):
    purge(NOW + 400 * DAY)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{CANARY}%"])
            assert (table, cursor.fetchone()) == (table, (0,))


def test_a_call_that_goes_on_loses_nothing(call):
    Call.objects.update(ended_at=None, state="open")
    purge(NOW + 400 * DAY)
    assert (fresh(call).details, Invite.objects.count()) == (CANARY, 1)
