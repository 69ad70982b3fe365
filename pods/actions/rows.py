"""The engine's rows: a call, and what hangs on it, locked, read and written back in one statement each.

By hand and not by the ORM: to compose these queries took ten times as long as to answer them, and that while others
wait for the same lock.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.base import ModelState

from pods.models import AnswerEvent, Call, CallKind, CallWave, Invite
from pods.states import LogWord, WaveState

# What a step may change of the call itself.
STEPPED = (
    "state", "version", "covers", "next_due_at", "covered_at", "ended_at", "confirmed_by_id", "confirmed_at",
    "released_by_id", "released_at", "asked", "came", "from_afar",
)  # fmt: skip
M = TypeVar("M", bound=Model)
LATELY = timedelta(minutes=10)
SEALED = ("cross_street", "details")


def _columns(model: type[Any], *without: str) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in without]


CALL, KIND, INVITE, WAVE = _columns(Call, *SEALED), _columns(CallKind), _columns(Invite), _columns(CallWave)
LOCK = f"""
SELECT {", ".join(f"c.{name}" for name in CALL)}, {", ".join(f"k.{name}" for name in KIND)}
FROM pods_call c JOIN pods_callkind k ON k.id = c.kind_id
WHERE c.id = %(call)s FOR NO KEY UPDATE OF c
"""  # noqa: S608 - names of our own columns

# A statement of its own, after the lock: what it reads was written by whoever held the lock before.
READ = f"""
SELECT
    (SELECT json_agg(json_build_array(n.id, n.skill_id, n.count) ORDER BY n.id)
     FROM pods_callneed n WHERE n.call_id = %(call)s),
    (SELECT json_agg(json_build_array({", ".join(f"i.{name}" for name in INVITE)}) ORDER BY i.id)
     FROM pods_invite i WHERE i.call_id = %(call)s),
    (SELECT json_agg(json_build_array({", ".join(f"w.{name}" for name in WAVE)}) ORDER BY w.ordinal)
     FROM pods_callwave w WHERE w.call_id = %(call)s AND w.state = 'planned'),
    (SELECT json_agg(DISTINCT jsonb_build_array(a.person_id, a.skill_id))
     FROM pods_callneed n JOIN casserole_sites_asset a ON a.skill_id = n.skill_id AND a.fresh_until > %(now)s
     JOIN pods_invite i ON i.call_id = n.call_id AND i.person_id = a.person_id
     WHERE n.call_id = %(call)s),
    (SELECT json_build_array(bool_or(e.late) FILTER (WHERE e.key = %(key)s),
                             count(*) FILTER (WHERE e.at > %(lately)s))
     FROM pods_invite i JOIN pods_answerevent e ON e.invite_id = i.id
     WHERE i.call_id = %(call)s AND i.person_id = %(person)s),
    (SELECT h.time_zone FROM casserole_sites_neighbourhood h LIMIT 1)
"""  # noqa: S608 - names of our own columns

# Under the call's lock nobody else writes these rows. What has not changed takes no part in the statement; the log's
# lines get their numbers in the order they were noted.
PLACED = """placed AS (
    UPDATE pods_invite i SET state = n.state, answer = n.answer, minutes = n.minutes, counted_for_id = n.counted_for,
        answered_at = n.answered_at, version = n.version
    FROM jsonb_to_recordset(%(invites)s::jsonb) AS n
        (id bigint, state text, answer text, minutes int, counted_for bigint, answered_at timestamptz, version int)
    WHERE i.id = n.id
)"""
WAVED = """waved AS (
    UPDATE pods_callwave w SET state = n.state, fired_at = n.fired_at, asked = n.asked
    FROM jsonb_to_recordset(%(waves)s::jsonb) AS n (id bigint, state text, fired_at timestamptz, asked int)
    WHERE w.id = n.id
)"""
SAID = """said AS (
    INSERT INTO pods_answerevent (invite_id, at, answer, minutes, via, key, late)
    SELECT * FROM jsonb_to_recordset(%(said)s::jsonb) AS n
        (invite bigint, at timestamptz, answer text, minutes int, via text, key text, late bool)
)"""
LOGGED = """logged AS (
    INSERT INTO pods_callevent (call_id, at, word, person_id, facts)
    SELECT %(call)s, n.at, n.word, n.person, n.facts
    FROM ROWS FROM (jsonb_to_recordset(%(log)s::jsonb) AS (at timestamptz, word text, person bigint, facts jsonb))
        WITH ORDINALITY AS n (at, word, person, facts, place)
    ORDER BY n.place
)"""
STORED = f"""
UPDATE pods_call SET {", ".join(f"{name} = %({name})s" for name in STEPPED)} WHERE id = %(call)s
"""  # noqa: S608 - names of our own columns

# A call that opens, with its key, its needs and its plan. Its fields seal and prepare what they hold.
FRESH = [field for field in Call._meta.concrete_fields if not field.primary_key]
OPEN = f"""
WITH opened AS (
    INSERT INTO pods_call ({", ".join(field.attname for field in FRESH)})
    VALUES ({", ".join(f"%({field.attname})s" for field in FRESH)}) RETURNING id
), sealed AS (
    INSERT INTO pods_callkey (call_ref, wrapped, made_at) VALUES (%(ref)s, %(wrapped)s, %(opened_at)s)
), needed AS (
    INSERT INTO pods_callneed (call_id, skill_id, count)
    SELECT opened.id, n.skill, n.count
    FROM opened, unnest(%(skills)s::bigint[], %(counts)s::int[]) WITH ORDINALITY AS n (skill, count, place)
    ORDER BY n.place RETURNING id, skill_id, count
), planned AS (
    INSERT INTO pods_callwave (call_id, ordinal, rule, due_at, state, asked)
    SELECT opened.id, n.ordinal, n.rule, n.due_at, 'planned', 0
    FROM opened, unnest(%(ordinals)s::int[], %(rules)s::text[], %(due)s::timestamptz[]) AS n (ordinal, rule, due_at)
    RETURNING id, ordinal
)
SELECT id, (SELECT json_agg(json_build_array(id, skill_id, count) ORDER BY id) FROM needed),
       (SELECT json_agg(id ORDER BY ordinal) FROM planned)
FROM opened
"""  # noqa: S608 - names of our own columns

# Says what it wrote; who has an invite already is left alone.
ASK = """
INSERT INTO pods_invite (call_id, person_id, wave_id, state, answer, invited_at, version)
SELECT %(call)s, asked.person, %(wave)s, 'invited', '', %(now)s, 0
FROM unnest(%(people)s::bigint[]) WITH ORDINALITY AS asked (person, place) ORDER BY asked.place
ON CONFLICT DO NOTHING RETURNING id, person_id
"""


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
    with connection.cursor() as locked, connection.cursor() as found:
        with connection.wrap_database_errors, connection.connection.pipeline():
            locked.execute(LOCK, {"call": call_id})
            found.execute(READ, asked)
        call = _call(locked.fetchone())
        return call, _rows(call, found.fetchone())


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
