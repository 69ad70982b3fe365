"""What the engine reads by hand is what Django would have read."""

import pytest
from django.db import transaction

from commons import clock
from pods.actions import rows
from pods.models import Call, CallWave, Invite
from pods.states import Answer

pytestmark = pytest.mark.django_db


def columns(instance):
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def test_a_call_and_what_hangs_on_it_are_those_that_django_reads(out):
    at, call, first = out
    at.answer(call, first.handle, Answer.COMING, minutes=20)
    with transaction.atomic():
        found, read = rows.lock_and_read(call.pk, now=clock.now())
    assert columns(found) == columns(Call.objects.get(pk=call.pk))
    assert columns(found.kind) == columns(Call.objects.get(pk=call.pk).kind)
    assert [columns(i) for i in read.invites] == [columns(i) for i in Invite.objects.filter(call=call).order_by("id")]
    planned = CallWave.objects.filter(call=call, state="planned").order_by("ordinal")
    assert len(planned) > 0
    assert [columns(wave) for wave in read.waves] == [columns(wave) for wave in planned]
    assert all(one.call is found for one in (*read.invites, *read.waves))


def test_what_was_read_by_hand_is_saved_and_loaded_like_any_other(out):
    _at, call, _first = out
    with transaction.atomic():
        _found, read = rows.lock_and_read(call.pk, now=clock.now())
        read.invites[0].minutes = 45
        read.invites[0].save(update_fields=["minutes"])
    assert Invite.objects.get(pk=read.invites[0].pk).minutes == 45
    assert read.invites[0].person.pk == read.invites[0].person_id
