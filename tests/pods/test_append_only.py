"""What was answered, sent and logged can't be rewritten, not even by us."""

import pytest
from django.db import IntegrityError, transaction

from commons import clock
from commons.notices.models import Delivery, DeliveryAttempt
from pods.models import AnswerEvent, Call, CallEvent, Invite
from tests.factories import PodFactory
from tests.pods.test_engine import call_from, say

pytestmark = pytest.mark.django_db


def test_logs_are_append_only():
    now = clock.now()
    call = call_from(PodFactory(members=6), now)
    invite = Invite.objects.filter(call=call).select_related("person").first()
    say(call, invite.person, "coming", now)
    attempt = DeliveryAttempt.objects.create(delivery=Delivery.objects.first(), at=now, outcome="handed_off")
    for rows, change in (
        (AnswerEvent.objects.filter(invite=invite), {"answer": "cant"}),
        (CallEvent.objects.filter(call=call, word="answered"), {"facts": {}}),
        (DeliveryAttempt.objects.filter(pk=attempt.pk), {"outcome": "refused"}),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(**change)


def test_who_leaves_is_taken_out_of_the_log():
    now = clock.now()
    pod = PodFactory(members=6)
    call = call_from(pod, now)
    invite = Invite.objects.filter(call=call).exclude(person=call.raised_by).select_related("person").first()
    say(call, invite.person, "coming", now)
    invite.person.delete()
    assert CallEvent.objects.get(call=call, word="answered").person_id is None
    assert Call.objects.filter(pk=call.pk).exists()
