"""Calls as a reader may see them: the gate's question, the 304's and the page's, in one statement."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Exists, Func, OuterRef, Q, Subquery
from django.db.models.functions import Now, TruncDate

from commons.people.models import OrganizerTerm
from pods.models import Call, CallEvent, CallKey, Invite, Membership, Pod
from pods.models.calls import CallQuerySet
from pods.models.pods import PodQuerySet
from pods.states import InviteState

if TYPE_CHECKING:
    from commons.people.models import Person

FRESH = timedelta(seconds=90)


def calls_visible_to(person: "Person") -> CallQuerySet:
    """Return the calls of her pods, those she was asked by, and all of them for organizers.

    Each carries what the gate, the 304 and the page ask about this reader, so that asking costs one
    statement: `reader_member`, `reader_organizer`, `reader_state`, `asked_at` (the database's clock),
    `last_event` and `last_event_at`.
    """
    today = TruncDate(Now())
    log = CallEvent.objects.filter(call=OuterRef("pk")).order_by("-id")
    return (
        Call.objects.annotate(
            reader_member=Exists(Membership.objects.seated().filter(pod=OuterRef("pod"), person=person.pk)),
            reader_organizer=Exists(
                OrganizerTerm.objects.filter(person=person.pk, starts_on__lte=today, ends_on__gt=today)
            ),
            reader_state=Subquery(Invite.objects.filter(call=OuterRef("pk"), person=person.pk).values("state")[:1]),
            asked_at=Func(function="clock_timestamp", output_field=DateTimeField()),
            last_event=Subquery(log.values("id")[:1]),
            last_event_at=Subquery(log.values("at")[:1]),
        )
        .filter(Q(reader_member=True) | Q(reader_organizer=True) | Q(reader_state__isnull=False))
        .select_related("kind", "pod", "block")
    )


def pods_that_call(_person: "Person") -> PodQuerySet:
    """Return the pods from which somebody could call; who may is the gate's question."""
    return Pod.objects.standing().select_related("block")


def tag_of(call: Any) -> str:
    """Return what a roll call fetched by `calls_visible_to` looks like, short enough to compare.

    While something has just happened alerts are on their way, so the picture ages in seconds; else
    in minutes, like its clock.
    """
    now: datetime = call.asked_at
    busy = call.last_event_at is not None and now - call.last_event_at < FRESH
    age = int(now.timestamp()) // (15 if busy else 60)
    reader = f"{call.reader_member:d}{call.reader_organizer:d}{call.reader_state}"
    return f"{call.pk}.{call.version}.{call.last_event}.{age}.{reader}"


def knows_names(call: Any) -> bool:
    """Return whether the reader sees who is coming: the pod, organizers, and those who come themselves."""
    return bool(call.reader_member or call.reader_organizer or call.reader_state == InviteState.COMING)


def with_keys(calls: list[Call]) -> list[Call]:
    """Return the calls with their keys at hand: one statement for all of them, not one for each."""
    keys = CallKey.objects.in_bulk([call.ref for call in calls])
    for call in calls:
        if row := keys.get(call.ref):
            call._fresh_key = row.open()
    return calls
