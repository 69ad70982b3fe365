"""Listening at a place: the team, its visits, what two of them save at once, and what stays when notes are gone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from commons import clock
from commons.people.actions.retention import purge
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.actions import listening
from sites.actions.listening import Meanwhile, Said
from sites.models import Listener, ListeningRound, Need, Visit, VisitNeed, VisitObserver
from sites.queries import needs as need_queries
from sites.queries.listening import PROMPT_NAMES, rounds_read_by, visits_read_by, waiting_for
from sites.queries.neighbourhood import local_zone
from sites.queries.stages import standing
from sites.rules import listening as rules
from sites.states import Stage
from tests.factories import PersonFactory
from tests.sites.test_stages import a_place, patient

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANARY = "Zimtstern 4711"


@pytest.fixture
def theo(db) -> Person:
    return PersonFactory(handle="Theo", email="theo@example.org")


@pytest.fixture
def one(now, mina, theo) -> ListeningRound:
    """Mina and Theo have listened at the laundry for eight days."""
    begun = listening.begin(place=a_place(now), by=mina, now=now - 8 * DAY)
    listening.answer(listener=listening.ask(one=begun, by=theo, now=now), by=mina, yes=True, now=now)
    return begun


def said(now, *there: Person, ago: int = 0, part: str = "morning", needs=("masks",), **more) -> Said:
    notes = more.pop("notes", {"rhythms": "Full at six."})
    known = list(Need.objects.filter(key__in=needs))
    return Said(day=(now - ago * DAY).date(), part=part, there=there, needs=known, notes=notes, **more)


# --- the team ---


def test_a_team_gathers_by_asking_and_being_taken_in(one, now, mina, theo, olga):
    asked = listening.ask(one=one, by=olga, now=now)
    with pytest.raises(Refused, match="asked already"):
        listening.ask(one=one, by=olga, now=now)
    listening.answer(listener=asked, by=theo, yes=False, now=now)
    again = listening.ask(one=one, by=olga, now=now)
    listening.answer(listener=again, by=theo, yes=True, now=now)
    assert Listener.objects.filter(state="in").count() == 3
    with pytest.raises(Refused, match="two or three"):
        listening.ask(one=one, by=PersonFactory(), now=now)
    with pytest.raises(Refused, match="answered them"):
        listening.answer(listener=again, by=theo, yes=True, now=now)


def test_only_one_round_at_a_place_and_a_lapsed_one_makes_room(one, now, olga):
    with pytest.raises(Refused, match="listens here already"):
        listening.begin(place=one.place, by=olga, now=now)
    later = one.closes_at + DAY
    assert listening.begin(place=one.place, by=olga, now=later).pk != one.pk
    one.refresh_from_db()
    assert one.ended_at == one.closes_at


def test_where_the_whole_team_is_gone_others_can_begin(one, now, mina, theo, olga):
    mina.delete()
    Person.objects.filter(pk=theo.pk).update(is_active=False)
    assert listening.begin(place=one.place, by=olga, now=now).pk != one.pk
    one.refresh_from_db()
    assert one.ended_at == now


def test_a_second_round_at_once_is_no_row(one, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ListeningRound.objects.create(place=one.place, begun_at=now, closes_at=now + DAY)


def test_whoever_leaves_reads_nothing_and_the_last_one_ends_it(one, now, mina, theo):
    visit = listening.write(one=one, by=mina, said=said(now, mina), now=now)
    assert rounds_read_by(theo).get() == one
    listening.leave(one=one, person=theo, now=now)
    assert not rounds_read_by(theo).exists()
    assert not visits_read_by(theo).exists()
    with pytest.raises(Refused, match="not in it any more"):
        listening.write(one=one, by=theo, said=said(now, theo, part="night"), now=now)
    with pytest.raises(Refused, match="not in it any more"):
        listening.change(visit=visit, by=theo, said=said(now, theo), version=1, now=now)
    listening.leave(one=one, person=mina, now=now)
    one.refresh_from_db()
    assert one.ended_at == now


def test_whoever_is_thrown_out_writes_nothing_more(one, now, theo):
    Person.objects.filter(pk=theo.pk).update(is_active=False)
    with pytest.raises(Refused, match="not in it any more"):
        listening.write(one=one, by=theo, said=said(now, theo), now=now)


# --- visits ---


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ago": -1}, "still to come"),
        ({"ago": 9}, "began later"),
        ({"own_needs": ["a", "b", "c", "d"]}, "Three needs"),
        ({"needs": (), "notes": {}}, "Write something down"),
    ],
)
def test_what_is_no_visit_is_refused(one, now, mina, change, sentence):
    with pytest.raises(Refused, match=sentence):
        listening.write(one=one, by=mina, said=said(now, mina, **change), now=now)
    assert not Visit.objects.exists()


def test_a_visit_without_anybody_there_is_none(one, now, mina):
    with pytest.raises(Refused, match="who of you"):
        listening.write(one=one, by=mina, said=said(now), now=now)


def test_a_week_by_two_with_a_need_opens_the_gate_and_a_correction_closes_it(one, now, mina, theo):
    listening.write(one=one, by=mina, said=said(now, mina, ago=6, needs=()), now=now)
    last = listening.write(one=one, by=theo, said=said(now, theo), now=now)
    assert standing(one.place, now).stage is Stage.LISTENED
    assert standing(one.place, now).may_start
    listening.change(visit=last, by=theo, said=said(now, theo, needs=()), version=1, now=now)
    found = standing(one.place, now)
    assert (found.stage, found.missing) == (Stage.MAPPED, ["No visit has named a need yet."])


def test_a_round_that_is_over_takes_no_visit(one, now, mina):
    listening.end(one=one, now=now)
    listening.end(one=one, now=now + DAY)
    one.refresh_from_db()
    assert one.ended_at == now
    with pytest.raises(Refused, match="over"):
        listening.write(one=one, by=mina, said=said(now, mina), now=now)


def test_the_same_visit_written_twice_is_put_together_and_nobody_loses_a_word(one, now, mina, theo):
    listening.write(one=one, by=mina, said=said(now, mina, notes={"rhythms": "Full at six."}), now=now)
    theirs = said(now, theo, needs=("food",), notes={"rhythms": "Empty at ten.", "unmet": "No change."})
    with pytest.raises(Meanwhile) as raised:
        listening.write(one=one, by=theo, said=theirs, now=now)
    assert raised.value.visit.rhythms == "Full at six."
    both = listening.write(one=one, by=theo, said=theirs, now=now, add=True)
    both.refresh_from_db()
    assert (both.rhythms, both.unmet) == ("Full at six.\n\nEmpty at ten.", "No change.")
    assert (both.observers, both.there.count(), both.named.count(), Visit.objects.count()) == (2, 2, 2, 1)


def test_what_was_changed_meanwhile_is_not_overwritten(one, now, mina, theo):
    visit = listening.write(one=one, by=mina, said=said(now, mina), now=now)
    listening.change(visit=visit, by=theo, said=said(now, theo, notes={"rhythms": "Theo."}), version=1, now=now)
    mine = said(now, mina, notes={"rhythms": "Mina."})
    with pytest.raises(Meanwhile):
        listening.change(visit=visit, by=mina, said=mine, version=1, now=now)
    listening.change(visit=visit, by=mina, said=mine, version=1, now=now, add=True)
    assert Visit.objects.get().rhythms == "Theo.\n\nMina."


def test_a_visit_moves_to_no_time_that_is_taken(one, now, mina):
    listening.write(one=one, by=mina, said=said(now, mina), now=now)
    other = listening.write(one=one, by=mina, said=said(now, mina, part="night"), now=now)
    with pytest.raises(Refused, match="Another visit"):
        listening.change(visit=other, by=mina, said=said(now, mina), version=1, now=now)


# --- needs ---


def test_own_words_become_a_need_for_all_and_known_ones_are_found(one, now, mina, settings):
    own = said(now, mina, needs=(), own_needs=["Quarters", "MASCARILLAS", "quárters"])
    visit = listening.write(one=one, by=mina, said=own, now=now)
    assert sorted(named.need.name for named in visit.named.all()) == ["Quarters", "masks"]
    listening.change(visit=visit, by=mina, said=said(now, mina), version=1, now=now)
    assert not Need.objects.exclude(own_name="").exists()


def test_needs_are_tallied_by_places_and_visits(one, now, mina):
    other = listening.begin(place=a_place(now, 2), by=mina, now=now)
    for part in ("morning", "night"):
        listening.write(one=one, by=mina, said=said(now, mina, part=part, needs=("masks", "food")), now=now)
    listening.write(one=other, by=mina, said=said(now, mina, needs=("food",)), now=now)
    shown = need_queries.with_places(need_queries.tally())
    assert [(one.need.key, one.places, one.visits) for one in shown] == [("food", 2, 3), ("masks", 1, 2)]
    assert [(str(place), visits) for place, visits in shown[0].where] == [("Suds 1", 2), ("Suds 2", 1)]
    assert [(one.need.key, one.visits) for one in need_queries.needs_at(other.place)] == [("food", 1)]


@pytest.mark.parametrize("count", [1, 30])
def test_the_tally_of_many_costs_as_many_statements_as_of_one(now, mina, django_assert_num_queries, count):
    for number in range(count):
        begun = listening.begin(place=a_place(now, number), by=mina, now=now)
        own = said(now, mina, needs=(), own_needs=[f"own need {number}"])
        listening.write(one=begun, by=mina, said=own, now=now)
    with django_assert_num_queries(3):
        assert len(need_queries.with_places(need_queries.tally())) == count


# --- what stays ---


def test_after_ninety_days_the_notes_are_gone_and_the_tally_stays(one, now, mina, theo):
    notes = dict.fromkeys(PROMPT_NAMES, CANARY)
    listening.write(one=one, by=mina, said=said(now, mina, ago=6, notes=notes), now=now)
    listening.write(one=one, by=theo, said=said(now, theo, notes=notes), now=now)
    listening.end(one=one, now=now)
    purge(now + 84 * DAY)
    assert not Visit.objects.filter(rhythms__isnull=True).exists()
    purge(now + 92 * DAY)
    assert not any(getattr(visit, name) for visit in Visit.objects.all() for name in PROMPT_NAMES)
    assert (VisitObserver.objects.count(), VisitNeed.objects.count()) == (0, 2)
    purge(now + 400 * DAY)
    assert not Listener.objects.exists()
    found = standing(one.place, now + 400 * DAY)
    assert (found.stage, found.may_start) == (Stage.LISTENED, True)
    assert [(one.need.key, one.visits) for one in need_queries.needs_at(one.place)] == [("masks", 2)]


def test_what_was_noticed_stands_in_no_table_in_the_clear(one, now, mina):
    notes = dict.fromkeys(PROMPT_NAMES, CANARY)
    listening.write(one=one, by=mina, said=said(now, mina, notes=notes), now=now)
    assert Visit.objects.get().rhythms == CANARY
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{CANARY}%"])
            assert (table, cursor.fetchone()) == (table, (0,))


def test_whoever_is_gone_takes_their_presence_and_not_the_visit(one, now, mina, theo):
    listening.write(one=one, by=mina, said=said(now, mina, theo), now=now)
    theo.delete()
    visit = Visit.objects.get()
    assert (visit.there.count(), visit.observers, standing(one.place, now).heard.observers) == (1, 2, 2)


# --- when a visit is due ---


@patient
@given(some.integers(0, 30), some.one_of(some.none(), some.integers(0, 30)), some.booleans())
def test_a_visit_is_due_after_two_days_and_never_once_heard(begun, last, heard):
    today = clock.now().date()
    due = rules.visit_due(
        last=None if last is None else today - last * DAY, begun=today - begun * DAY, today=today, heard=heard
    )
    assert due == (not heard and (begun if last is None else last) >= 2)


@patient
@given(some.integers(0, 23))
def test_every_hour_has_its_part(hour):
    assert (rules.part_of(hour) == "night") == (hour >= 22 or hour < 5)


def test_today_says_whose_visit_is_due(one, now, mina, theo, olga):
    def due(person):
        return [(waits.due, waits.asks) for waits in waiting_for(person, now, local_zone)]

    assert (due(mina), due(theo), due(olga)) == ([(True, 0)], [(True, 0)], [])
    listening.write(one=one, by=mina, said=said(now, mina), now=now)
    assert due(mina) == []
    listening.ask(one=one, by=olga, now=now)
    assert due(theo) == [(False, 1)]
    listening.leave(one=one, person=theo, now=now)
    assert due(theo) == []
