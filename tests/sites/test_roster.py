"""Inviting people from a list: what each row becomes, nothing half-imported, a corrected list without doubles."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons import clock
from commons.notices import kinds
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.actions.claims import claim
from commons.notices.actions.outbox import enqueue_letter
from commons.notices.models import Delivery
from commons.notices.states import Urgency
from commons.people.actions.invitations import revoke
from commons.people.actions.joining import Newcomer, join
from commons.people.models import Invitation, Person
from commons.web.refusal import Refused
from sites.actions import roster as actions
from sites.models import Asset
from sites.queries import roster as queries
from sites.queries import roster_words as words
from sites.rules import sheet
from tests.factories import PersonFactory
from tests.sites.conftest import ODD

EXPECTED = [
    # row, address, becomes, language, offers, limits, note
    (2, "ofelia1@example.com", "invited", "es", [], ["weekends_only"], ""),
    (3, "bart2@example.net", "invited", "es", [], ["short"], ""),
    (4, "judith3@example.com", "invited", "en", ["interpreter_es", "bike_repair"], ["short"], ""),
    (5, "prosper4@example.com", "invited", "es", ["legal_observer"], [], "has hay fever - no dust"),
    (6, "derek5@example.org", "invited", "es", ["phone_tree"], ["short"], ""),
    (7, "not-an-address", "problem", "es", ["bike_repair"], [], ""),
    (8, "zoe7@example.com", "invited", "en", ["carpentry", "interpreter_vi"], ["no_stairs"], ""),
    (9, "", "problem", "en", ["first_aid", "van: van (9 seats)"], ["short"], ""),
    (10, "prosper4@example.com", "duplicate", "es", [], [], ""),
    (11, "derek5@example.org", "duplicate", "es", [], [], ""),
    (12, "dario11@example.net", "problem", "en", ['=HYPERLINK("http://example.org","click")'], ["not_nights"], ""),
    (13, "nobody12@example.com", "invited", "es", ["legal_observer"], ["not_nights"], ""),
    (14, "nadine13@example.net", "invited", "en", ["driver", "cooking: cooking for 50"], [], ""),
    (15, "imre14@example.com", "invited", "en", ["<script>alert(1)</script>", "driver"], ["short"], ""),
    (16, "hyo15@example.com", "invited", "es", ["kitchen, church basement", "sign_language"], [],
     "Call only after 18h… “urgent” only"),
    (17, "wen16@example.org", "invited", "en", ["nurse"], ["evenings_only"], ""),
]  # fmt: skip


def rows(text: str = ODD) -> list[sheet.Row]:
    return sheet.read(text.encode()).rows


def outcomes(planned) -> dict[int, str]:
    return {one.line.number: one.outcome.value for one in planned}


def letters() -> list[dict]:
    return [json.loads(one.payload) for one in Delivery.objects.filter(kind="sites.invitation").order_by("id")]


def test_what_each_row_becomes(now):
    planned = queries.plan(rows(), now)
    assert [
        (
            one.line.number,
            one.line.email,
            one.outcome.value,
            one.language,
            [": ".join(filter(None, (offer.skill, offer.title))) for offer in one.line.offers],
            [limit.value for limit in one.line.limits],
            one.line.note,
        )
        for one in planned
    ] == EXPECTED


def test_each_problem_by_row_and_column(now):
    read = sheet.read(ODD.encode())
    planned = queries.plan(read.rows, now)
    assert words.problems(planned, read.headings) == [
        ("Row 7, column “E-mail”", "“not-an-address” is no e-mail address."),
        ("Row 9, column “E-mail”", "There is no e-mail address, so nobody can be invited."),
        (
            "Row 12, column “Skills & things to share”",
            '“=HYPERLINK("http://example.org","click")” begins like a formula (=, +, - or @). '
            "Formulas are never imported: write it as plain words.",
        ),
    ]
    assert [place for place, _sentence in words.remarks(planned, read.headings)] == [
        "Row 5, column “Limits”",
        "Row 13, column “Name / nombre”",
        "Row 16, column “Limits”",
        "Row 17, column “Language”",
    ]


def test_people_are_invited_in_their_language_and_nothing_is_in_the_clear(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    assert Invitation.objects.count() == 11
    sent = letters()
    assert len(sent) == 11
    assert {letter["to"]: letter["language"] for letter in sent}["judith3@example.com"] == "en"
    assert {letter["to"]: letter["language"] for letter in sent}["derek5@example.org"] == "es"
    invitation = Invitation.objects.get(address_digest=queries.address_digest("Judith3@Example.com"))
    assert invitation.token() in next(letter["body"] for letter in sent if letter["to"] == "judith3@example.com")
    assert invitation.expires_at - invitation.made_at == timedelta(days=14)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(encode(address, 'escape') || encode(staged, 'escape'), '') FROM people_invitation "
            "UNION ALL SELECT string_agg(encode(payload, 'escape') || subject, '') FROM notices_delivery"
        )
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert len(stored) > 10_000
    assert not [word for word in ("judith", "Prosper", "hay fever", "410-") if word in stored]
    assert not [letter for letter in sent if "Olga" in letter["title"] + letter["body"]]


def test_the_same_list_again_changes_nothing_and_mails_nobody(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    again = actions.import_rows(by=olga, rows=rows(), now=now)
    assert set(outcomes(again).values()) == {"unchanged", "duplicate", "problem"}
    assert (Invitation.objects.count(), len(letters())) == (11, 11)


def test_a_corrected_list_brings_up_to_date_and_invites_only_the_mended(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    mended = (
        ODD.replace("not-an-address", "sultana6@example.org")
        .replace("Judith;judith3", "Judith K.;judith3")
        .replace("Zoë;zoe7@example.com", "Zoë;zoe77@example.com")
    )
    planned = actions.import_rows(by=olga, rows=rows(mended), now=now)
    changed = {number: what for number, what in outcomes(planned).items() if what in ("invited", "updated")}
    assert changed == {4: "updated", 7: "invited", 8: "invited"}
    assert [letter["to"] for letter in letters()][11:] == ["sultana6@example.org", "zoe77@example.com"]
    judith = Invitation.objects.get(address_digest=queries.address_digest("judith3@example.com"))
    assert json.loads(judith.staged or "")["handle"] == "Judith K."


def test_members_and_those_who_joined_are_left_alone(olga, now):
    PersonFactory(email="zoe7@example.com", handle="Already here")
    actions.import_rows(by=olga, rows=rows(), now=now)
    judith = Invitation.objects.get(address_digest=queries.address_digest("judith3@example.com"))
    join(newcomer=Newcomer("J", "other@example.net", None, "en", "UTC"), token=judith.token(), now=now)
    ofelia = Invitation.objects.get(address_digest=queries.address_digest("ofelia1@example.com"))
    ofelia.revoked_at = now
    ofelia.save()
    planned = outcomes(actions.import_rows(by=olga, rows=rows(), now=now))
    assert (planned[8], planned[4], planned[2]) == ("member", "joined", "withdrawn")
    assert Person.objects.get(email="zoe7@example.com").handle == "Already here"


def test_who_let_the_invitation_run_out_is_invited_again_with_another_link(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    before = Invitation.objects.get(address_digest=queries.address_digest("judith3@example.com")).token()
    later = now + timedelta(days=15)
    planned = outcomes(actions.import_rows(by=olga, rows=rows(), now=later))
    assert planned[4] == "invited_again"
    assert (Invitation.objects.count(), len(letters())) == (11, 22)
    judith = Invitation.objects.get(address_digest=queries.address_digest("judith3@example.com"))
    assert judith.token() != before
    assert Invitation.objects.with_token(judith.token()).get() == judith
    assert not Invitation.objects.with_token(before).exists()


def test_what_the_list_said_becomes_theirs_when_they_join(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    for address in ("judith3@example.com", "imre14@example.com", "hyo15@example.com", "nadine13@example.net"):
        invitation = Invitation.objects.get(address_digest=queries.address_digest(address))
        join(newcomer=Newcomer("X", address, None, "en", "UTC"), token=invitation.token(), now=now)
    shared = {
        (asset.person.email, asset.kind, asset.skill.key.split("-")[0] if asset.skill else "", str(asset))
        for asset in Asset.objects.select_related("person", "skill")
    }
    assert shared == {
        ("judith3@example.com", "skill", "interpreter_es", "Spanish interpreter"),
        ("judith3@example.com", "skill", "bike_repair", "bike repair"),
        ("imre14@example.com", "skill", "scriptalert1script", "<script>alert(1)</script>"),
        ("imre14@example.com", "skill", "driver", "driver"),
        ("hyo15@example.com", "space", "", "kitchen, church basement"),
        ("hyo15@example.com", "skill", "sign_language", "sign language"),
        ("nadine13@example.net", "skill", "driver", "driver"),
        ("nadine13@example.net", "skill", "cooking", "cooking for 50"),
    }
    hyo = Asset.objects.filter(person__email="hyo15@example.com").first()
    assert (hyo.note, hyo.audience) == ("Call only after 18h… “urgent” only", "pod")
    assert Asset.objects.filter(person__email="judith3@example.com").first().limits == ["short"]


def test_a_letter_whose_invitation_was_taken_back_does_not_go_out(olga, now, smtp_sink):
    actions.import_rows(by=olga, rows=rows(), now=now)
    gone = Invitation.objects.get(address_digest=queries.address_digest("judith3@example.com"))
    assert revoke(invitation=gone, now=now)
    enqueue_letter(
        subject=queries.ABOUT + gone.ref, kind="people.other", to="other@example.com", language="en",
        title="Another letter", body="about it", urgency=Urgency.BULK, now=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    carry_due()
    let_go()
    assert smtp_sink.to("judith3@example.com") == []
    assert len(smtp_sink.to("derek5@example.org")) == 1
    assert len(smtp_sink.to("other@example.com")) == 1, "only letters that invite are asked about"
    invitations = Delivery.objects.filter(kind="sites.invitation")
    assert invitations.get(subject=queries.ABOUT + gone.ref).state == "suppressed"
    assert invitations.filter(state="handed_off").count() == 10


def test_whether_letters_are_wanted_is_one_statement_for_all(olga, now):
    actions.import_rows(by=olga, rows=rows(), now=now)
    claimed = claim(now=clock.now(), limit=100, channels=["email"])
    with CaptureQueriesContext(connection) as seen:
        words = kinds.compose(claimed, now)
    assert (len(words), all(words.values())) == (11, True)
    assert len([one for one in seen if "people_invitation" in one["sql"]]) == 1


def test_nothing_is_half_imported(olga, now, monkeypatch):
    def breaks(letters) -> None:
        assert Invitation.objects.count() == len(letters) == 11
        raise RuntimeError("the outbox")

    monkeypatch.setattr(actions, "enqueue_letters", breaks)
    with pytest.raises(RuntimeError):
        actions.import_rows(by=olga, rows=rows(), now=now)
    assert (Invitation.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_organizers_with_the_same_list_invite_everybody_once():
    now = clock.now()
    start = threading.Barrier(2)

    def bring() -> None:
        try:
            start.wait()
            actions.import_rows(by=None, rows=rows(), now=now)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Invitation.objects.count(), len(letters())) == (11, 11)


def test_confirming_twice_imports_once(olga, now):
    draft = actions.keep(by=olga, sheet=sheet.read(ODD.encode()), now=now)
    actions.confirm(draft=draft, now=now)
    with pytest.raises(Refused):
        actions.confirm(draft=draft, now=now)
    assert len(letters()) == 11
