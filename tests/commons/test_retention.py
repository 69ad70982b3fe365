"""The retention policy: every column has a rule, and every rule is obeyed to the day."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import models

from commons import retention
from commons.notices.models import Delivery, DeliveryAttempt, Link
from commons.people.actions.retention import purge
from commons.people.models import Invitation, Person, RateBucket
from commons.retention import PolicyError, every_column_has_a_rule, parse
from tests.factories import PersonFactory

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def policy(settings, tmp_path):
    """Put another policy in force, or change one of the house's."""

    def put(text: str, *, instead_of: str | None = None) -> None:
        path = tmp_path / "retention.yaml"
        house = Path(settings.BASE_DIR / "config/retention.yaml").read_text("utf-8")
        assert instead_of is None or instead_of in house
        path.write_text(house.replace(instead_of, text) if instead_of else text, "utf-8")
        settings.RETENTION_FILE = path

    return put


def said() -> list[tuple[str, str]]:
    return [(error.id, getattr(error.obj, "__name__", str(error.obj))) for error in every_column_has_a_rule(None)]


# --- the check --------------------------------------------------------------------------------


def test_the_policy_of_the_house_covers_every_column():
    assert every_column_has_a_rule(None) == []


def test_a_column_without_a_rule_fails(policy):
    policy("[cross_street, raise_key]", instead_of="[cross_street, details, raise_key]")
    assert said() == [("casserole.E010", "pods.Call.details")]


def test_a_model_without_a_rule_fails(policy):
    policy("people.Absent:\n", instead_of="people.Absence:\n")
    assert sorted(said()) == [("casserole.E010", "Absence"), ("casserole.E011", "None")]


@pytest.mark.parametrize(
    ("rule", "instead_of"),
    [
        ("purge after 24 hours of tokens", "purge after 24 hours of touched_at"),
        ("purge after 24 hours of nothing", "purge after 24 hours of touched_at"),
        ("sealed", "purge after 24 hours of touched_at"),
        ("until they leave", "purge after 24 hours of touched_at"),
        ("with key", "purge after 24 hours of touched_at"),
        (
            "purge after 7 days of pods.Call.ended_at where ref is nothing",
            "purge after 7 days of pods.Call.ended_at where ref is call_ref",
        ),
        ("blank after 7 days of ended_at: [pod", "blank after 7 days of ended_at: [cross_street"),
        ("sealed: [title]", "sealed: [note]"),
        ("keep: [title, nothing]", "keep: [days, made_at]"),
    ],
)
def test_a_rule_that_cannot_be_obeyed_fails(policy, rule, instead_of):
    policy(rule, instead_of=instead_of)
    assert "casserole.E011" in {error for error, _ in said()}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "people.Person: keep",
        "a: {why: x, rows: purge some day}",
        "a: {why: x}",
        ": :",
        "a: {why: x, rows: keep, col: {}}",
    ],
)
def test_a_policy_that_cannot_be_read_fails(policy, text):
    policy(text)
    assert [error for error, _ in said()] == ["casserole.E011"]
    with pytest.raises(PolicyError):
        retention.policies()


def test_rules_are_read_as_they_stand():
    rule = parse("purge after 30 days of call.ended_at")
    assert (rule.verb, rule.after, rule.path) == ("purge", 30 * DAY, "call__ended_at")
    rule = parse("purge after 7 days of pods.Call.ended_at where ref is call_ref")
    assert (rule.other, rule.path, rule.theirs, rule.ours) == ("pods.Call", "ended_at", "ref", "call_ref")
    assert parse("blank after 1 hour of at").after == timedelta(hours=1)


@pytest.mark.parametrize(
    ("column", "personal"),
    [
        (models.TextField(), True),
        (models.JSONField(), True),
        (models.DateTimeField(), True),
        (models.DecimalField(), True),
        (models.CharField(choices=[("a", "a")]), False),
        (models.BooleanField(), False),
        (models.PositiveSmallIntegerField(), False),
        (Person._meta.get_field("last_seen_on"), True),
        (Invitation._meta.get_field("inviter"), True),
        (DeliveryAttempt._meta.get_field("delivery"), False),
    ],
)
def test_whatever_is_not_known_to_be_harmless_may_be_personal(column, personal):
    assert retention.may_be_personal(column) is personal


# --- the purge --------------------------------------------------------------------------------


def bucket(key: str, touched_at: datetime) -> None:
    RateBucket.objects.create(key=key, tokens=1, touched_at=touched_at)


def invited(name: str, made_at: datetime, expires_at: datetime) -> None:
    Invitation.objects.create(
        nonce=name,
        digest=name,
        made_at=made_at,
        expires_at=expires_at,
        address=f"{name}@example.org",
        address_digest=name,
    )


@pytest.mark.django_db
def test_rows_go_when_their_time_is_over_and_not_before():
    bucket("old", NOW - DAY - timedelta(seconds=1))
    bucket("young", NOW - DAY)
    assert dict(purge(NOW)) == {"people.RateBucket: purge after 24 hours of touched_at": 1}
    assert list(RateBucket.objects.values_list("key", flat=True)) == ["young"]


@pytest.mark.django_db
def test_columns_are_emptied_when_their_time_is_over():
    invited("old", NOW - 14 * DAY - timedelta(seconds=1), NOW)
    invited("young", NOW - 13 * DAY, NOW)
    assert purge(NOW).total() == 2
    found = {row.nonce: (row.address, row.address_digest) for row in Invitation.objects.all()}
    assert found == {"old": (None, None), "young": ("young@example.org", "young")}


@pytest.mark.django_db
def test_what_hangs_on_a_row_goes_with_it():
    delivery = Delivery.objects.create(
        subject="call:1", person=PersonFactory(), channel="email", kind="alert", urgency=1, due_at=NOW,
        expires_at=NOW - 31 * DAY, made_at=NOW - 31 * DAY,
    )  # fmt: skip
    DeliveryAttempt.objects.create(delivery=delivery, at=NOW, outcome="accepted")
    purge(NOW)
    assert (Delivery.objects.count(), DeliveryAttempt.objects.count(), Person.objects.count()) == (0, 0, 1)


@pytest.mark.django_db
def test_it_works_in_batches_and_a_second_time_does_nothing():
    for n in range(11):
        bucket(f"{n}", NOW - 2 * DAY)
        invited(f"{n}", NOW - 15 * DAY, NOW)
    assert (purge(NOW, batch=3).total(), purge(NOW, batch=3).total()) == (11 + 11 + 11, 0)


@pytest.mark.django_db
def test_four_hundred_days_later_nothing_is_left_but_people():
    person = PersonFactory()
    invited("a", NOW, NOW + DAY)
    bucket("a", NOW)
    Link.objects.create(purpose="answer", subject="call:1", person=person, nonce="n", digest="d", expires_at=NOW + DAY)
    purge(NOW + 400 * DAY)
    assert [model.objects.count() for model in (Invitation, RateBucket, Link, Person)] == [0, 0, 0, 1]


@pytest.mark.django_db
def test_the_command_says_what_it_did():
    bucket("old", NOW - 3000 * DAY)
    out = StringIO()
    call_command("purge", stdout=out, no_color=True)
    assert out.getvalue().split("\n")[:2] == [
        "      1  people.RateBucket: purge after 24 hours of touched_at",
        "1 rows.",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_works_on_waits_for_the_next_run():
    import threading

    from django.db import connection, transaction

    bucket("old", NOW - 2 * DAY)
    done = []

    def another() -> None:
        done.append(purge(NOW).total())
        connection.close()

    with transaction.atomic():
        RateBucket.objects.select_for_update().get()
        thread = threading.Thread(target=another)
        thread.start()
        thread.join(10)
    assert (done, purge(NOW).total()) == ([0], 1)
