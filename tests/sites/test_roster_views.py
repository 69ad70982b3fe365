"""A list of people in the browser: uploaded, looked at, confirmed or forgotten."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.people.models import Invitation
from sites.actions import roster as actions
from sites.models import RosterDraft
from sites.rules import sheet
from tests.factories import PersonFactory, organizer
from tests.sites.conftest import signed_in


def upload(client, content: bytes, name: str = "list.csv"):
    return client.post("/roster/", {"file": SimpleUploadedFile(name, content)})


def test_upload_look_confirm(as_olga, odd_list):
    answer = upload(as_olga, odd_list)
    draft = RosterDraft.objects.get()
    assert answer["Location"] == f"/roster/{draft.ref}/"
    page = as_olga.get(f"/roster/{draft.ref}/").content.decode()
    assert "Row 7, column “E-mail”" in page
    assert "is no e-mail address" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "There is no telephone channel yet" in page
    assert "Phone, Block" in page
    assert "555" not in page
    assert "3 rows stay out" in page
    assert Invitation.objects.count() == 0
    assert as_olga.post(f"/roster/{draft.ref}/import/")["Location"] == "/roster/"
    said = as_olga.get("/roster/").content.decode()
    assert "11 people are invited by mail." in said
    assert "3 rows stayed out." in said
    assert Invitation.objects.count() == 11
    assert RosterDraft.objects.count() == 0
    assert as_olga.post(f"/roster/{draft.ref}/import/").status_code == 404


def test_an_uploaded_list_is_sealed_and_forgets_telephones(as_olga, odd_list):
    upload(as_olga, odd_list)
    draft = RosterDraft.objects.get()
    assert "555" not in (draft.sheet or "")
    assert "Mill Row" not in (draft.sheet or "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sheet, 'escape') FROM casserole_sites_rosterdraft")
        assert "example" not in cursor.fetchone()[0]


def test_a_list_belongs_to_who_uploaded_it_for_a_day(as_olga, olga, odd_list, now):
    upload(as_olga, odd_list)
    draft = RosterDraft.objects.get()
    other = signed_in(organizer(PersonFactory(), now=now))
    for verb in ("", "import/", "forget/"):
        method = other.post if verb else other.get
        assert method(f"/roster/{draft.ref}/{verb}").status_code == 404
    RosterDraft.objects.update(expires_at=now - timedelta(seconds=1))
    assert as_olga.get(f"/roster/{draft.ref}/").status_code == 404
    assert Invitation.objects.count() == 0


def test_only_organizers_bring_lists(as_mina, client, odd_list):
    assert client.get("/roster/").status_code == 302
    assert as_mina.get("/roster/").status_code == 403
    assert upload(as_mina, odd_list).status_code == 403
    assert RosterDraft.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nobody on this list"),
        (b"PK\x03\x04", "This is a workbook"),
        (b"Name\nAna\n", "No column is called"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (b'E-mail\na@example.org\n"b', "Row 3: a quotation mark"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(as_olga, content, sentence):
    answer = upload(as_olga, content)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_forgetting_a_list(as_olga, odd_list):
    upload(as_olga, odd_list)
    as_olga.post(f"/roster/{RosterDraft.objects.get().ref}/forget/")
    assert RosterDraft.objects.count() == 0


def test_as_many_statements_for_three_hundred_rows_as_for_one(as_olga, olga, now):
    def count(people: int) -> int:
        text = "E-mail\n" + "".join(f"n{number}@example.org\n" for number in range(people))
        draft = actions.keep(by=olga, sheet=sheet.read(text.encode()), now=now)
        with CaptureQueriesContext(connection) as seen:
            assert as_olga.get(f"/roster/{draft.ref}/").status_code == 200
        return len(seen)

    count(1)
    assert count(1) == count(300)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"E-mail;Skills;Limits\n{text}".encode()))
)
def test_whatever_is_uploaded_is_shown_or_refused(as_olga, content):
    answer = upload(as_olga, content)
    if answer.status_code == 302:
        answer = as_olga.get(answer["Location"])
    assert answer.status_code == 200
