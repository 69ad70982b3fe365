"""Good for a year, then asked again: once, by one neutral mail, answered by a link without sign-in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from commons import clock
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery, Link
from sites.actions import asks, assets, freshness
from sites.actions.assets import Terms
from sites.models import Asset
from sites.rules.asks import Step
from tests.factories import PersonFactory

YEAR = timedelta(days=365)


def share(person, at, title="Ladder", kind="tool") -> Asset:
    return assets.share(person=person, kind=kind, skill=None, title=title, terms=Terms(audience="network"), now=at)


def mails() -> list[int]:
    return list(Delivery.objects.filter(kind="sites.still_true").values_list("person_id", flat=True))


@pytest.fixture
def nearly_a_year_ago(now):
    return now - YEAR + timedelta(days=20)


def page_of(person) -> str:
    return reverse("asset_link", args=[Link.objects.get(purpose="still_true", person=person).token()])


def test_one_mail_for_everything_and_not_another_one(mina, olga, now, nearly_a_year_ago):
    for title in ("Ladder", "Tent"):
        share(mina, nearly_a_year_ago, title)
    share(olga, now, "Drill")
    assert [freshness.ask_again(now=now + timedelta(hours=hour)) for hour in range(3)] == [2, 0, 0]
    assert mails() == [mina.pk]
    # Unanswered: it fades, and nobody is asked twice.
    assert freshness.ask_again(now=now + timedelta(days=15)) == 0
    assert freshness.ask_again(now=now + timedelta(days=40)) == 0
    assert mails() == [mina.pk]


def test_what_fades_later_in_the_month_is_no_second_mail(mina, now, nearly_a_year_ago):
    share(mina, nearly_a_year_ago)
    freshness.ask_again(now=now)
    share(mina, now - YEAR + timedelta(days=25), "Tent")
    assert freshness.ask_again(now=now) == 1
    assert mails() == [mina.pk]


def test_the_next_year_asks_again(mina, now, nearly_a_year_ago):
    thing = share(mina, nearly_a_year_ago)
    freshness.ask_again(now=now)
    assets.still_true(asset=thing, now=now)
    assert freshness.ask_again(now=now + YEAR - timedelta(days=10)) == 1
    assert len(mails()) == 2


def test_yes_and_no_longer_by_the_link_without_sign_in(mina, now, nearly_a_year_ago):
    share(mina, nearly_a_year_ago)
    tent, fresh = share(mina, nearly_a_year_ago, "Tent"), share(mina, now, "Drill")
    freshness.ask_again(now=now)
    visitor, page = Client(), page_of(mina)
    for _ in range(3):
        shown = visitor.get(page).content.decode()
    assert "Ladder" in shown
    assert "Tent" in shown
    assert "Drill" not in shown
    assert Asset.objects.count() == 3
    assert visitor.post(page, {"do": "drop", "ref": tent.ref}).status_code == 302
    assert visitor.post(page, {"do": "drop", "ref": fresh.ref}).status_code == 409, "not what the link is about"
    assert visitor.post(page, {"do": "fly"}).status_code == 409
    visitor.post(page, {"do": "keep_all"})
    assert set(Asset.objects.values_list("title", flat=True)) == {"Ladder", "Drill"}
    assert Asset.objects.get(title="Ladder").fresh_until > now + timedelta(days=364)
    assert "Thank you" in visitor.get(page).content.decode()
    assert visitor.post(page, {"do": "keep_all"}).status_code == 409


def test_a_link_answers_for_its_own_person_alone(mina, olga, now, nearly_a_year_ago):
    theirs = share(olga, nearly_a_year_ago)
    share(mina, nearly_a_year_ago, "Tent")
    freshness.ask_again(now=now)
    assert Client().post(page_of(mina), {"do": "drop", "ref": theirs.ref}).status_code == 409
    Client().post(page_of(mina), {"do": "drop_all"})
    assert list(Asset.objects.all()) == [theirs]


def test_links_that_ended_or_are_for_something_else_open_nothing(mina, now, nearly_a_year_ago):
    share(mina, nearly_a_year_ago)
    freshness.ask_again(now=now)
    page = page_of(mina)
    Link.objects.update(purpose="answer")
    assert Client().get(page).status_code == 404
    Link.objects.update(purpose="still_true", expires_at=now - timedelta(seconds=1))
    assert Client().get(page).status_code == Client().post(page, {"do": "drop_all"}).status_code == 404
    Link.objects.update(expires_at=now + timedelta(days=1))
    assert Client().get(page).status_code == 200
    type(mina).objects.update(is_active=False)
    assert Client().get(page).status_code == 404
    assert Asset.objects.exists()


def test_what_a_neighbour_has_is_not_dropped(mina, olga, now, nearly_a_year_ago):
    ladder = share(mina, nearly_a_year_ago)
    lent = asks.ask(by=olga, asset=ladder, text="Please", until=now.date() + timedelta(days=5), now=now)
    for step in (Step.YES, Step.OUT):
        asks.take(by=mina, ask=lent, step=step, now=now)
    freshness.ask_again(now=now)
    answer = Client().post(page_of(mina), {"do": "drop_all"})
    assert answer.status_code == 409
    assert "A neighbour has it" in answer.content.decode()


def test_the_mail_is_neutral_carries_one_link_and_goes_only_while_it_asks_something(smtp_sink, now, nearly_a_year_ago):
    mina, olga = PersonFactory(email="mina@example.org", language="es"), PersonFactory(email="olga@example.org")
    for person in (mina, olga):
        share(person, nearly_a_year_ago, "Thistledown")
    freshness.ask_again(now=clock.now())
    assets.still_true(asset=Asset.objects.get(person=olga), now=now)
    carry_due()
    let_go()
    assert smtp_sink.to("olga@example.org") == []
    [mail] = smtp_sink.to("mina@example.org")
    assert "Thistledown" not in mail.as_string()
    assert page_of(mina) in mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Algo te espera"
