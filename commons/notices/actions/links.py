"""Giving people one-tap links: one for each purpose, subject and person, ever; and when those that live end."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from commons import tokens
from commons.notices.models import Link

GIVE = """
INSERT INTO notices_link (purpose, subject, person_id, nonce, digest, expires_at)
SELECT %(purpose)s, %(subject)s, given.person, given.nonce, given.digest, %(expires_at)s
FROM unnest(%(people)s::bigint[], %(nonces)s::text[], %(digests)s::text[]) AS given (person, nonce, digest)
ON CONFLICT DO NOTHING
"""


def give(*, purpose: str, subject: str, people: Iterable[int], expires_at: datetime) -> None:
    """Give each of these people a link that ends at `expires_at`; who has one keeps it."""
    ids, keys = list(people), tokens.keys()
    nonces = [tokens.new_nonce() for _ in ids]
    made = [
        tokens.make(purpose, nonce, subject, person, made_from=keys) for nonce, person in zip(nonces, ids, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            GIVE,
            {
                "purpose": purpose, "subject": subject, "people": ids, "nonces": nonces,
                "digests": [tokens.digest(token) for token in made], "expires_at": expires_at,
            },
        )  # fmt: skip


def move_end(*, purpose: str, subject: str, expires_at: datetime, now: datetime) -> int:
    """Let the links about something that moved end when it does now; return how many. What has ended stays ended."""
    return Link.objects.alive(now).filter(purpose=purpose, subject=subject).update(expires_at=expires_at)
