"""Calls as a reader may see them: the gate's question, the 304's and the page's, in one statement."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, BooleanField, CharField, DateTimeField, Exists, Field, OuterRef, Q
from django.db.models.expressions import RawSQL

from pods.models import Call, CallEvent, CallKey, Pod
from pods.models.calls import CallQuerySet
from pods.models.pods import PodQuerySet
from pods.states import CallState, InviteState, LogWord

if TYPE_CHECKING:
    from commons.people.models import Person

FRESH = timedelta(seconds=90)

# By hand: a page that refreshes itself asks this every few seconds, and composing it took ten times as long as the
# database takes to answer it.
MEMBER = """EXISTS (SELECT 1 FROM pods_membership m
    WHERE m.pod_id = pods_call.pod_id AND m.person_id = %s AND m.left_at IS NULL)"""
ORGANIZER = """EXISTS (SELECT 1 FROM people_organizerterm t
    WHERE t.person_id = %s AND t.starts_on <= current_date AND t.ends_on > current_date)"""
STATE = "SELECT i.state FROM pods_invite i WHERE i.call_id = pods_call.id AND i.person_id = %s"
LAST = "SELECT e.{} FROM pods_callevent e WHERE e.call_id = pods_call.id ORDER BY e.id DESC LIMIT 1"


def _asked(sql: str, field: Field[Any, Any], *values: int) -> RawSQL:
    return RawSQL(sql, values, field)  # noqa: S611 - the constants above; values travel beside them


def calls_visible_to(person: "Person") -> CallQuerySet:
    """Return the calls of her pods, those she was asked by, and all of them for organizers.

    Each carries what the gate, the 304 and the page ask about this reader, so that asking costs one
    statement: `reader_member`, `reader_organizer`, `reader_state`, `asked_at` (the database's clock),
    `last_event` and `last_event_at`.
    """
    return (
        Call.objects.annotate(
            reader_member=_asked(MEMBER, BooleanField(), person.pk),
            reader_organizer=_asked(ORGANIZER, BooleanField(), person.pk),
            reader_state=_asked(STATE, CharField(), person.pk),
            asked_at=_asked("clock_timestamp()", DateTimeField()),
            last_event=_asked(LAST.format("id"), BigIntegerField()),
            last_event_at=_asked(LAST.format("at"), DateTimeField()),
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


def time_ran_out() -> Exists:
    """Return, for annotating calls, whether a call's time ran out before enough came: its log keeps that for good."""
    return Exists(CallEvent.objects.filter(call=OuterRef("pk"), word=LogWord.EXPIRED.value))


def closed_short(call: Call) -> bool:
    """Return whether a call was closed after its time had run out, in one statement and none while it goes on."""
    return call.state == CallState.CLOSED and call.log.filter(word=LogWord.EXPIRED.value).exists()


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
