"""The engine's rows: a call, and what hangs on it, locked, read and written back; `statements` says it in SQL."""

import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.base import ModelState

from pods.actions.statements import (
    ASK,
    CALL,
    FRESH,
    INVITE,
    KIND,
    LATELY,
    LOCK,
    LOCK_BY_LINK,
    LOGGED,
    OPEN,
    PLACED,
    READ,
    READ_BY_LINK,
    SAID,
    STEPPED,
    STORED,
    WAVE,
    WAVED,
)
from pods.models import AnswerEvent, Call, CallKind, CallWave, Invite
from pods.states import LogWord, WaveState

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Line:
    """A line of a call's log: a word, perhaps a person, and counts or codes; never free text."""

    at: datetime
    word: LogWord
    person: int | None
    facts: dict[str, int | str]


@dataclass
class Rows:
    """What hangs on a call, as it was read."""

    needs: list[tuple[int, int | None, int]]
    invites: list[Invite]
    # Those still planned, in order.
    waves: list[CallWave]
    # Person → those skills of theirs that the call needs.
    skills: dict[int, frozenset[int]]
    # Whether the answer that was asked about was late; None when it was not given before.
    given: bool | None
    # How many answers that person gave lately.
    lately: int
    zone: str


def lock(call_id: int) -> Call:
    """Return the call with its kind, locked until the transaction ends; raises Call.DoesNotExist.

    The sealed words stay where they are until somebody looks at them.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"call": call_id})
        return _call(cursor.fetchone())


def lock_and_read(call_id: int, *, now: datetime, person: int | None = None, key: str = "") -> tuple[Call, Rows]:
    """Return what `lock` and then `read` return, sent together: whoever waits for this lock waits less.

    Two statements all the same: the second looks when the lock is held, not when it is asked for.
    """
    asked: dict[str, Any] = {"call": call_id, "now": now, "lately": now - LATELY, "person": person, "key": key}
    row, found = _together((LOCK, {"call": call_id}), (READ, asked))
    call = _call(row)
    assert found is not None
    return call, _rows(call, found)


def lock_by_link(digest: str, *, purpose: str, key: str) -> tuple[Call, Rows, int, datetime] | None:
    """Return what `lock_and_read` returns for the call that a link answers, whose link it is, and the database's time.

    None, and nothing locked, for a link that never was, has ended, was revoked, is for something else, whose person
    has gone, or who was not asked. `digest` is that of its token.
    """
    asked = {"digest": digest, "purpose": purpose}
    row, found = _together((LOCK_BY_LINK, asked), (READ_BY_LINK, {"digest": digest, "key": key}))
    if row is None:
        return None
    *named, person, now = row
    call = _call(tuple(named))
    assert found is not None
    return call, _rows(call, found), person, now


def _together(*asked: tuple[str, dict[str, Any]]) -> list[tuple[Any, ...] | None]:
    """Send these statements in one go, and return the first row of each."""
    with contextlib.ExitStack() as open_ones:
        cursors = [open_ones.enter_context(connection.cursor()) for _ in asked]
        with connection.wrap_database_errors, connection.connection.pipeline():
            for cursor, (statement, values) in zip(cursors, asked, strict=True):
                cursor.execute(statement, values)
        return [cursor.fetchone() for cursor in cursors]


def _call(row: tuple[Any, ...] | None) -> Call:
    if row is None:
        raise Call.DoesNotExist
    call = _instance(Call, CALL, row[: len(CALL)])
    call.kind = _instance(CallKind, KIND, row[len(CALL) :])
    return call


def _instance(model: type[M], names: list[str], values: Sequence[Any]) -> M:
    """Return an instance as `from_db` makes it, in a tenth of its time; what is not named is read when it is asked for.

    The difference are two signals that nobody here listens to, and a look at each field for how to set it.
    """
    instance = model.__new__(model)
    instance.__dict__.update(zip(names, values, strict=True))
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    return instance


def read(call: Call, *, now: datetime, person: int | None = None, key: str = "") -> Rows:
    """Return what hangs on a locked call, with what `person` answered lately, perhaps with this `key` before."""
    with connection.cursor() as cursor:
        cursor.execute(READ, {"call": call.pk, "now": now, "lately": now - LATELY, "person": person, "key": key})
        return _rows(call, cursor.fetchone())


def _rows(call: Call, row: tuple[Any, ...]) -> Rows:
    needs, invites, waves, skills, (given, lately), zone = row
    held: dict[int, set[int]] = {}
    for one, skill in skills or []:
        held.setdefault(one, set()).add(skill)
    return Rows(
        needs=[tuple(need) for need in needs or []],
        invites=[_of_call(call, Invite, INVITE, values) for values in invites or []],
        waves=[_of_call(call, CallWave, WAVE, values) for values in waves or []],
        skills={one: frozenset(has) for one, has in held.items()},
        given=given,
        lately=lately,
        zone=zone or "UTC",
    )


def _of_call(call: Call, model: type[M], names: list[str], values: list[Any]) -> M:
    """Return an instance that hangs on this call, of values that came as JSON."""
    for place, name in enumerate(names):
        if values[place] is not None and name.endswith("_at"):
            values[place] = datetime.fromisoformat(values[place])
    instance = _instance(model, names, values)
    instance._state.fields_cache["call"] = call
    return instance


def write(
    call: Call,
    *,
    invites: Iterable[Invite],
    waves: Iterable[CallWave],
    said: Iterable[AnswerEvent],
    log: Iterable[Line],
) -> None:
    """Write what a turn changed: the call, these invites and waves; add these answers and lines of the log."""
    invites, waves, said, log = list(invites), list(waves), list(said), list(log)
    values: dict[str, Any] = {"call": call.pk, **{name: getattr(call, name) for name in STEPPED}}
    parts = []
    # Each kind of row as one JSON text: a list for each column takes the driver longer than PostgreSQL takes for all.
    if invites:
        parts.append(PLACED)
        values["invites"] = _json(
            {
                "id": i.pk, "state": i.state, "answer": i.answer, "minutes": i.minutes,
                "counted_for": i.counted_for_id, "answered_at": i.answered_at, "version": i.version,
            }
            for i in invites
        )  # fmt: skip
    if waves:
        parts.append(WAVED)
        values["waves"] = _json({"id": w.pk, "state": w.state, "fired_at": w.fired_at, "asked": w.asked} for w in waves)
    if said:
        parts.append(SAID)
        values["said"] = _json(
            {
                "invite": e.invite_id, "at": e.at, "answer": e.answer, "minutes": e.minutes,
                "via": e.via, "key": e.key, "late": e.late,
            }
            for e in said
        )  # fmt: skip
    if log:
        parts.append(LOGGED)
        values["log"] = _json(
            {"at": line.at, "word": line.word, "person": line.person, "facts": line.facts} for line in log
        )
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} {STORED}" if parts else STORED, values)


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), default=datetime.isoformat)


def begin(call: Call, *, wrapped: bytes, needs: Iterable[tuple[int | None, int]], waves: list[CallWave]) -> Rows:
    """Write a new call, its key, needs and plan, and return them as `read` would; call and waves get their numbers."""
    skills, counts = zip(*needs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN,
            {
                **{field.attname: field.get_db_prep_save(field.pre_save(call, True), connection) for field in FRESH},
                "wrapped": wrapped, "skills": list(skills), "counts": list(counts),
                "ordinals": [wave.ordinal for wave in waves],
                "rules": [str(wave.rule) for wave in waves], "due": [wave.due_at for wave in waves],
            },
        )  # fmt: skip
        call.pk, written, numbers = cursor.fetchone()
    call._state.adding, call._state.db = False, DEFAULT_DB_ALIAS
    for wave, number in zip(waves, numbers, strict=True):
        wave.pk = number
    return Rows([tuple(need) for need in written], [], waves, {}, None, 0, "")


def ask(call: Call, wave: CallWave, people: list[int], now: datetime) -> list[Invite]:
    """Write an invite for each of these people who has none yet, and return the new ones."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, {"call": call.pk, "wave": wave.pk, "people": people, "now": now})
        return [
            Invite(pk=number, call=call, person_id=person, wave=wave, invited_at=now)
            for number, person in cursor.fetchall()
        ]


def waiting(waves: Iterable[CallWave]) -> list[CallWave]:
    """Return those of these waves that have neither fired nor been skipped."""
    return [wave for wave in waves if wave.state == WaveState.PLANNED]
