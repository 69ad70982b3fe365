"""One thing goes to one person at a time, whoever is quicker, and two taps ask once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from commons import clock
from commons.notices.models import Delivery
from commons.web.refusal import Refused
from sites.actions import asks as actions
from sites.models import Ask, AskLine
from sites.rules.asks import Step
from sites.states import LENT
from tests.factories import PersonFactory
from tests.sites.test_asks import ask, share


def test_the_database_lends_to_one_person_at_a_time(mina, olga, now):
    ladder = share(olga, now)
    for by in (mina, PersonFactory()):
        ask(by, ladder, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ask.objects.update(state="agreed")


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_lend_to_one():
    now, olga = clock.now(), PersonFactory(handle="Olga")
    ladder = share(olga, now)
    asked = [ask(PersonFactory(), ladder, now) for _ in range(6)]
    start, said = threading.Barrier(6), []

    def yes(one) -> None:
        try:
            start.wait()
            actions.take(by=olga, ask=one, step=Step.YES, now=now)
            said.append("yes")
        except Refused:
            said.append("no")
        finally:
            connection.close()

    threads = [threading.Thread(target=yes, args=(one,)) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["no"] * 5 + ["yes"]
    assert Ask.objects.filter(state__in=[state.value for state in LENT]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_taps_ask_once():
    now, olga, mina = clock.now(), PersonFactory(), PersonFactory()
    ladder = share(olga, now)
    start = threading.Barrier(3)

    def tap() -> None:
        try:
            start.wait()
            ask(mina, ladder, now)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=tap) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Ask.objects.count(), AskLine.objects.count(), Delivery.objects.count()) == (1, 1, 1)
