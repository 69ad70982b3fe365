"""The engine's statements: a call, and what hangs on it, locked, read and written back in one statement each.

By hand and not by the ORM: to compose these queries took ten times as long as to answer them, and that while others
wait for the same lock.
"""

import re
from datetime import timedelta
from typing import Any

from pods.models import Call, CallKind, CallWave, Invite

# What a step may change of the call itself.
STEPPED = (
    "state", "version", "covers", "next_due_at", "covered_at", "ended_at", "confirmed_by_id", "confirmed_at",
    "released_by_id", "released_at", "asked", "came", "from_afar",
)  # fmt: skip
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
# The call that a link answers, with whose link it is and when they pressed. The call's number is read only where the
# subject is one of a call.
ANSWERS = "CASE WHEN l.subject ~ '^call:[0-9]{1,18}$' THEN substr(l.subject, 6)::bigint END"
LOCK_BY_LINK = f"""
SELECT {", ".join(f"c.{name}" for name in CALL)}, {", ".join(f"k.{name}" for name in KIND)}, p.id, clock_timestamp()
FROM notices_link l
JOIN people_person p ON p.id = l.person_id AND p.is_active
JOIN pods_call c ON c.id = {ANSWERS}
JOIN pods_callkind k ON k.id = c.kind_id
WHERE l.digest = %(digest)s AND l.purpose = %(purpose)s AND l.expires_at > clock_timestamp() AND l.revoked_at IS NULL
    AND EXISTS (SELECT FROM pods_invite i WHERE i.call_id = c.id AND i.person_id = p.id)
FOR NO KEY UPDATE OF c
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

# The same for a link: its call, its person, now. Of a link that opens nothing it reads nothing.
_LINKED = {
    "%(call)s": "(SELECT call FROM linked)",
    "%(person)s": "(SELECT person FROM linked)",
    "%(now)s": "clock_timestamp()",
    "%(lately)s": f"clock_timestamp() - interval '{LATELY.seconds} seconds'",
}
READ_BY_LINK = f"""
WITH linked AS (SELECT {ANSWERS} AS call, l.person_id AS person FROM notices_link l WHERE l.digest = %(digest)s)
""" + re.sub(r"%\((?:call|person|now|lately)\)s", lambda named: _LINKED[named.group()], READ)  # noqa: S608 - our own words

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
